"""One way out of the house: where a network is reached, how long we wait, and what never reaches a log."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

CONNECT_SECONDS = 3.05
READ_SECONDS = 20.0

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the networks are. An empty `base` means the real ones; else `https://host/p` becomes `base/host/p`."""

    base: str = ""
    connect: float = CONNECT_SECONDS
    read: float = READ_SECONDS

    def url(self, url: str) -> str:
        """The address to call, or to send a person's browser to, instead of `url`."""
        if not self.base:
            return url
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        return f"{self.base.rstrip('/')}/{parts.netloc}{parts.path}{query}"

    def session(self) -> requests.Session:
        """A pooled session that reaches the networks here, always with a timeout, following no redirects by itself.

        Not to be shared between threads: an adapter keeps `PerThread(reach.session)`.
        """
        session = requests.Session()
        session.max_redirects = 0
        for scheme in ("https://", "http://"):
            session.mount(scheme, Outbound(self))
        return session


class Outbound(HTTPAdapter):
    """Reroutes a request to where the networks are, and gives every call a timeout (most SDKs give none)."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        super().__init__(pool_connections=4, pool_maxsize=4, max_retries=0)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        # Any: the arguments of requests.adapters.HTTPAdapter.send
        if request.url:
            request.url = self.reach.url(request.url)
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = (self.reach.connect, self.reach.read)
        return super().send(request, *args, **kwargs)


class PerThread(Generic[Thing]):
    """One thing a thread, made when it is first asked for: sessions and SDK clients are not safe to share."""

    def __init__(self, make: Callable[[], Thing]) -> None:
        self._make = make
        self._here = threading.local()

    def __call__(self) -> Thing:
        if not hasattr(self._here, "thing"):
            self._here.thing = self._make()
        thing: Thing = self._here.thing
        return thing
