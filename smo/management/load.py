"""Visitors for a measurement: so many a second over open connections, and how long each waited."""

from __future__ import annotations

import selectors
import socket
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

AGENT = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148"


@dataclass(slots=True)
class Seen:
    """What the visitors saw. `waits` in milliseconds, from when each was due; `broken` were cut off."""

    answered: int = 0
    broken: int = 0
    wrong: int = 0
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)


class _Line:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.due = 0.0
        self.got = b""


def visit(port: int, codes: Sequence[str], *, rate: float, seconds: float, lines: int) -> Seen:
    """`rate` visitors a second for `seconds`, by the clock and not by the answers (0: as many as are answered)."""
    seen, number = Seen(), 0
    chosen = selectors.DefaultSelector()
    free = deque(_Line(port) for _ in range(lines))
    began = time.perf_counter()
    end = began + seconds
    busy = 0
    while True:
        now = time.perf_counter()
        while free and now < end and (not rate or began + number / rate <= now):
            line = free.popleft()
            line.due = began + number / rate if rate else now
            if _ask(line, codes[number % len(codes)]):
                chosen.register(line.socket, selectors.EVENT_READ, line)
                busy += 1
            else:
                seen.broken += 1
                free.append(_Line(port))
            number += 1
        if now >= end and not busy:
            break
        due = began + number / rate if rate and free and now < end else now + 0.05
        for key, _events in chosen.select(max(0.0, min(due - now, 0.05))):
            line = key.data
            done = _hear(line, seen)
            if done is None:
                continue
            chosen.unregister(line.socket)
            busy -= 1
            if not done:
                line.socket.close()
                line = _Line(port)
            free.append(line)
    seen.seconds = time.perf_counter() - began
    for line in free:
        line.socket.close()
    return seen


def _ask(line: _Line, code: str) -> bool:
    try:
        line.socket.sendall(f"GET /l/{code} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {AGENT}\r\n\r\n".encode())
    except OSError:
        return False
    line.got = b""
    return True


def _hear(line: _Line, seen: Seen) -> bool | None:
    """Whether the line may be used again; None while the answer is not whole."""
    try:
        piece = line.socket.recv(4096)
    except OSError:
        piece = b""
    if not piece:
        seen.broken += 1
        return False
    line.got += piece
    if b"\r\n\r\n" not in line.got:
        return None
    seen.waits.append((time.perf_counter() - line.due) * 1000)
    if line.got.startswith(b"HTTP/1.1 302"):
        seen.answered += 1
    else:
        seen.wrong += 1
    return b"connection: close" not in line.got.lower()
