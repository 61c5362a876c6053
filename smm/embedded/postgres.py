"""PostgreSQL from its package's programs: made once, started on a free port, stopped with its keeper."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
from psycopg2.extensions import connection as Connection

from smm.embedded import binaries, identity, ports
from smm.embedded.keys import Keys

ADMIN, OWNER, APP, SWEEP = "postgres", "gardu_owner", "gardu_app", "gardu_sweep"
DATABASE = "gardu"
ROLES = {
    OWNER: "LOGIN CREATEROLE CREATEDB",
    APP: "LOGIN NOSUPERUSER NOBYPASSRLS",
    SWEEP: "NOLOGIN NOSUPERUSER NOBYPASSRLS",
}
THROWAWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
PATIENCE = 60.0  # seconds for a start, which may have to replay a crash


class DidNotStart(RuntimeError):
    """The server ended before it answered; the message carries the end of its log."""


class Postgres:
    """One server over one folder. `durable=False` trades safety for speed: tests only."""

    name = "postgres"

    def __init__(self, folder: Path, keys: Keys, *, durable: bool) -> None:
        self.folder, self.keys, self.durable = folder, keys, durable
        self.log = folder / "log"
        self.identity = identity.find()
        self.data = self._reachable_home() / "data"
        self.programs = self.identity.reachable_programs(binaries.postgres(), self.data.parent / "programs")
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> int:
        """Start and answer the port; make the data folder, the roles and the database the first time."""
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._bury_the_last_one()
        for _ in range(5):
            self.port = ports.free()
            self.process = self._launch()
            try:
                self._furnish(self._wait_until_it_answers())
            except DidNotStart:
                if "ddress already in use" not in self._end_of_log():
                    raise
            else:
                return self.port
        raise DidNotStart(self._end_of_log())

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """A fast stop: clients are sent away, everything committed is on disk. Harder after eight seconds."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(8)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(5)

    def crash(self) -> None:
        """An immediate stop: no goodbye, and the next start recovers from the log."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(10)

    def again(self) -> None:
        """Start on the same port after it stopped in any way; nothing to do when it runs."""
        if self.alive():
            return
        self.process = self._launch()
        self._wait_until_it_answers().close()

    def _initialise(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # what a broken-off first start left
        self.data.mkdir(parents=True, mode=0o700)
        self.identity.give(self.data)
        password = self.data.parent / "initial-password"
        password.touch(mode=0o600)
        password.write_text(self.keys["POSTGRES_PASSWORD"])
        self.identity.give(password)
        try:
            self._run(
                "initdb", "-D", str(self.data), "-U", ADMIN, "-E", "UTF8", "--no-sync", "--locale=C",
                *self._builtin_locale(), "--auth=scram-sha-256", f"--pwfile={password}",
            )  # fmt: skip
        finally:
            password.unlink()

    def _builtin_locale(self) -> tuple[str, ...]:
        version = self._run("initdb", "--version").split()[2]
        modern = int(version.split(".")[0]) >= 17
        return ("--locale-provider=builtin", "--builtin-locale=C.UTF-8") if modern else ()

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [self.programs / program, *arguments],
            preexec_fn=self.identity.become(),
            env=self._environment(),
            cwd="/",
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise DidNotStart(f"{program} failed:\n{done.stdout[-1000:]}{done.stderr[-1000:]}")
        return done.stdout

    def _launch(self) -> subprocess.Popen[bytes]:
        settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200"]
        settings += [] if self.durable else THROWAWAY
        command = [str(self.programs / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        with self.log.open("wb") as log:
            return subprocess.Popen(
                command + [word for setting in settings for word in ("-c", setting)],
                preexec_fn=self.identity.become(dies_with_parent=signal.SIGINT),
                env=self._environment(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _wait_until_it_answers(self) -> Connection:
        deadline = time.monotonic() + PATIENCE
        while self.alive() and time.monotonic() < deadline:
            try:
                return self._connect("postgres")
            except psycopg2.OperationalError:
                time.sleep(0.02)
        raise DidNotStart(f"PostgreSQL did not start:\n{self._end_of_log()}")

    def _furnish(self, admin: Connection) -> None:
        """The roles and the database; passwords follow the key file.

        The owner migrates. The app owns nothing and lives behind row-level security. The sweep only owns functions.
        """
        admin.autocommit = True
        with admin.cursor() as cursor:
            cursor.execute("SELECT rolname FROM pg_roles")
            known = {name for (name,) in cursor}
            for role, attributes in ROLES.items():
                if role not in known:
                    cursor.execute(f"CREATE ROLE {role} {attributes}")
            cursor.execute(f"GRANT {APP}, {SWEEP} TO {OWNER} WITH ADMIN OPTION")
            for role, key in ((OWNER, "OWNER_PASSWORD"), (APP, "APP_PASSWORD")):
                cursor.execute(f"ALTER ROLE {role} PASSWORD %s", [self.keys[key]])
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        admin.close()

    def _connect(self, database: str) -> Connection:
        return psycopg2.connect(
            host="127.0.0.1", port=self.port, user=ADMIN, password=self.keys["POSTGRES_PASSWORD"], dbname=database
        )

    def _bury_the_last_one(self) -> None:
        """A server whose keeper was killed may still be stopping (or, where nobody told it, running)."""
        note = self.data / "postmaster.pid"
        deadline = time.monotonic() + PATIENCE
        while note.exists() and time.monotonic() < deadline:
            pid = int(note.read_text().split()[0])
            if not _runs_postgres(pid):
                return  # PostgreSQL removes a stale note by itself
            os.kill(pid, signal.SIGINT)
            time.sleep(0.1)

    def _reachable_home(self) -> Path:
        """The folder itself, or, where the server's user cannot come here, one of our own in /var/tmp."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.identity.kind != "nobody" or self.identity.can_read(self.folder):
            return self.folder
        home = home_elsewhere(self.folder)
        home.mkdir(mode=0o755, exist_ok=True)
        if home.stat().st_uid != os.geteuid() or home.is_symlink():
            raise DidNotStart(f"{home} belongs to somebody else. Remove it, or set DATABASE_URL.")
        return home

    def _end_of_log(self) -> str:
        return self.log.read_text(errors="replace")[-1500:] if self.log.exists() else ""

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return kept | {"LC_ALL": "C", "TZ": "UTC"}


def home_elsewhere(folder: Path) -> Path:
    """Where the data lies when `nobody` cannot come into `folder`; the same each time."""
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return Path("/var/tmp") / f"gardu-{name}"  # noqa: S108


def _runs_postgres(pid: int) -> bool:
    """Whether that process is a PostgreSQL server (a number may have been given to another program since)."""
    record = Path(f"/proc/{pid}/cmdline")
    if sys.platform == "linux":
        return record.exists() and b"postgres" in record.read_bytes()
    answer = subprocess.run(["ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True)
    return "postgres" in answer.stdout
