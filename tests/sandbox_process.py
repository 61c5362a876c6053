"""A real sandbox in its own process, and a small hand on its control interface."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parent.parent


class SandboxProcess:
    """`url` is its address; `control("faults", network=..., ...)` posts, `ask("posts", ...)` gets."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = requests.Session()

    def control(self, verb: str, **asked: Any) -> Any:
        reply = self._session.post(f"{self.url}/_control/{verb}", json=asked, timeout=10)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def ask(self, verb: str, **asked: Any) -> Any:
        reply = self._session.get(f"{self.url}/_control/{verb}", params=asked, timeout=10)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def account(self, network: str, **asked: Any) -> dict[str, Any]:
        """A fresh brand with a ready token (`["token"]["id"]`)."""
        made: dict[str, Any] = self.control("accounts", network=network, **asked)["accounts"][0]
        return made

    def fault(self, network: str, fault: str, account: str = "*", **asked: Any) -> Any:
        return self.control("faults", network=network, fault=fault, account=account, **asked)

    def posts(self, network: str, account: str, **asked: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("posts", network=network, account=account, **asked)
        return found

    def wait_quiet(self, seconds: float = 5) -> None:
        """Until no webhook is under way."""
        until = time.monotonic() + seconds
        while self.ask("state")["courier_busy"] and time.monotonic() < until:
            time.sleep(0.02)


@contextmanager
def running_sandbox(
    *, data: Path | None = None, app_url: str = "http://127.0.0.1:9", latency_ms: int = 0
) -> Iterator[SandboxProcess]:
    """Start `python -m sandbox` on a free port; stopped at the end."""
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--app-url", app_url]
    command += ["--latency-ms", str(latency_ms)]
    if data is not None:
        command += ["--data", str(data)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("sandbox http://"), line
        yield SandboxProcess(line.split()[1])
    finally:
        process.terminate()
        process.wait(timeout=10)
