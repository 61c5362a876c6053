"""Fills in where the database and the broker are, starting them from packages where nobody has said so."""

import os
from collections.abc import Callable
from pathlib import Path

from smm.embedded import keys
from smm.embedded.holding import ROOT, Holding, hold

held: list[Holding] = []  # given back when this process ends


def complete(
    data: Path | None = None,
    *,
    durable: bool = True,
    dotenv: bool = True,
    neighbours: bool = True,
    say: Callable[[str], None] = lambda _: None,
) -> list[Holding]:
    """Set DATABASE_URL, REDIS_URL and the keys in os.environ unless they are set; answer what is held for it.

    With `neighbours` also SANDBOX_URL and PUBLIC_URL as `up` wrote them down, so that a command by hand talks to the
    same pretend networks as the house does, and never to the real ones.
    In production nothing is filled in and nothing is started: there the settings refuse to begin without them.
    """
    if dotenv:
        _read_dotenv()
    if os.environ.get("ENVIRONMENT") == "production":
        return []
    data = data or Path(os.environ.get("DATA_DIR") or ROOT / ".data")
    if "DATABASE_URL" not in os.environ:
        share = _hold_postgres(data, durable)
        if neighbours:
            _point_at_neighbours(data)
        say(f"PostgreSQL {'started' if share.started else 'found'} on port {share.port}")
    if "REDIS_URL" not in os.environ:
        share = _hold_valkey(data, durable)
        say(f"Valkey {'started' if share.started else 'found'} on port {share.port}")
    if {"SECRET_KEY", "VAULT_KEYS"} - os.environ.keys():
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = keys.load(data)
        for name in ("SECRET_KEY", "VAULT_KEYS"):
            os.environ.setdefault(name, made[name])
    return held


def _hold_postgres(data: Path, durable: bool) -> Holding:
    share = hold("postgres", data, durable=durable)
    held.append(share)
    made = keys.load(data)
    at = f"@127.0.0.1:{share.port}/gardu"
    os.environ["DATABASE_URL"] = f"postgres://gardu_app:{made['APP_PASSWORD']}{at}"
    os.environ["DATABASE_OWNER_URL"] = f"postgres://gardu_owner:{made['OWNER_PASSWORD']}{at}"
    return share


def _hold_valkey(data: Path, durable: bool) -> Holding:
    share = hold("valkey", data, durable=durable)
    held.append(share)
    os.environ["EMBEDDED_REDIS"] = "1"
    os.environ["REDIS_URL"] = f"redis://:{keys.load(data)['VALKEY_PASSWORD']}@127.0.0.1:{share.port}/0"
    return share


def _point_at_neighbours(data: Path) -> None:
    for name, note, prefix in (("SANDBOX_URL", "sandbox.port", "http://127.0.0.1:"), ("PUBLIC_URL", "up.address", "")):
        if (data / note).exists():
            os.environ.setdefault(name, prefix + (data / note).read_text().strip())


def _read_dotenv() -> None:
    """Names from a .env file beside manage.py; what the real environment says wins."""
    path = ROOT / ".env"
    if path.exists():
        for name, value in keys.read(path).items():
            os.environ.setdefault(name, value)


def owns_redis() -> bool:
    """Whether REDIS_URL names an embedded server, started by this process or by a parent of it."""
    return "EMBEDDED_REDIS" in os.environ
