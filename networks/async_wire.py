"""The way out for many calls at once: one event loop instead of a thread a call, with the same waits and meanings."""

from __future__ import annotations

import asyncio
import json
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import aiohttp
import requests

from networks.wire import NeverLeft, Reach

KEEP_ALIVE = 30.0  # seconds that an idle connection is kept


@dataclass(frozen=True, slots=True)
class Reply:
    """A network's whole answer, to be read like one of requests."""

    status_code: int
    headers: Mapping[str, str]  # any case
    content: bytes
    reason: str = ""

    @property
    def ok(self) -> bool:
        return self.status_code < 400

    def json(self) -> Any:  # Any: the network's own JSON
        """Raises ValueError when it is none."""
        return json.loads(self.content)


class Interrupted(OSError):
    """The call broke after it may have left."""


_open: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[AsyncWire, aiohttp.ClientSession]] = WeakKeyDictionary()


@cache
def _trusted() -> ssl.SSLContext:
    """Whom requests trusts, too."""
    named = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    return ssl.create_default_context(cafile=named or requests.utils.DEFAULT_CA_BUNDLE_PATH)


async def close_here() -> None:
    """Close every connection that was opened in the running loop; call it before the loop ends."""
    for session in _open.pop(asyncio.get_running_loop(), {}).values():
        await session.close()


class AsyncWire:
    """Calls from inside an event loop: rerouted, bounded, following no redirect and repeating nothing by itself."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._proxies: dict[str, str | None] = {}

    async def ask(self, method: str, url: str, *, headers: Mapping[str, str], **body: Any) -> Reply:
        """One call; `body` is aiohttp's `json` or `data`. Raises OSError: NeverLeft when certainly nothing was sent."""
        try:
            async with self._session().request(
                method,
                self._reach.url(url),
                headers=headers,
                allow_redirects=False,
                proxy=self._proxy(url),
                **body,
            ) as reply:
                return Reply(reply.status, reply.headers, await reply.read(), reply.reason or "")
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NeverLeft(type(error).__name__) from error
        except aiohttp.ClientError as error:
            raise Interrupted(type(error).__name__) from error

    def _session(self) -> aiohttp.ClientSession:
        """One a loop, until `close_here`."""
        mine = _open.setdefault(asyncio.get_running_loop(), {})
        if self not in mine:
            mine[self] = self._made()
        return mine[self]

    def _made(self) -> aiohttp.ClientSession:
        session = aiohttp.ClientSession(
            # How many are under way is the caller's business; a queue in here would only eat up their time.
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE, ssl=_trusted()),
            timeout=aiohttp.ClientTimeout(
                total=self._reach.connect + self._reach.read,
                sock_connect=self._reach.connect,
                sock_read=self._reach.read,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),  # one session serves many accounts
            headers={"User-Agent": "Gardu"},
        )
        session._retry_connection = False  # aiohttp would send a PUT again when a kept connection turns out dead
        return session

    def _proxy(self, url: str) -> str | None:
        host = urlsplit(url).netloc
        if host not in self._proxies:
            found = requests.utils.get_environ_proxies(url)
            self._proxies[host] = found.get("https") or found.get("all")
        return self._proxies[host]
