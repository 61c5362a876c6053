"""Starts the parts, shows what they say, restarts what crashes, and takes everything down in order.

    start ──> watch ──> a part ended by itself ──> said loudly, again after 1, 2, 4 s ──> a fourth time: all down
                └─────> Ctrl-C ───────────────> web and workers, then the pretend networks, then broker, database

One thread only: a child is told to die with its parent, and the kernel means the thread that started it.
"""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from smm.embedded.holding import ROOT, Holding
from smm.embedded.identity import follow_into_death
from smm.up.console import Console

RESTARTS = 3
CALM = 60.0  # seconds of running after which earlier crashes are forgotten
PATIENCE = 4.0  # seconds for all parts together between asking them to stop and making them


@dataclass
class Part:
    """One process of the house. `stage` is when it is stopped: lower first."""

    name: str
    command: Sequence[str]
    stage: int = 0
    keep_open: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    crashes: int = 0
    again_at: float | None = None
    rest: bytes = b""

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Supervisor:
    """Everything that runs, and the one loop that looks after it."""

    console: Console
    environment: Mapping[str, str]
    servers: Sequence[Holding] = ()
    parts: list[Part] = field(default_factory=list)
    stopping: bool = False
    hurry: bool = False
    failed: bool = False

    def __post_init__(self) -> None:
        self.selector = selectors.DefaultSelector()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def start(self, part: Part) -> None:
        """Start a part and look after it from now on."""
        self.parts.append(part)
        self._launch(part)

    def run(self, part: Part) -> int:
        """Start a part that ends by itself, show what it says, and answer its exit code."""
        self._launch(part)
        while part.alive() and not self.stopping:
            self._listen(0.1)
        if part.alive():
            self._end([part], time.monotonic() + PATIENCE)
        self._drain(part)
        return part.process.returncode if part.process else 1

    def wait(self, ready: Callable[[], bool], patience: float) -> bool:
        """Look after everything until `ready()`; False when it took longer than `patience` seconds or we stop."""
        deadline = time.monotonic() + patience
        while not self.stopping and time.monotonic() < deadline:
            self._look_after()
            if ready():
                return True
        return False

    def watch(self) -> None:
        """Look after everything until somebody stops us or something cannot be kept alive."""
        while not self.stopping:
            self._look_after()

    def stop(self) -> None:
        """Everything down, in order; safe to call twice."""
        self.stopping = True
        deadline = time.monotonic() + PATIENCE
        running = [part for part in self.parts if part.alive()]
        for stage in sorted({part.stage for part in running}):
            self._end([part for part in running if part.stage == stage], deadline)
        for server in reversed(self.servers):
            if not server.stop():
                self.console.alarm(f"the server in {server.folder} did not stop in time")

    def _asked_to_stop(self, *_: object) -> None:
        self.hurry = self.stopping  # the second time means at once
        self.stopping = True

    def _launch(self, part: Part) -> None:
        parent = os.getpid()
        part.process = subprocess.Popen(
            part.command,
            cwd=ROOT,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=part.keep_open,
            start_new_session=True,  # the terminal's Ctrl-C is ours alone, so that the order is ours too
            preexec_fn=lambda: follow_into_death(parent, signal.SIGKILL),
        )
        part.began, part.again_at = time.monotonic(), None
        if part.process.stdout:
            os.set_blocking(part.process.stdout.fileno(), False)
            self.selector.register(part.process.stdout, selectors.EVENT_READ, part)

    def _look_after(self) -> None:
        self._listen(0.1)
        for part in self.parts:
            if part.again_at is not None:
                if time.monotonic() >= part.again_at:
                    self.console.say(f"starting {part.name} again")
                    self._launch(part)
            elif not part.alive() and not self.stopping:
                self._crashed(part)
        for server in self.servers:
            if not self.stopping and not server.alive():
                self.console.alarm(f"the server in {server.folder} ended by itself; its log is {server.folder / 'log'}")
                self.failed = self.stopping = True

    def _crashed(self, part: Part) -> None:
        self._drain(part)
        code = part.process.returncode if part.process else None
        if time.monotonic() - part.began > CALM:
            part.crashes = 0
        part.crashes += 1
        if part.crashes > RESTARTS:
            self.console.alarm(f"{part.name} ended again ({_because(code)}); it does not stay up, so everything stops")
            self.failed = self.stopping = True
            return
        delay = 2 ** (part.crashes - 1)
        part.again_at = time.monotonic() + delay
        self.console.alarm(f"{part.name} ended by itself ({_because(code)}); starting it again in {delay} s")

    def _end(self, parts: Sequence[Part], deadline: float) -> None:
        for part in parts:
            if part.process:
                part.process.terminate()
        while any(part.alive() for part in parts) and time.monotonic() < deadline and not self.hurry:
            self._listen(0.05)
        for part in parts:
            if part.process:
                if part.alive():
                    self.console.say(f"{part.name} did not stop by itself; it is made to")
                _kill_group(part.process)
                part.process.wait()
            self._drain(part)

    def _listen(self, patience: float) -> None:
        for key, _ in self.selector.select(patience):
            self._read(key.data)

    def _read(self, part: Part) -> bool:
        if not part.process or not part.process.stdout or part.process.stdout.closed:
            return False
        try:
            chunk = os.read(part.process.stdout.fileno(), 65536)
        except BlockingIOError:
            return False
        if not chunk:
            self.selector.unregister(part.process.stdout)
            part.process.stdout.close()
            return False
        *lines, part.rest = (part.rest + chunk).split(b"\n")
        for line in lines:
            self.console.line(part.name, line.decode(errors="replace").rstrip())
        return True

    def _drain(self, part: Part) -> None:
        """What an ended part still had to say."""
        while self._read(part):
            pass
        if part.process and part.process.stdout and not part.process.stdout.closed:
            self.selector.unregister(part.process.stdout)
            part.process.stdout.close()
        if part.rest:
            self.console.line(part.name, part.rest.decode(errors="replace"))
            part.rest = b""


def _because(code: int | None) -> str:
    if code is not None and code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """The part and whatever it started: each part leads a group of its own."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
