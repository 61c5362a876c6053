"""Drills, small: what is away is said and does no harm, and a change of tables makes nobody wait."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg2
import pytest
from django.db import connections
from psycopg2.extensions import connection as Connection

from smm.management.commands.migrate import patiently
from tests.house import tree


@pytest.mark.slow
def test_with_postgresql_stopped_and_redis_frozen_people_are_told_and_everything_goes_out_once() -> None:
    words = ["outage", "--of", "both", "--seconds", "3", "--hurry", "--rate", "3", "--accounts", "1"]
    done = subprocess.run([sys.executable, "manage.py", *words], cwd=tree.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]


@pytest.fixture
def somebody(db: None) -> Iterator[Connection]:
    """Another login that uses the table."""
    login = psycopg2.connect(**connections["owner"].get_connection_params())
    yield login
    login.close()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_migration_lets_people_through_while_it_waits_for_their_table(
    somebody: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smm.management.commands.migrate.LOCK_WAIT", "300ms")
    waits: list[str] = []

    def change() -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute("ALTER TABLE publishing_brake ADD COLUMN drilled integer")

    def say(line: str) -> None:
        """Between two tries nothing waits for the lock: a third person reads at once."""
        waits.append(line)
        began = time.monotonic()
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM publishing_brake")
        assert time.monotonic() - began < 2
        if len(waits) == 2:
            somebody.rollback()

    with somebody.cursor() as theirs:
        theirs.execute("SELECT count(*) FROM publishing_brake")  # and the transaction stays open
    patiently(change, say=say)
    assert len(waits) == 2
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT drilled FROM publishing_brake")
