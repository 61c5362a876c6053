"""A small real web server where the sandbox's webhooks ring; an adapter answers the handshakes and hears the rest."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from networks.protocol import BadSignature, Delivery, Event, Listens


class Doorbell:
    """`events` in the order they came; `refused` counts deliveries with a bad signature."""

    def __init__(self, network: Listens) -> None:
        self.network = network
        self.events: list[Event] = []
        self.deliveries: list[Delivery] = []
        self.refused = 0
        self.url = ""

    def answer(self, delivery: Delivery) -> tuple[int, str]:
        try:
            said = self.network.handshake(delivery)
            if said is not None:
                return 200, said
            self.events += self.network.hear(delivery)
        except BadSignature:
            self.refused += 1
            return 403, ""
        self.deliveries.append(delivery)
        return 200, ""

    def wait(self, count: int, seconds: float = 5) -> list[Event]:
        """The events once there are `count` of them, or whatever came in time."""
        until = time.monotonic() + seconds
        while len(self.events) < count and time.monotonic() < until:
            time.sleep(0.02)
        return self.events


@contextmanager
def a_doorbell(network: Listens) -> Iterator[Doorbell]:
    bell = Doorbell(network)

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(length)
            status, said = bell.answer(Delivery(self.command, headers, dict(parse_qsl(parts.query)), body))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(said.encode())

        do_GET = do_POST = _any

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    bell.url = f"http://127.0.0.1:{server.server_address[1]}/hooks/"
    try:
        yield bell
    finally:
        server.shutdown()
        server.server_close()
