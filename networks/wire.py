"""One way out of the house: where a network is reached, how long we wait, and what never reaches a log."""

from __future__ import annotations

import http.client
import logging
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import wraps
from http.cookiejar import DefaultCookiePolicy
from typing import Any, BinaryIO, Generic, ParamSpec, TypeVar
from urllib.parse import urlsplit

import httplib2
import requests
import urllib3.exceptions
from requests.adapters import HTTPAdapter

from networks.protocol import Media, OpenMedia, TryLater, Unsure
from workspaces.crash import crash_point

CONNECT_SECONDS = 3.05
READ_SECONDS = 20.0

Thing = TypeVar("Thing")
Given = ParamSpec("Given")
Made = TypeVar("Made")

logger = logging.getLogger(__name__)

Moment = Callable[[], float]


def _never() -> float:
    return float("inf")


_last_moment: ContextVar[Moment] = ContextVar("last_moment", default=_never)

BROKEN = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    httplib2.HttpLib2Error,
    http.client.HTTPException,
    OSError,
)
"""Whatever requests, urllib3, httplib2 and the sockets below them raise when a call breaks on its way."""


class NeverLeft(OSError):
    """A call that broke before its first byte was sent."""


NEVER_LEFT = (
    NeverLeft,
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    requests.exceptions.ConnectTimeout,
    httplib2.ServerNotFoundError,
    socket.gaierror,
    ConnectionRefusedError,
    ssl.SSLCertVerificationError,
)
HANDSHAKE = frozenset({"WRONG_VERSION_NUMBER", "UNSUPPORTED_PROTOCOL", "NO_PROTOCOLS_AVAILABLE"})
HANDSHAKE_ENDINGS = ("HANDSHAKE_FAILURE", "ALERT_PROTOCOL_VERSION", "UNRECOGNIZED_NAME", "UNKNOWN_CA")


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the networks are. An empty `base` means the real ones; else `https://host/p` becomes `base/host/p`.

    `private` names hosts of people's own sites that are reached as they are, though they are not on the public
    internet: for development and tests only.
    """

    base: str = ""
    connect: float = CONNECT_SECONDS
    read: float = READ_SECONDS
    private: frozenset[str] = frozenset()

    def url(self, url: str) -> str:
        """The address to call, or to send a person's browser to, instead of `url`."""
        parts = urlsplit(url)
        if not self.base or parts.hostname in self.private:
            return url
        query = f"?{parts.query}" if parts.query else ""
        return f"{self.base.rstrip('/')}/{parts.netloc}{parts.path}{query}"

    def public(self, url: str) -> str:
        """The address that `url` gave for: what everybody else would open. The way back from `self.url`."""
        if not self.base or not url.startswith(f"{self.base.rstrip('/')}/"):
            return url
        return f"https://{url.removeprefix(self.base.rstrip('/')).lstrip('/')}"

    def session(self) -> requests.Session:
        """A pooled session that reaches the networks here, always with a timeout, following no redirects by itself.

        Not to be shared between threads: an adapter keeps `PerThread(reach.session)`.
        """
        session = Session()
        session.max_redirects = 0
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # one session serves many accounts
        for scheme in ("https://", "http://"):
            session.mount(scheme, Outbound(self))
        return session


