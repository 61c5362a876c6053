"""A counterpart that costs next to nothing: it takes posts on the networks' own wire, and counts them.

    python -m sandbox.lean --port 0 --latency-ms 250

For measurements of the sender alone. It checks what a receipt needs (a token, words, for a video its bytes) and keeps
who said what and when; it has no faults, listings, limits or memory. `GET /_lean/book` answers what it took.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import signal
import sys
import time
from urllib.parse import parse_qs

NETWORKS = ("facebook", "linkedin", "x", "youtube")
HEAD_END = b"\r\n\r\n"
Headers = dict[bytes, bytes]
REASONS = {200: b"OK", 201: b"Created", 400: b"Bad Request", 401: b"Unauthorized", 404: b"Not Found"}


class Refusal(Exception):
    """The status that a call without what it needs is answered with."""


class Book:
    """What was taken: (network, token, words, seconds since 1970)."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str, str, float]] = []
        self.numbers = itertools.count(int(time.time()) * 100_000)
        self.sessions: dict[str, tuple[str, str, int]] = {}

    def take(self, network: str, token: str, words: str) -> int:
        if not token:
            raise Refusal(401)
        if not words.strip():
            raise Refusal(400)
        self.lines.append((network, token, words, time.time()))
        return next(self.numbers)


def _bearer(headers: Headers) -> str:
    return headers.get(b"authorization", b"").decode().removeprefix("Bearer ").strip()


def answer(book: Book, method: bytes, path: bytes, headers: Headers, body: bytes) -> tuple[int, bytes, bytes]:
    """(status, extra headers, body) of one call to a pretend host. Raises Refusal, ValueError."""
    host, _, rest = path[1:].partition(b"/")
    if host in (b"api.x.com", b"api.twitter.com") and method == b"POST" and rest == b"2/tweets":
        words = json.loads(body)["text"]
        id = book.take("x", _bearer(headers), words)
        return 201, b"", json.dumps({"data": {"id": str(id), "text": words}}).encode()
    if host == b"graph.facebook.com" and method == b"POST" and rest.endswith(b"/feed"):
        form = parse_qs(body.decode())
        id = book.take("facebook", form.get("access_token", [""])[0], form.get("message", [""])[0])
        page = rest.split(b"/")[-2].decode()
        return 200, b"", json.dumps({"id": f"{page}_{id}"}).encode()
    if host == b"api.linkedin.com" and method == b"POST" and rest == b"rest/posts":
        id = book.take("linkedin", _bearer(headers), json.loads(body)["commentary"])
        return 201, b"x-restli-id: urn:li:share:%d\r\n" % id, b""
    if host == b"youtube.googleapis.com" and rest.startswith(b"upload/youtube/v3/videos"):
        return _video(book, method, rest, headers, body)
    raise Refusal(404)


def _video(book: Book, method: bytes, rest: bytes, headers: Headers, body: bytes) -> tuple[int, bytes, bytes]:
    if method == b"POST":
        session = str(next(book.numbers))
        size = int(headers.get(b"x-upload-content-length", b"0"))
        book.sessions[session] = (_bearer(headers), json.loads(body)["snippet"]["description"], size)
        where = b"https://youtube.googleapis.com/upload/youtube/v3/videos?upload_id=" + session.encode()
        return 200, b"location: " + where + b"\r\n", b""
    token, words, size = book.sessions.pop(rest.rpartition(b"upload_id=")[2].decode(), ("", "", -1))
    if len(body) != size:
        raise Refusal(400)
    id = book.take("youtube", token, words)
    return 200, b"", json.dumps({"id": f"{id % 10**11:011d}", "status": {"privacyStatus": "public"}}).encode()


class Talk(asyncio.Protocol):
    """One connection, one call after another."""

    def __init__(self, book: Book, latency: float) -> None:
        self.book, self.latency = book, latency
        self.transport: asyncio.Transport | None = None
        self.heard = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.heard += data
        end = self.heard.find(HEAD_END)
        if end < 0:
            return
        first, *lines = bytes(self.heard[:end]).split(b"\r\n")
        headers: Headers = {}
        for line in lines:
            name, _, value = line.partition(b":")
            headers[name.lower()] = value.strip()
        whole = end + len(HEAD_END) + int(headers.get(b"content-length", b"0"))
        if len(self.heard) < whole:
            return
        method, path, _ = first.split(b" ", 2)
        body = bytes(self.heard[end + len(HEAD_END) : whole])
        del self.heard[:whole]
        asyncio.get_running_loop().call_later(
            0 if path.startswith(b"/_lean/") else self.latency, self.reply, method, path, headers, body
        )

    def reply(self, method: bytes, path: bytes, headers: Headers, body: bytes) -> None:
        try:
            if path == b"/_lean/book":
                status, extra, out = 200, b"", json.dumps(self.book.lines).encode()
            else:
                status, extra, out = answer(self.book, method, path, headers, body)
        except Refusal as refusal:
            status, extra, out = int(refusal.args[0]), b"", b"{}"
        except (ValueError, KeyError):
            status, extra, out = 400, b"", b"{}"
        head = b"HTTP/1.1 %d %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n" % (
            status,
            REASONS[status],
            len(out),
        )
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(head + extra + b"\r\n" + out)


async def serve(chosen: argparse.Namespace) -> None:
    """Run until told to stop; the first line printed is the address."""
    book = Book()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Talk(book, chosen.latency_ms / 1000), "127.0.0.1", chosen.port, backlog=1024
    )
    sys.stdout.write(f"sandbox http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await stop.wait()
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox.lean", description=__doc__)
    parser.add_argument("--port", type=int, default=8100, help="port; 0 takes a free one")
    parser.add_argument("--latency-ms", type=float, default=0, help="what every call takes")
    parser.add_argument("--list", action="store_true", help="name the networks it plays, and end")
    chosen = parser.parse_args()
    if chosen.list:
        sys.stdout.write("\n".join(NETWORKS) + "\n")
        return
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(chosen))


if __name__ == "__main__":
    main()
