"""`manage.py doctor` finds what is broken and says how to mend it."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import override_settings

from smm import ailments, health
from smm.safety import UNSAFE_SECRET_KEY

pytestmark = pytest.mark.django_db


def verdict() -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("doctor", stdout=out, no_color=True)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.fixture(autouse=True)
def a_front_end(tmp_path: object) -> Iterator[None]:
    with override_settings(VITE_MANIFEST=tmp_path):  # it only asks whether it is there
        yield


def test_a_sound_machine_is_well() -> None:
    code, said = verdict()
    assert code == 0, said
    assert "0 broken" in said
    assert "gardu_app, owns 0 tables" in said


@pytest.mark.parametrize(
    ("broken", "what", "mend"),
    [
        ({"SECRET_KEY": UNSAFE_SECRET_KEY}, "secret key", "set SECRET_KEY"),
        ({"VAULT_KEYS": ""}, "vault keys", "base64 of 32 random bytes"),
        ({"REDIS_URL": "redis://:hush@127.0.0.1:1/0"}, "broker", "Connection refused"),
    ],
)
def test_a_broken_setting_is_named_with_its_mending(broken: dict[str, str], what: str, mend: str) -> None:
    with override_settings(**broken):
        code, said = verdict()
    assert code == 1
    assert f"BROKEN {what}" in said
    assert mend in said
    assert "hush" not in said


def test_waiting_migrations_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "pending_migrations", lambda: ["0002_more"])
    code, said = verdict()
    assert code == 1
    assert "1 waiting" in said
    assert "manage.py migrate" in said


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_login_that_owns_tables_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ailments, "connection", connections["owner"])
    code, said = verdict()
    assert code == 1
    assert "BROKEN database role" in said
    assert "log in as gardu_app" in said


def test_a_folder_that_cannot_be_written_is_named(tmp_path: object) -> None:
    with override_settings(MEDIA_ROOT=ailments.Path("/proc/no-such-place")):
        code, said = verdict()
    assert code == 1
    assert "BROKEN write access" in said
