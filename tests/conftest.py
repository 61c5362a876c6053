"""What every test shares: its database, and the environment of the processes it starts."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import TransactionTestCase

from tests import database
from tests.cast import Cast, gather


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: object) -> Iterator[None]:
    """One clone of the migrated template for this process, instead of pytest-django's own database."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django types it privately
        name = database.clone()
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django types it privately
        database.drop(name)


def _clone_anew(self: TransactionTestCase) -> None:
    database.clone()


# After a test that commits, everything is as migrations left it: also the rows they made, which a flush would lose.
TransactionTestCase._fixture_teardown = _clone_anew


@pytest.fixture
def house_environment(transactional_db: None) -> dict[str, str]:
    """The environment for real processes of the house (web, worker, commands) over this test's database."""
    here = f"/{database.BASE}_{os.getpid()}"
    named = [name for name in ("DATABASE_URL", "DATABASE_OWNER_URL") if name in os.environ]
    moved = {name: urlsplit(os.environ[name])._replace(path=here).geturl() for name in named}
    return {**os.environ, **moved, "DJANGO_SETTINGS_MODULE": "smm.settings", "ENVIRONMENT": "development"}


@pytest.fixture
def cast(db: None) -> Cast:
    """Alice, Bob, Dewi, Omar and the stranger Charlie, in a fresh workspace."""
    return gather()
