"""A small real proxy before the sandbox: it counts calls, and answers chosen ones itself, with anything at all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

HOP = {"connection", "transfer-encoding", "content-length", "content-encoding", "keep-alive"}


@dataclass
class Garbler:
    """`answer` is (status, headers, body) for the call numbered `at` (from 1; 0: for every call), or nothing."""

    target: str
    url: str = ""
    calls: int = 0
    at: int = 0
    answer: tuple[int, dict[str, str], bytes] | None = None
    lost: str = ""  # calls of this method and path arrive, and their answer does not come back
    session: requests.Session = field(default_factory=requests.Session)

    def garble(self, at: int, status: int, body: bytes, kind: str = "application/json") -> None:
        self.calls, self.at, self.answer = 0, at, (status, {"Content-Type": kind}, body)

    def behave(self) -> None:
        self.calls, self.answer = 0, None

    def reply(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        self.calls += 1
        if self.answer is not None and self.at in (0, self.calls):
            return self.answer
        sent = {name: value for name, value in headers.items() if name.lower() not in HOP}
        answer = self.session.request(
            method, self.target + path, data=body, headers=sent, allow_redirects=False, timeout=10
        )
        kept = {name: value for name, value in answer.headers.items() if name.lower() not in HOP}
        return answer.status_code, kept, answer.content


@contextmanager
def a_garbler(target: str) -> Iterator[Garbler]:
    garbler = Garbler(target)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # head and body leave together; apart, each answer would wait for an acknowledgement

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, said = garbler.reply(self.command, self.path, dict(self.headers), body)
            if garbler.lost and garbler.lost == f"{self.command} {self.path}":
                self.close_connection = True
                return
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status not in (204, 304):
                self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            if status not in (204, 304):
                self.wfile.write(said)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _any

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    garbler.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield garbler
    finally:
        server.shutdown()
        server.server_close()
