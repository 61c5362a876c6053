"""Real processes of the house for tests: a worker and the clock, that can be killed without a word."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from smm.chaos.nursery import START
from tests import database

ROOT = Path(__file__).resolve().parent.parent.parent
FOUR_THREADS = ["-Q", "publish", "-P", "threads", "-c", "4"]
POLLER = [sys.executable, "manage.py", "poller"]


class Process:
    """One process of its own group; what it says goes to `log`."""

    def __init__(self, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.command, self.environment, self.log = command, environment, log
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=dict(self.environment), stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """kill -9: no word, no clean-up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM, and wait: what is under way is finished."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


@contextmanager
def running(command: list[str], environment: Mapping[str, str], log: Path) -> Iterator[Process]:
    process = Process(command, environment, log)
    try:
        yield process
    finally:
        if process.process.poll() is None:
            process.kill()


def surroundings(witness: Path) -> dict[str, str]:
    """The environment for real processes of the house over the database of the present test, whichever that is."""
    here = f"/{database.BASE}_{os.getpid()}"
    named = [name for name in ("DATABASE_URL", "DATABASE_OWNER_URL") if name in os.environ]
    moved = {name: urlsplit(os.environ[name])._replace(path=here).geturl() for name in named}
    return {
        **os.environ,
        **moved,
        "DJANGO_SETTINGS_MODULE": "smm.settings",
        "ENVIRONMENT": "development",
        "PUBLISHER_WITNESS": str(witness),
    }


class Nursery:
    """The house, loaded once; workers and clocks are forked from it in a moment. All die with it."""

    def __init__(self, environment: Mapping[str, str], logs: Path) -> None:
        with (logs / "nursery.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", START, str(logs)],
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        self._gone: set[int] = set()
        assert "ready" in self._hear(), (logs / "nursery.log").read_text()[-2000:]

    def fork(self, kind: str, words: Sequence[str] = (), **settings: object) -> int:
        """A worker or a poller, with its own settings; answers its process id."""
        assert self._process.stdin
        asked = {"name": kind, "kind": kind, "words": list(words), "settings": settings}
        self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        self._process.stdin.flush()
        while True:
            said = self._hear()
            if "pid" in said:
                return int(said["pid"])

    def buried(self, pid: int) -> None:
        """Wait until the process is no more."""
        while pid not in self._gone:
            self._hear()

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _hear(self) -> dict[str, Any]:  # Any: JSON
        assert self._process.stdout
        line = self._process.stdout.readline()
        said: dict[str, Any] = json.loads(line) if line else {}
        if "gone" in said:
            self._gone.add(said["gone"])
        assert said or self._process.poll() is None, "the nursery is dead"
        return said


class Forked:
    """A process out of the nursery, that can be killed without a word."""

    def __init__(self, nursery: Nursery, kind: str, words: Sequence[str] = (), **settings: object) -> None:
        self.nursery, self.kind, self.words, self.settings = nursery, kind, words, settings
        self.start()

    def start(self) -> None:
        self.pid = self.nursery.fork(self.kind, self.words, **self.settings)

    def kill(self) -> None:
        """kill -9."""
        os.kill(self.pid, signal.SIGKILL)
        self.nursery.buried(self.pid)
