"""Visitors of short links: they ask the app as a web server does, and see what a browser would."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smo.actions.spooling import Spool
from smo.actions.taking import take
from smo.middleware import ShortLinks
from smo.queries.targets import Targets

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148"
COMPUTER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")


class Door:
    """The app's door for short links, with a spool of its own and a clock that the test turns."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, 1000.0
        self.app = ShortLinks(self._the_rest, Spool(folder), Targets(clock=lambda: self.now))

    @staticmethod
    def _the_rest(environ: dict[str, Any], start: Any) -> list[bytes]:  # Any: WSGI's own
        start("200 OK", [])
        return [b"the app itself"]

    def ask(
        self, address: str, *, ip: str = "203.0.113.7", agent: str = PHONE, method: str = "GET", **headers: str
    ) -> Answer:
        """GET `address` ("/l/abc", or "//go.example/abc" for another host)."""
        host, path = "testserver", address
        if address.startswith("//"):
            host, _, rest = address[2:].partition("/")
            path = f"/{rest}"
        environ: dict[str, Any] = {  # Any: a WSGI environment
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "HTTP_HOST": host,
            "REMOTE_ADDR": ip,
            "HTTP_USER_AGENT": agent,
            "wsgi.input": io.BytesIO(),
        }
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        told: list[Any] = []  # Any: status and headers
        body = b"".join(self.app(environ, lambda status, given: told.extend([status, given])))
        return Answer(int(told[0].split()[0]), dict(told[1]), body.decode())

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def count(self) -> int:
        """Count what was written down so far."""
        return take(self.folder)
