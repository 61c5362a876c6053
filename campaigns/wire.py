"""Fetches what a plan names by address: public http(s) addresses only, within a size and a time."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError

PORTS = frozenset({80, 443, 8080, 8443})
REDIRECTS = 3
CHUNK = 64 * 1024
TIMEOUT = (5, 15)  # seconds: to connect, between two reads


class NotFetched(Exception):
    """The address gave nothing usable; the text is a word: address, private, status, large, slow or unreachable."""


class _Private(Exception):
    pass


def _public(host: str, port: int) -> str:
    """An address of `host` that is on the public internet. Raises _Private; OSError when the name is unknown."""
    found = {entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    for address in found:
        ip = ipaddress.ip_address(str(address).split("%", 1)[0])
        inner = getattr(ip, "ipv4_mapped", None) or ip
        if not inner.is_global or inner.is_multicast:
            raise _Private(host)
    return str(sorted(found, key=lambda one: ":" in str(one))[0])


class _Checked:
    """Connects only to the address that was checked, so that a name cannot point elsewhere a moment later."""

    host: str
    port: int
    timeout: Any  # Any: urllib3's own
    allowed: frozenset[str] = frozenset()

    def _new_conn(self) -> socket.socket:
        try:
            where = self.host if self.host in self.allowed else _public(self.host.strip("[]"), self.port)
            return socket.create_connection((where, self.port), TIMEOUT[0])
        except OSError as error:
            raise NewConnectionError(self, str(error)) from error  # type: ignore[arg-type]  # one of urllib3's own


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


@contextmanager
def fetched(
    url: str, *, limit: int, seconds: float = 60, allowed: frozenset[str] = frozenset()
) -> Iterator[tuple[IO[bytes], str]]:
    """(file, name) of what `url` gives, at most `limit` bytes within `seconds`. Raises NotFetched.

    `allowed` names hosts that may be private, for a server that fetches from its own neighbour.
    """
    until = time.monotonic() + seconds
    with requests.Session() as session, TemporaryFile() as file:
        session.trust_env = False
        for scheme in ("http://", "https://"):
            session.mount(scheme, _CheckedAdapter(allowed))
        try:
            name = _download(session, url, file, limit, until, allowed)
        except _Private as error:
            raise NotFetched("private") from error
        except requests.Timeout as error:
            raise NotFetched("slow") from error
        except (requests.RequestException, HTTPError, UnicodeError) as error:
            raise NotFetched("unreachable") from error
        file.seek(0)
        yield file, name


def _download(
    session: requests.Session, url: str, file: IO[bytes], limit: int, until: float, allowed: frozenset[str]
) -> str:
    for _hop in range(REDIRECTS + 1):
        _check(url, allowed)
        with session.get(url, stream=True, timeout=TIMEOUT, allow_redirects=False) as reply:
            if reply.is_redirect:
                url = urljoin(url, reply.headers["location"])
                continue
            if reply.status_code != 200:
                raise NotFetched("status")
            for chunk in reply.iter_content(CHUNK):
                file.write(chunk)
                if file.tell() > limit:
                    raise NotFetched("large")
                if time.monotonic() > until:
                    raise NotFetched("slow")
            return urlsplit(url).path.rsplit("/", 1)[-1] or "file"
    raise NotFetched("status")


def _check(url: str, allowed: frozenset[str]) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise NotFetched("address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise NotFetched("address")
    if port not in PORTS and parts.hostname not in allowed:
        raise NotFetched("private")
