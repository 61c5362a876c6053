"""The house's processes, started and replaced as a deploy does: the new one works before the old one ends.

The web's socket is opened once and handed to every web process, as systemd does: no connection is ever refused.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from smm.embedded.holding import ROOT
from smm.embedded.identity import follow_into_death
from smm.up import parts

WITHIN = 60.0  # seconds for a start or a warm shutdown
WORKER = (*parts.CELERY, "worker", "-Q", "publish", "-P", "threads", "-c", "8", *parts.ALONE)
POLLER = (*parts.MANAGE, "poller")
READY = {"web": "Booting worker with pid", "worker": " ready.", "poller": "the clock looks"}


class NotReplaced(RuntimeError):
    """A process did not start, or did not end, in time."""


def wait(happened: Callable[[], object], what: str) -> None:
    """Until it happened. Raises NotReplaced."""
    end = time.monotonic() + WITHIN
    while not happened():
        if time.monotonic() > end:
            raise NotReplaced(what)
        time.sleep(0.05)


class Fleet:
    """Web, one publishing worker and one poller. Everything dies with the thread that made it."""

    def __init__(self, environment: Mapping[str, str], logs: Path, web: int) -> None:
        said = {"DJANGO_SETTINGS_MODULE": "smm.settings", "PYTHONUNBUFFERED": "1", "LOG_LEVEL": "INFO"}
        self.environment, self.logs = {**environment, **said}, logs
        self.door = socket.create_server(("127.0.0.1", web), backlog=512)
        self.web = self.door.getsockname()[1]
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.started = 0

    def begin(self) -> None:
        """Everything up."""
        for part in READY:
            self.replace(part)

    def replace(self, part: str) -> None:
        """The new one beside the old one; SIGTERM to the old one once the new one works. Raises NotReplaced."""
        fresh, log = self._start(part)
        wait(lambda: self._works(part, fresh, log), f"a new {part}: {log}")
        old, self.running[part] = self.running.get(part), fresh
        if old is None:
            return
        old.send_signal(signal.SIGTERM)
        wait(lambda: old.poll() is not None, f"the old {part} to end")
        if old.returncode != 0:
            raise NotReplaced(f"the old {part} ended with {old.returncode}")

    def kill(self, part: str) -> None:
        """kill -9, and nobody takes its place."""
        process = self.running.pop(part)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        """Everything down, whatever it is doing."""
        for process in self.running.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.door.close()

    def said(self, part: str) -> str:
        """What its processes have logged so far."""
        return "".join(log.read_text(errors="replace") for log in sorted(self.logs.glob(f"{part}-*.log")))

    def _works(self, part: str, process: subprocess.Popen[bytes], log: Path) -> bool:
        if process.poll() is not None:
            raise NotReplaced(f"the new {part} ended with {process.returncode}: {log.read_text()[-2000:]}")
        return READY[part] in log.read_text(errors="replace")

    def _start(self, part: str) -> tuple[subprocess.Popen[bytes], Path]:
        self.started += 1
        name = f"{part}-{self.started}"
        door = self.door.fileno()
        commands = {"web": parts.web(door).command, "worker": (*WORKER, "-n", f"{name}@drill"), "poller": POLLER}
        parent, path = os.getpid(), self.logs / f"{name}.log"
        with path.open("ab") as log:
            process = subprocess.Popen(
                commands[part],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                pass_fds=(door,) if part == "web" else (),
                start_new_session=True,
                preexec_fn=lambda: follow_into_death(parent, signal.SIGKILL),
            )
        return process, path
