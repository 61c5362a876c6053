"""The way to people's own sites: addresses that somebody typed, so only to the public internet, and never for long."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from networks.wire import NeverLeft, PerThread, Reach
from workspaces.wire import Private, check, checked_session, cut_off_after

LARGEST = 8 * 1024 * 1024
CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class SiteReply:
    """A site's whole answer; `url` is what was asked."""

    url: str
    status: int
    headers: Mapping[str, str]  # any case
    content: bytes

    @property
    def is_html(self) -> bool:
        return "html" in self.headers.get("Content-Type", "").lower() or self.content.lstrip()[:1] == b"<"

    def json(self) -> Any:  # Any: the site's own JSON
        """Raises ValueError when it is none."""
        return json.loads(self.content)


class SiteWire:
    """Calls to sites that people name. Follows no redirect: whoever asks decides whether to go on.

    Every connection goes to the very address that was found public; a slow or endless answer is cut off. Where the
    networks are pretended, so is the rest of the web.
    """

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._pretended = PerThread(reach.session)

    def ask(self, method: str, url: str, *, headers: Mapping[str, str], **body: Any) -> SiteReply:
        """One call; `body` is requests' `json`, `data` or `params`. Raises what `wire.BROKEN` names.

        NeverLeft for an address that is private or none: certainly nothing was sent.
        """
        seconds = self._reach.connect + self._reach.read
        until = time.monotonic() + seconds
        try:
            check(url, self._reach.private)
            with self._session(url, seconds) as session:
                reply = session.request(
                    method,
                    url,
                    headers={"User-Agent": "Gardu", "Accept-Encoding": "identity", **headers},
                    timeout=(self._reach.connect, self._reach.read),
                    allow_redirects=False,
                    stream=True,
                    **body,
                )
                with reply:
                    return SiteReply(url, reply.status_code, reply.headers, _read(reply, until))
        except Private as error:
            raise NeverLeft(f"{error} address") from error

    @contextmanager
    def _session(self, url: str, seconds: float) -> Iterator[requests.Session]:
        if self._reach.url(url) != url:
            yield self._pretended()
            return
        with checked_session(self._reach.private) as session, cut_off_after(seconds):
            yield session


def _read(reply: requests.Response, until: float) -> bytes:
    found = bytearray()
    for chunk in reply.iter_content(CHUNK):
        found += chunk
        if len(found) > LARGEST or time.monotonic() > until:
            raise HTTPError("the answer is too long")
    return bytes(found)


def host_of(url: str) -> str:
    """The host and port of an address, as people write it."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()
