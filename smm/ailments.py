"""What can be wrong with this machine or its settings, and how to mend each."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import redis
from django.conf import settings
from django.db import DatabaseError, connection

from smm import health, logs, safety

CLOCKS_MAY_DIFFER = timedelta(seconds=2)
PYTHON = (3, 11)


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `mend` is empty when it is well; `fatal` when nothing works without it."""

    what: str
    found: str
    mend: str = ""
    fatal: bool = True

    @property
    def well(self) -> bool:
        return not self.mend


def examine() -> Iterator[Finding]:
    """Everything, one after another; an examination that itself breaks is a finding too."""
    for look in EXAMINATIONS:
        try:
            yield from look()
        except (DatabaseError, redis.RedisError, OSError) as problem:
            what = look.__name__.strip("_").replace("_", " ")
            yield Finding(what, type(problem).__name__, logs.redact(str(problem).strip()[:300]))


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    old = sys.version_info < PYTHON
    yield Finding("Python", version, "install Python 3.11 or newer, remove .venv, run `make setup`" if old else "")


def _settings() -> Iterator[Finding]:
    """Production has refused to start already when one of these was unsafe."""
    names = ("SECRET_KEY", "DEBUG", "VAULT_KEYS", "PUBLIC_URL", "ALLOWED_HOSTS", "SANDBOX_URL", "REDIS_URL")
    chosen = {
        name: getattr(settings, name)
        for name in (*names, "DATABASE_URL", "DATABASE_OWNER_URL", "PUBLISHER_WITNESS", "SITES_PRIVATE_HOSTS")
    }
    unsafe = safety.reasons_not_to_start(chosen)
    found = f"{settings.ENVIRONMENT}; {len(unsafe)} of them unsafe for production"
    yield Finding("settings", found, "; ".join(unsafe) if settings.PRODUCTION else "")
    weak = settings.SECRET_KEY == safety.UNSAFE_SECRET_KEY
    mend = "set SECRET_KEY, or let `make up` make one" if weak else ""
    yield Finding("secret key", "the unsafe default" if weak else "set", mend)


def _keys() -> Iterator[Finding]:
    problem = safety.vault_key_problem(settings.VAULT_KEYS)
    count = len([key for key in settings.VAULT_KEYS.split(",") if key])
    yield Finding("vault keys", f"{count} set", problem)


def _database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        [version] = cursor.fetchone() or ["?"]
    old = int(str(version).split(".")[0]) < 15
    yield Finding("database", f"PostgreSQL {version}", "use PostgreSQL 15 or newer (18 is what we test)" if old else "")


def _migrations() -> Iterator[Finding]:
    waiting = health.pending_migrations()
    yield Finding("migrations", f"{len(waiting)} waiting", "run `manage.py migrate`" if waiting else "")


def _database_roles() -> Iterator[Finding]:
    """The app's role must be one that row-level security holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        role, unbound = cursor.fetchone() or ("?", True)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        [owned] = cursor.fetchone() or [0]
        cursor.execute(
            """SELECT count(*) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
               WHERE relkind IN ('r', 'p') AND attname = 'workspace_id' AND NOT attisdropped AND NOT relforcerowsecurity
                 AND relnamespace = 'public'::regnamespace"""
        )
        [bare] = cursor.fetchone() or [0]
    mend = "let DATABASE_URL log in as gardu_app, which owns nothing and is no superuser" if unbound or owned else ""
    yield Finding("database role", f"{role}, owns {owned} tables", mend)
    yield Finding("row-level security", f"{bare} tenant tables without it", "run `manage.py migrate`" if bare else "")


def _broker() -> Iterator[Finding]:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3, socket_connect_timeout=3)
    version = client.info("server")["redis_version"]
    policy = client.config_get("maxmemory-policy").get("maxmemory-policy", "noeviction")
    client.close()
    mend = "" if policy == "noeviction" else "set maxmemory-policy noeviction: a broker must not forget wake-ups"
    yield Finding("broker", f"answers as Redis {version}, {policy}", mend, fatal=False)


def _clock() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [theirs] = cursor.fetchone() or [datetime.now(UTC)]
    apart = abs(datetime.now(UTC) - theirs)
    mend = "set both clocks by NTP: due times are read on both" if apart > CLOCKS_MAY_DIFFER else ""
    yield Finding("clock", f"{apart.total_seconds():.2f} s from the database's", mend)


def _write_access() -> Iterator[Finding]:
    for folder in {settings.DATA_DIR, settings.MEDIA_ROOT}:
        yield _writable(folder)


def _writable(folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as problem:
        return Finding("write access", f"{folder}: {problem.strerror}", f"let this user write to {folder}")
    return Finding("write access", str(folder))


def _front_end() -> Iterator[Finding]:
    built = settings.VITE_MANIFEST.exists()
    yield Finding("front end", "built" if built else "not built", "" if built else "run `make setup`")


def _networks() -> Iterator[Finding]:
    if settings.SANDBOX_URL:
        yield Finding("networks", f"pretend ones at {settings.SANDBOX_URL}")
        return
    named = ", ".join(sorted(slug for slug, keys in settings.NETWORKS.items() if keys.get("client_id")))
    mend = "" if named else "set NETWORK_<SLUG>_CLIENT_ID and _CLIENT_SECRET, or run `make up` for pretend networks"
    yield Finding("networks", f"real ones: {named or 'no app registration set'}", mend, fatal=False)


def _private_files() -> Iterator[Finding]:
    keys = settings.DATA_DIR / "env"
    if keys.exists():
        mode = keys.stat().st_mode & 0o777
        yield Finding("key file", f"{keys} {mode:o}", f"chmod 600 {keys}" if mode & 0o077 else "")


EXAMINATIONS: tuple[Callable[[], Iterator[Finding]], ...] = (
    _python, _settings, _keys, _private_files, _write_access, _front_end, _database, _database_roles, _migrations,
    _clock, _broker, _networks,
)  # fmt: skip
