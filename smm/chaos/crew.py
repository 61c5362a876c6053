"""The processes of the run: started, counted, killed, frozen, and started again when they are gone."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smm.chaos.nursery import START
from smm.chaos.servers import Ground
from smm.embedded.holding import ROOT
from smm.embedded.identity import follow_into_death

PUBLISH = ["-Q", "publish"]
PARTS: dict[str, tuple[str, list[str]]] = {
    "w1": ("worker", [*PUBLISH, "-P", "threads", "-c", "4"]),
    "w2": ("worker", [*PUBLISH, "-P", "threads", "-c", "4"]),
    "w3": ("worker", [*PUBLISH, "-P", "prefork", "-c", "2"]),
    "g1": ("worker", ["-Q", "inbox,media,insights,celery", "-P", "threads", "-c", "2"]),
    "p1": ("poller", []),
    "p2": ("poller", []),
    "b1": ("beat", []),
    "b2": ("beat", []),
    "web": ("web", ["-c", "python:smm.serving", "smm.wsgi"]),
}
SENDERS = ("w1", "w2", "w3")
FAMILY = "w3"  # the one with children


@dataclass
class Death:
    """One process that ended: when, how, and whether somebody was told to end it."""

    name: str
    pid: int
    at: float
    status: int


class Crew:
    """Everything that runs besides the servers. All its processes die with the thread that made it."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.pids: dict[str, int] = {}
        self.deaths: list[Death] = []
        self.born: Counter[str] = Counter()
        self._groups: set[int] = set()
        self._asked: set[str] = set()
        self._ready = threading.Event()
        parent = os.getpid()
        with (ground.logs / "nursery.log").open("ab") as log:
            self._nursery = subprocess.Popen(
                [sys.executable, "-c", START, str(ground.logs)],
                cwd=ROOT,
                env={**ground.environment, "DJANGO_SETTINGS_MODULE": "smm.settings"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                preexec_fn=lambda: follow_into_death(parent, signal.SIGKILL),
            )
        threading.Thread(target=self._listen, daemon=True).start()

    def begin(self) -> None:
        """Everything up; raises RuntimeError when the house cannot even be loaded."""
        if not self._ready.wait(120):
            raise RuntimeError(
                "the house could not be loaded:\n" + (self.ground.logs / "nursery.log").read_text()[-2000:]
            )
        self.tend()

    def web_answers(self, patience: float) -> bool:
        """Whether pages and webhooks are served, within `patience` seconds."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.ground.web), timeout=1):
                return True
            time.sleep(0.1)
        return False

    def tend(self) -> None:
        """Start whatever is not running."""
        for name, (kind, words) in PARTS.items():
            if name not in self.pids and name not in self._asked:
                self._asked.add(name)
                if kind == "beat":
                    words = ["--schedule", str(self.ground.folder / f"schedule-{name}")]
                if kind == "web":
                    words = [*words, "--bind", f"127.0.0.1:{self.ground.web}"]
                self._ask({"name": name, "kind": kind, "words": words})

    def kill(self, name: str, number: int = signal.SIGKILL) -> bool:
        """Send a signal to one part; False when it is not there just now."""
        pid = self.pids.get(name, 0)
        if not pid:
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, number)
            return True
        return False

    def kill_a_child(self) -> bool:
        """kill -9 of one child of the worker that has children; its parent replaces it."""
        pid = self.pids.get(FAMILY, 0)
        listed = Path(f"/proc/{pid}/task/{pid}/children")
        with suppress(OSError):
            children = [int(word) for word in listed.read_text().split()]
            if children:
                os.kill(children[-1], signal.SIGKILL)
                return True
        return False

    def end(self) -> None:
        """Everything down, whatever it is doing."""
        if self._nursery.stdin:
            self._nursery.stdin.close()
        self._nursery.kill()
        self._nursery.wait()
        for group in self._groups:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)

    def _ask(self, line: dict[str, Any]) -> None:  # Any: JSON
        if self._nursery.stdin:
            self._nursery.stdin.write(json.dumps(line).encode() + b"\n")
            self._nursery.stdin.flush()

    def _listen(self) -> None:
        for line in self._nursery.stdout or ():
            said = json.loads(line)
            if "ready" in said:
                self._ready.set()
            elif "gone" in said:
                self._bury(said["gone"], said["status"])
            else:
                self.pids[said["name"]] = said["pid"]
                self._groups.add(said["pid"])
                self._asked.discard(said["name"])
                self.born[said["name"]] += 1

    def _bury(self, pid: int, status: int) -> None:
        name = next((name for name, known in self.pids.items() if known == pid), "")
        if name:
            self.deaths.append(Death(name, pid, time.time(), status))
            self.pids.pop(name, None)