class Session(requests.Session):
    """Asks the environment for its proxies and certificates once a host: requests does so for every call."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False  # also no .netrc: what opens an account comes from the vault alone
        self._around: dict[str, dict[str, str]] = {}

    def merge_environment_settings(self, url: Any, *args: Any, **kwargs: Any) -> Any:
        # Any: the arguments and the answer of requests.Session.merge_environment_settings
        host = urlsplit(url).netloc
        if host not in self._around:
            self._around[host] = requests.utils.get_environ_proxies(url)
        found = super().merge_environment_settings(url, *args, **kwargs)
        found["proxies"] = {**self._around[host], **found["proxies"]}
        if found["verify"] is True:
            found["verify"] = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
        return found


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


@contextmanager
def sent_before(moment: float | Moment) -> Iterator[None]:
    """A final call inside begins before the monotonic `moment`, or not at all: its sender may not own it later.

    A function is asked when the call is about to begin: a lease may have grown, or been lost, meanwhile.
    """
    token = _last_moment.set(moment if callable(moment) else lambda: moment)
    try:
        yield
    finally:
        _last_moment.reset(token)


@contextmanager
def final_call() -> Iterator[None]:
    """Around the one call that can make something live, and the reading of its answer.

    Too late to begin (`sent_before`) is TryLater, and so is a break that provably came before the first byte left (no
    name, no connection, no TLS); every other (timeout, reset, cut or garbled answer, redirect) is Unsure. A
    NetworkError raised inside passes untouched.
    """
    crash_point("wire.before_final_call")
    if time.monotonic() >= _last_moment.get()():
        raise TryLater("The time for sending ran out before it was sent.", code="out_of_time")
    try:
        yield
    except BROKEN as error:
        if never_left(error):
            raise TryLater("The network could not be reached.", detail=told(error), code="unreachable") from error
        raise Unsure("The network did not answer clearly.", detail=told(error), code="no_answer") from error


@contextmanager
def before_final_call() -> Iterator[None]:
    """Around calls that make nothing live (uploads, readings, refreshes): every break is TryLater."""
    try:
        yield
    except BROKEN as error:
        raise TryLater("The network could not be reached.", detail=told(error), code="unreachable") from error


@contextmanager
def opened(open_media: OpenMedia, media: Media) -> Iterator[BinaryIO]:
    """A media's bytes, closed at the end. Raises TryLater when our own storage does not give them."""
    try:
        stream = open_media(media)
    except OSError as error:
        said = f"{type(error).__name__}: {media.key}"
        raise TryLater("The picture or video could not be read.", detail=said, code="media_unreadable") from error
    with stream:
        yield stream


def understood(act: Callable[Given, Made]) -> Callable[Given, Made]:
    """Decorates an adapter's call that makes nothing live: an answer of a shape nobody documented is TryLater."""

    @wraps(act)
    def guarded(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        try:
            return act(*args, **kwargs)
        except (ValueError, TypeError, AttributeError, LookupError) as error:
            logger.warning("%s: an answer was not understood", act.__qualname__, exc_info=True)
            raise TryLater("The network did not answer clearly.", detail=told(error), code="not_understood") from error

    return guarded


def never_left(error: BaseException) -> bool:
    """Whether this break certainly came before any byte of the request was sent."""
    return any(_is_unsent(link) for link in _chain(error))


def _is_unsent(error: BaseException) -> bool:
    if isinstance(error, NEVER_LEFT):
        return True
    reason = str(getattr(error, "reason", "") or "") if isinstance(error, ssl.SSLError) else ""
    return reason in HANDSHAKE or reason.endswith(HANDSHAKE_ENDINGS)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and what it wraps, as requests (args), urllib3 (reason) and Python (cause) wrap it."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        link = waiting.pop()
        if isinstance(link, BaseException) and id(link) not in seen:
            seen.add(id(link))
            yield link
            waiting += [*link.args, getattr(link, "reason", None), link.__cause__]


def told(error: BaseException) -> str:
    """The kinds of an exception and of what it wraps: their messages quote addresses, so they stay out."""
    return " < ".join(dict.fromkeys(type(link).__name__ for link in _chain(error)))


def retry_after(headers: Mapping[str, str], *, now: datetime | None = None) -> timedelta | None:
    """What a Retry-After header (seconds, or an HTTP date) asks for; None when there is none or it is nonsense."""
    value = next((v for name, v in headers.items() if name.lower() == "retry-after"), "").strip()
    if value.isdecimal():
        return timedelta(seconds=int(value))
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(moment - (now or datetime.now(UTC)), timedelta())
