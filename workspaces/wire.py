"""Calls out to addresses that people give us: only to the public internet, whatever the name turns out to mean."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError

PORTS = frozenset({80, 443, 8080, 8443})
CONNECT_SECONDS = 5
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class Private(Exception):
    """The address is no public one, or no address at all; the text is a word: address or private."""


def checked_session(allowed: frozenset[str] = frozenset()) -> requests.Session:
    """A session that reaches public addresses only, and heeds no proxy. Close it.

    Its calls raise Private, besides what `requests` raises. `allowed` names hosts that may be private all the same.
    """
    session = requests.Session()
    session.trust_env = False
    for scheme in ("http://", "https://"):
        session.mount(scheme, _CheckedAdapter(allowed))
    return session


def check(url: str, allowed: frozenset[str] = frozenset()) -> None:
    """Whether `url` is one that we may call, by its looks. Raises Private."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise Private("address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise Private("address")
    if port not in PORTS and parts.hostname not in allowed:
        raise Private("private")


def _public(host: str, port: int) -> str:
    """An address of `host` that is on the public internet. Raises Private; OSError when the name is unknown."""
    found = {entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    for address in found:
        ip = ipaddress.ip_address(str(address).split("%", 1)[0])
        if not is_public(ip):
            raise Private("private")
    return str(sorted(found, key=lambda one: ":" in str(one))[0])


def is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is on the public internet, also once what it carries inside is unwrapped."""
    return all(each.is_global and not each.is_multicast for each in (ip, *_carried(ip)))


def _carried(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 one stands for, by whichever way of crossing over."""
    if isinstance(ip, ipaddress.IPv4Address):
        return
    teredo = ip.teredo or ()
    yield from (each for each in (ip.ipv4_mapped, ip.sixtofour, *teredo) if each is not None)
    if ip in NAT64:
        yield ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)


_line: ContextVar[_Line | None] = ContextVar("line", default=None)


@contextmanager
def cut_off_after(seconds: float) -> Iterator[None]:
    """Whatever a checked session connects to inside is cut off after `seconds`, however slowly it drips.

    A read timeout alone starts anew with every byte. What is cut off looks like a broken connection.
    """
    line = _Line(seconds)
    token = _line.set(line)
    try:
        yield
    finally:
        _line.reset(token)
        line.let_go()


class _Line:
    """The connections of one `cut_off_after`, each held by a duplicate that outlives its wrapping in TLS."""

    def __init__(self, seconds: float) -> None:
        self._held: list[socket.socket] = []
        self._lock = threading.Lock()
        self._over = False
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def hold(self, connection: socket.socket) -> None:
        with self._lock:
            self._held.append(connection.dup())
            over = self._over
        if over:
            self._cut()

    def let_go(self) -> None:
        self._timer.cancel()
        with self._lock:
            for connection in self._held:
                connection.close()
            self._held.clear()

    def _cut(self) -> None:
        with self._lock:
            self._over = True
            for connection in self._held:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


class _Checked:
    """Connects only to the address that was checked, so that a name cannot point elsewhere a moment later."""

    host: str
    port: int
    timeout: Any  # Any: urllib3's own
    allowed: frozenset[str] = frozenset()

    def _new_conn(self) -> socket.socket:
        try:
            where = self.host if self.host in self.allowed else _public(self.host.strip("[]"), self.port)
            connection = socket.create_connection((where, self.port), CONNECT_SECONDS)
        except OSError as error:
            raise NewConnectionError(self, str(error)) from error  # type: ignore[arg-type]  # one of urllib3's own
        if line := _line.get():
            line.hold(connection)
        return connection


def _pool(base: type[Any], connection: type[Any], allowed: frozenset[str]) -> type[Any]:  # Any: urllib3's classes
    checked = type("Checked", (_Checked, connection), {"allowed": allowed})
    return type("CheckedPool", (base,), {"ConnectionCls": checked})


class _CheckedAdapter(HTTPAdapter):
    def __init__(self, allowed: frozenset[str]) -> None:
        super().__init__(max_retries=0)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _pool(HTTPConnectionPool, HTTPConnection, allowed),
            "https": _pool(HTTPSConnectionPool, HTTPSConnection, allowed),
        }
