"""What every test shares: its database, and the environment of the processes it starts."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import TransactionTestCase
from pytest_django import Settings

from publishing import rates
from tests import database
from tests.cast import Cast, gather
from tests.publishing.post_office import PostOffice
from tests.publishing.processes import surroundings
from tests.sandbox_process import SandboxProcess, running_sandbox

if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):  # the many processes of the tests would each compile the house anew
    os.environ["PYTHONPYCACHEPREFIX"] = str(Path(__file__).parent.parent / ".pytest_cache" / "bytecode")


@pytest.fixture(scope="session", autouse=True)
def translations() -> None:
    """What is said in Indonesian, compiled where set-up has not done it."""
    call_command("compilemessages", verbosity=0)


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
def house_environment(transactional_db: None, tmp_path: Path) -> dict[str, str]:
    """The environment for real processes of the house (web, worker, commands) over this test's database."""
    return surroundings(tmp_path / "publisher")


@pytest.fixture
def cast(db: None) -> Cast:
    """Alice, Bob, Dewi, Omar and the stranger Charlie, in a fresh workspace."""
    return gather()


@pytest.fixture(scope="session")
def pretend_networks() -> Iterator[SandboxProcess]:
    """One sandbox process for this test process. Make your own accounts in it; switch your faults off again."""
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def office(
    transactional_db: None, pretend_networks: SandboxProcess, settings: Settings, tmp_path: Path
) -> Iterator[PostOffice]:
    """A post office in a hurry over the sandbox: short waits, real threads, a clock that the test turns."""
    settings.SANDBOX_URL = pretend_networks.url
    settings.PUBLISHING = {"request": 2.0, "lease": 6.0, "settle": 0.6, "look": 0.2, "backoff": 0.2, "lags": 0.005}
    settings.NETWORKS_CONNECT_SECONDS, settings.NETWORKS_READ_SECONDS = 1.0, 1.0
    settings.PUBLISH_THREADS = 8
    settings.MEDIA_ROOT = tmp_path / "media"
    rates.forget()  # another test's accounts had the same numbers
    office = PostOffice(gather(), pretend_networks)
    yield office
    office.close()
    pretend_networks.control("faults/clear")
