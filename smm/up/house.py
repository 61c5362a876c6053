"""Opens the house: servers, migrations, demo data, pretend networks, web, workers, clock; then looks after it.

lock ─> front end built? ─> migrate ─> sandbox ─> demo data (once) ─> web, workers, beat, poller ─> the address
"""

import contextlib
import fcntl
import http.client
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connections

from smm import health
from smm.embedded import environment, ports
from smm.embedded.holding import ROOT
from smm.up import parts
from smm.up.console import Console
from smm.up.supervisor import Supervisor

WEB_PORT, SANDBOX_PORT = 8000, 8001
READY_WITHIN = 90.0  # seconds; a slow machine that starts eight processes at once


class CannotOpen(RuntimeError):
    """What keeps the house closed, and what to do about it."""


def open_house(console: Console) -> int:
    """Everything up until Ctrl-C; answers the exit code."""
    data: Path = settings.DATA_DIR
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with only_one(data) as note, door(console) as listening:
            house = House(console, data, listening)
            note.write_text(house.public_url)
            try:
                house.open()
                house.supervisor.watch()
            finally:
                console.say("stopping")
                house.supervisor.stop()
                console.say("everything is down")
            return 1 if house.supervisor.failed else 0
    except CannotOpen as reason:
        console.alarm(str(reason))
        return 1


@contextlib.contextmanager
def only_one(data: Path) -> Iterator[Path]:
    """Two houses over one data folder would fight; the lock goes with the process, however it ends."""
    note = data / "up.address"
    with (data / "up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            where = note.read_text() if note.exists() else "an address it has not told yet"
            raise CannotOpen(f"it is up already, at {where}") from None
        yield note
        note.unlink(missing_ok=True)


def is_open(data: Path) -> bool:
    """Whether `up` runs over this data folder."""
    if not (data / "up.lock").exists():
        return False
    with (data / "up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextlib.contextmanager
def door(console: Console) -> Iterator[socket.socket]:
    """The web's listening socket: on the port wanted (PORT, 8000), else on a free one."""
    wanted = int(os.environ.get("PORT", WEB_PORT))
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", wanted))
        except OSError:
            listening.bind(("127.0.0.1", 0))
            console.say(f"port {wanted} is taken; using {listening.getsockname()[1]} instead")
        listening.listen(128)
        yield listening


class House:
    """What is being opened: its addresses and its supervisor."""

    def __init__(self, console: Console, data: Path, listening: socket.socket) -> None:
        self.console, self.data, self.listening = console, data, listening
        self.port = listening.getsockname()[1]
        self.public_url = os.environ.get("PUBLIC_URL", f"http://127.0.0.1:{self.port}")
        self.sandbox_port = 0
        surroundings = {**os.environ, "PUBLIC_URL": self.public_url, "PYTHONUNBUFFERED": "1", "WEB_GRACE": "1"}
        if "SANDBOX_URL" not in os.environ and (ROOT / "sandbox" / "__main__.py").exists():
            self.sandbox_port = self._sandbox_port()
            surroundings["SANDBOX_URL"] = f"http://127.0.0.1:{self.sandbox_port}"
        self.supervisor = Supervisor(console, surroundings, environment.held)

    def open(self) -> None:
        """Start everything in order; returns early when asked to stop, or raises CannotOpen."""
        self._check_front_end()
        self._migrate()
        self._start_sandbox()
        self._make_demo_data()
        if self.supervisor.stopping:
            return
        self.supervisor.start(parts.web(self.listening.fileno()))
        if not self.supervisor.wait(self._web_answers, READY_WITHIN):
            if self.supervisor.stopping:
                return
            raise CannotOpen(f"the web process or the pretend networks did not answer within {READY_WITHIN:.0f} s")
        # Only now: together they would take the web's time to start.
        for part in (*parts.workers(), parts.beat(self.data)):
            self.supervisor.start(part)
        if self._exists("poller"):
            self.supervisor.start(parts.poller())
        self._welcome()

    def _check_front_end(self) -> None:
        if not settings.VITE_MANIFEST.exists():
            raise CannotOpen("the front end is not built: run `make setup`")

    def _migrate(self) -> None:
        waiting = health.pending_migrations()
        if waiting:
            self.console.say(f"migrating the database ({len(waiting)} steps)")
            call_command("migrate", verbosity=0, interactive=False)
        connections.close_all()

    def _sandbox_port(self) -> int:
        """The one of last time where it is free: what went live there keeps its addresses."""
        note = self.data / "sandbox.port"
        wanted = int(note.read_text()) if note.exists() else SANDBOX_PORT
        port = ports.free(wanted)
        if port != wanted:
            self.console.say(f"port {wanted} is taken; the pretend networks use {port} instead")
        note.write_text(str(port))
        return port

    def _start_sandbox(self) -> None:
        if not self.sandbox_port:
            self.console.say("no pretend networks: SANDBOX_URL is given, or they are not in this tree")
            return
        self.supervisor.start(parts.sandbox(self.sandbox_port, self.data, self.public_url))

    def _sandbox_answers(self) -> bool:
        return not self.sandbox_port or _answers(self.sandbox_port, "/")

    def _make_demo_data(self) -> None:
        """Once, with the pretend networks at hand, and never unasked into a database that is not ours."""
        mark = self.data / "demo.made"
        if mark.exists() or self.supervisor.stopping or not self._exists("demo"):
            return
        if os.environ.get("DEMO", "1" if environment.held else "0") != "1":
            self.console.say("no demo data (DEMO=1 puts it into a database of your own)")
            return
        if not self.supervisor.wait(self._sandbox_answers, 30) and not self.supervisor.stopping:
            raise CannotOpen("the pretend networks did not start within 30 s")
        self.console.say("making demo data")
        if self.supervisor.run(parts.command("demo")) == 0:
            mark.touch()
        elif not self.supervisor.stopping:
            raise CannotOpen("the demo data could not be made; what it said is above")

    def _exists(self, command: str) -> bool:
        if command in get_commands():
            return True
        self.console.say(f"there is no `{command}` command in this tree; going on without it")
        return False

    def _web_answers(self) -> bool:
        return _answers(self.port, "/readyz") and self._sandbox_answers()

    def _welcome(self) -> None:
        self.console.say("ready")
        self.console.plain(f"\n    Gardu               {self.public_url}")
        if self.sandbox_port:
            self.console.plain(f"    Pretend networks    http://127.0.0.1:{self.sandbox_port}")
        for line in sign_ins(self.data):
            self.console.plain(f"    {line}")
        self.console.plain("\n    Ctrl-C stops everything.\n")


def sign_ins(data: Path) -> list[str]:
    """The demo's people as `manage.py demo` wrote them down: who, e-mail, password."""
    note = data / "sign-ins.json"
    if not note.exists():
        return []
    return [f"{who['who']:<20}{who['email']:<28}{who['password']}" for who in json.loads(note.read_text())]


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=0.5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
