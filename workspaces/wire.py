"""Calls out to addresses that people give us: only to the public internet, whatever the name turns out to mean."""

from __future__ import annotations

import ipaddress
import re
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
ISATAP = 0x5EFE  # the third and fourth group of an address that tunnels to the IPv4 one at its end
UNICAST = ipaddress.IPv6Network("2000::/3")  # all that is handed out of IPv6: outside it nobody public lives
SPECIAL = tuple(  # of IANA's special-purpose registries, what Python's own list is too old for
    ipaddress.ip_network(each)
    for each in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
NOT_IN_URLS = re.compile(r"[\x00-\x20\x7f\\]")  # one reader takes these for an end, another does not


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
        if NOT_IN_URLS.search(url):
            raise Private("address")
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise Private("address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise Private("address")
    if port not in PORTS and parts.hostname not in allowed:
        raise Private("private")


def _public(host: str, port: int) -> str:
    """An address of `host` that is on the public internet. Raises Private; OSError when the name is unknown."""
    with suppress(ValueError):  # a number needs no name server, and one with a zone would only confuse it
        if not is_public(ipaddress.ip_address(host.split("%", 1)[0])):
            raise Private("private")
    found = {entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    for address in found:
        ip = ipaddress.ip_address(str(address).split("%", 1)[0])
        if not is_public(ip):
            raise Private("private")
    return str(sorted(found, key=lambda one: ":" in str(one))[0])


def is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is on the public internet, also once what it carries inside is unwrapped."""
    if isinstance(ip, ipaddress.IPv6Address) and ip not in UNICAST and ip not in NAT64:
        return False
    return all(_is_out_there(each) for each in (ip, *_carried(ip)))


def _is_out_there(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if ip.is_multicast or any(ip in each for each in SPECIAL if each.version == ip.version):
        return False
    return ip.is_global or ip in NAT64


def _carried(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 one stands for, by whichever way of crossing over."""
    if isinstance(ip, ipaddress.IPv4Address):
        return
    teredo = ip.teredo or ()
    yield from (each for each in (ip.ipv4_mapped, ip.sixtofour, *teredo) if each is not None)
    if ip in NAT64 or (int(ip) >> 32) & 0xFDFFFFFF == ISATAP:
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
