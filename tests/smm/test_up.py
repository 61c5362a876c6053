"""`manage.py up`, as somebody at a terminal sees it: real processes, real signals, nothing left behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from django.conf import settings

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
BUILT = settings.VITE_MANIFEST.exists()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not BUILT, reason="the front end is not built: run `make setup`"),
    pytest.mark.skipif(sys.platform != "linux", reason="looks for what is left in /proc"),
]


class Up:
    """One running house over a data folder of its own."""

    def __init__(self, data: Path, **extra: str) -> None:
        named = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "EMBEDDED_REDIS", "ENVIRONMENT", "SANDBOX_URL")
        inherited = {name: value for name, value in os.environ.items() if name not in named}
        self.data, self.log = data, data / "up.log"
        data.mkdir(mode=0o700)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env={**inherited, "DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "smm.settings", **extra},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def says(self, pattern: str, within: float = 120) -> re.Match[str]:
        found = eventually(lambda: re.search(pattern, self.said()), within)
        assert found, f"never said {pattern}:\n{self.said()[-3000:]}"
        return found

    def left(self) -> list[str]:
        """Command lines of the processes that still have this house's data folder in their environment or words."""
        mark = str(self.data).encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes()
                if words and (mark in words or mark in (folder / "environ").read_bytes()):
                    found.append(words.replace(b"\0", b" ").decode())
            except OSError:
                continue
        return found


def eventually(ask: Callable[[], T], within: float) -> T:
    deadline = time.monotonic() + within
    while not (answer := ask()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return answer


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        house = Up(tmp_path / "data", PORT=str(taken.getsockname()[1]), DEMO="0")
        yield house
        house.process.kill()
        eventually(lambda: not house.left(), 10)


def test_a_taken_port_is_said_and_another_serves_a_crash_is_loud_and_ctrl_c_leaves_nothing(up: Up) -> None:
    address = up.says(r"Gardu +(http://127\.0\.0\.1:\d+)")[1]
    assert re.search(r"port \d+ is taken; using \d+ instead", up.said())
    with urllib.request.urlopen(f"{address}/readyz") as answer:
        assert answer.status == 200

    beat = eventually(lambda: [p for p in Path("/proc").glob("[0-9]*") if is_beat(p, up.data)], 10)
    os.kill(int(beat[0].name), signal.SIGKILL)
    up.says(r"!!!!!!  beat ended by itself \(killed by SIGKILL\); starting it again in 1 s", 5)
    up.says(r"starting beat again", 5)

    began = time.monotonic()
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(15) == 0
    assert time.monotonic() - began < 8
    assert up.left() == []


def test_a_killed_runner_leaves_nothing(up: Up) -> None:
    up.says(r"Gardu +(http://127\.0\.0\.1:\d+)")
    assert any("postgres" in line for line in up.left())
    again = subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(up.data), "DJANGO_SETTINGS_MODULE": "smm.settings"},
        capture_output=True,
        text=True,
    )
    assert again.returncode == 1
    assert "it is up already, at http://127.0.0.1:" in again.stdout
    up.process.kill()
    up.process.wait()
    assert eventually(lambda: not up.left(), 10), up.left()


def is_beat(folder: Path, data: Path) -> bool:
    try:
        words = (folder / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"beat" in words and str(data / "beat-schedule").encode() in words
