"""A Redis-compatible server from its package: wake-ups, cache and rate limits; nothing that may not be lost."""

import signal
import socket
import subprocess
import time
from pathlib import Path

from smm.embedded import binaries, identity, ports
from smm.embedded.keys import Keys
from smm.embedded.postgres import DidNotStart

PATIENCE = 20.0  # seconds


class Valkey:
    """One server over one folder. `durable=False` keeps nothing on disk: tests only."""

    name = "valkey"

    def __init__(self, folder: Path, keys: Keys, *, durable: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.keys, self.durable = folder, keys, durable
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> int:
        """Start and answer the port."""
        for _ in range(5):
            self.port = ports.free()
            self.process = self._launch()
            if self._answers():
                return self.port
        raise DidNotStart("Valkey did not start:\n" + (self.folder / "log").read_text(errors="replace")[-1500:])

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def again(self) -> None:
        """Start on the same port after it ended in any way."""
        self.process = self._launch()
        if not self._answers():
            raise DidNotStart("Valkey did not come back")

    def _launch(self) -> subprocess.Popen[bytes]:
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.keys['VALKEY_PASSWORD']}",
            f'dir "{self.folder.resolve()}"',
            'save ""',
            f"appendonly {'yes' if self.durable else 'no'}",
            "loglevel warning",
            "databases 64",
        ]
        with (self.folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [str(binaries.valkey()), "-"],  # settings by stdin: a command line shows the password to everybody
                preexec_fn=identity.ourselves().become(dies_with_parent=signal.SIGTERM),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if process.stdin:
            process.stdin.write("\n".join(lines).encode())
            process.stdin.close()
        return process

    def _answers(self) -> bool:
        deadline = time.monotonic() + PATIENCE
        greeting = f"AUTH {self.keys['VALKEY_PASSWORD']}\r\nPING\r\nQUIT\r\n".encode()
        while self.alive() and time.monotonic() < deadline:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                    line.sendall(greeting)
                    if b"+PONG" in line.makefile("rb").read():  # while it reads its file it says -LOADING
                        return True
            except OSError:
                pass
            time.sleep(0.02)
        return False
