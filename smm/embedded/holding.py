"""Using an embedded server: find it running or have it started, and keep it alive while this process lives."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from smm.embedded.postgres import DidNotStart

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Holding:
    """Our share in one running server. Dropping it, or ending in any way, gives it back."""

    folder: Path
    port: int
    keeper: int
    started: bool  # whether it was started for us
    users: IO[str]

    def alive(self) -> bool:
        """Whether its keeper is still there."""
        return _running(self.folder) is not None

    def stop(self, patience: float = 10) -> bool:
        """Stop the server for everybody, now. False when it was still there after `patience` seconds."""
        if self.alive():
            os.kill(self.keeper, signal.SIGTERM)
        self.users.close()
        deadline = time.monotonic() + patience
        while _kept(self.folder):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True


def hold(server: str, data: Path, *, durable: bool = True) -> Holding:
    """A share in `server` ("postgres" or "valkey") over the data folder `data`; raises DidNotStart."""
    folder = data / server
    folder.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    users = (folder / "users.lock").open("a")
    fcntl.flock(users, fcntl.LOCK_SH)  # waits while a keeper that found itself alone is ending
    with (data / "start.lock").open("a") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if found := _running(folder):
            return Holding(folder, found["port"], found["pid"], started=False, users=users)
        return _start(server, data, users, durable)


def running(server: str, data: Path) -> bool:
    """Whether that server runs at this moment."""
    return _running(data / server) is not None


def _running(folder: Path) -> dict[str, Any] | None:
    note = folder / "state.json"
    if note.exists() and _kept(folder):
        found: dict[str, Any] = json.loads(note.read_text())
        return found
    return None


def _kept(folder: Path) -> bool:
    """Whether a keeper lives; what a killed one wrote down is worth nothing."""
    with (folder / "keeper.lock").open("a") as theirs:
        try:
            fcntl.flock(theirs, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _start(server: str, data: Path, users: IO[str], durable: bool) -> Holding:
    command = [sys.executable, "-m", "smm.embedded.keeper", server, str(data.resolve())]
    with (data / server / "keeper.log").open("wb") as log:
        keeper = subprocess.Popen(
            command + ([] if durable else ["--throwaway"]),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    if keeper.stdout is None:
        raise DidNotStart("no pipe to the keeper")
    with keeper.stdout as pipe:
        answer = json.loads(pipe.readline() or b"{}")
    keeper.returncode = 0  # it lives longer than this object, and is not ours to wait for
    if "port" not in answer:
        raise DidNotStart(answer.get("error") or (data / server / "keeper.log").read_text()[-1500:])
    return Holding(data / server, answer["port"], keeper.pid, started=True, users=users)
