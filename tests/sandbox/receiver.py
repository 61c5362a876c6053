"""A tiny app that receives webhooks: it answers what it is told to, and keeps what arrives."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from networks.protocol import Delivery

Answer = Callable[[Delivery], tuple[int, str]]


class Receiver:
    """`url` is its address; `deliveries` what was posted to it, in order."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.deliveries: list[Delivery] = []
        self.times: list[float] = []
        receiver = self

        class Page(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._any()

            def do_POST(self) -> None:
                self._any()

            def _any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                query = dict(parse_qsl(urlsplit(self.path).query))
                delivery = Delivery(self.command, headers, query, body)
                status, text = receiver.answer(delivery)
                if self.command == "POST" and status == 200:
                    receiver.times.append(time.monotonic())
                    receiver.deliveries.append(delivery)
                self.send_response(status)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def wait_for(self, count: int, seconds: float = 5.0) -> list[Delivery]:
        """The deliveries once there are `count`; asserts that they come in time."""
        until = time.monotonic() + seconds
        while len(self.deliveries) < count and time.monotonic() < until:
            time.sleep(0.01)
        assert len(self.deliveries) >= count, f"{len(self.deliveries)} of {count} webhooks arrived"
        return self.deliveries


@contextmanager
def receiving(answer: Answer) -> Iterator[Receiver]:
    receiver = Receiver(answer)
    thread = threading.Thread(target=receiver.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.server.shutdown()
        receiver.server.server_close()
