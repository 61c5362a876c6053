"""Databases for tests: migrated once into a template, cloned for each worker, and cloned anew after a dirty test.

The tests work through `default`, in the app's role and behind row-level security; only the template is made by the
owner. The template is kept between runs for as long as no migration changes.
"""

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg2 import sql
from psycopg2.errors import InsufficientPrivilege
from psycopg2.extensions import cursor as Cursor

ROOT = Path(__file__).parent.parent
SERVER_IS_CLEANING = 20  # seconds
ALIASES = ("default", "owner")
BASE = f"test_{settings.DATABASES['owner']['NAME']}"


def clone() -> str:
    """A fresh database for this process, which both aliases use from now on; answers its name."""
    name = f"{BASE}_{os.getpid()}"
    with _owner() as cursor:
        template = _template(cursor)
        # Made beside the old one and put in its place: a page still open in a browser hardly meets the gap.
        fresh = f"{name}_next"
        _drop(cursor, fresh)
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(fresh), sql.Identifier(template))
        )
        _close()
        _drop(cursor, name)
        cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(fresh), sql.Identifier(name)))
    point_at(name)
    return name


def template() -> str:
    """The name of the migrated, empty database that every clone is a copy of."""
    with _owner() as cursor:
        return _template(cursor)


def drop(name: str) -> None:
    """Remove a clone, whoever is still connected to it."""
    _close()
    with _owner() as cursor:
        _drop(cursor, name)


def let_analyze(*tables: str) -> None:
    """Let the app's role tell the planner how many rows a test has just made in `tables` of this process's clone."""
    login = connections["owner"].settings_dict
    link = psycopg2.connect(
        host=login["HOST"], port=login["PORT"], user=login["USER"], password=login["PASSWORD"], dbname=login["NAME"]
    )
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            for table in tables:
                cursor.execute(sql.SQL("GRANT MAINTAIN ON {} TO gardu_app").format(sql.Identifier(table)))
    finally:
        link.close()


def point_at(name: str) -> None:
    """Make both aliases use the database `name`."""
    _close()
    for alias in ALIASES:
        connections[alias].settings_dict["NAME"] = name


def _template(cursor: Cursor) -> str:
    """The migrated template's name; migrates it when this tree's migrations were never run here."""
    template = f"{BASE}_template_{_fingerprint()}"
    if template in _databases(cursor):
        return template
    _tidy(cursor)
    building = f"{BASE}_building"
    _drop(cursor, building)
    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(building)))
    point_at(building)
    call_command("migrate", verbosity=0, interactive=False)
    _close()
    cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(template)))
    return template


def _tidy(cursor: Cursor) -> None:
    """Drop older templates, and the clones of test runs that were killed."""
    for name in _databases(cursor):
        tail = name.removeprefix(f"{BASE}_").removesuffix("_next")
        if tail.startswith("template_") or (tail.isdigit() and not Path(f"/proc/{tail}").exists()):
            _drop(cursor, name)


def _databases(cursor: Cursor) -> list[str]:
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{BASE}_"])
    return [name for (name,) in cursor]


def _drop(cursor: Cursor, name: str) -> None:
    """Whoever is connected is cut off. The server's own cleaner may not be: it is waited for, it is soon done."""
    until = time.monotonic() + SERVER_IS_CLEANING
    while True:
        try:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            return
        except InsufficientPrivilege:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _fingerprint() -> str:
    """Changes when anything that a migration runs changes."""
    files = [*ROOT.glob("*/migrations/*.py"), ROOT / "workspaces" / "tenancy.py", ROOT / "requirements.lock"]
    digest = hashlib.sha256()
    for file in sorted(file for file in files if file.exists()):
        digest.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def _owner() -> Iterator[Cursor]:
    """A cursor of the owner outside every test database, alone among the workers of all test runs."""
    login = settings.DATABASES["owner"]
    link = psycopg2.connect(
        host=login["HOST"], port=login["PORT"], user=login["USER"], password=login["PASSWORD"], dbname="postgres"
    )
    link.autocommit = True
    try:
        with link.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [BASE])
            yield cursor
    finally:
        link.close()


def _close() -> None:
    for alias in ALIASES:
        connections[alias].close()
