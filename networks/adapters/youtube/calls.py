"""How YouTube is called through Google's client, and what each of its answers means for a post."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from typing import Any
from zoneinfo import ZoneInfo

import httplib2
from googleapiclient import discovery
from googleapiclient.errors import Error, HttpError

from networks.async_wire import Reply
from networks.protocol import NetworkError, Pauses, Reconnect, Refused, Sender, TryLater, Unsure
from networks.wire import PerThread, Reach, before_final_call, final_call, retry_after

DOCUMENT = "discovery_cache/documents/youtube.v3.json"
PACIFIC = ZoneInfo("America/Los_Angeles")
QUOTA = frozenset({"quotaExceeded", "dailyLimitExceeded"})
PAUSE = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
AUTHORITY = frozenset(
    {"insufficientPermissions", "youtubeSignupRequired", "authError", "accountSuspended", "channelSuspended"}
    | {"authenticatedUserAccountSuspended", "authenticatedUserAccountClosed", "accountDelegationForbidden"}
    | {"ACCESS_TOKEN_SCOPE_INSUFFICIENT"}
)
OPERATOR = frozenset({"accessNotConfigured", "httpMethodNotAllowed", "deleted", "SERVICE_DISABLED"})
OPERATOR_MUST_ACT = timedelta(hours=1)
UPLOADS_AGAIN = timedelta(hours=6)
RESUME = 308  # "Resume Incomplete": the upload goes on
Request = Any  # Any: googleapiclient publishes no types
Json = Mapping[str, Any]  # Any: YouTube's JSON

WORDS = {
    "invalidTitle": "YouTube does not take this title.",
    "invalidDescription": "YouTube does not take this description.",
    "invalidTags": "YouTube does not take these tags.",
    "commentsDisabled": "Comments are off below this video.",
    "videoNotFound": "The video is no longer there.",
    "parentCommentNotFound": "The comment to answer is no longer there.",
    "commentNotFound": "The comment is no longer there.",
    "commentTextTooLong": "The comment is too long for YouTube.",
    "mediaBodyRequired": "YouTube got no video.",
}


class Transport:
    """What Google's client calls `http`, over our session: rerouted, with timeouts, without retries or redirects.

    httplib2 itself would send a request again when a connection breaks, and so could say a comment twice.
    """

    def __init__(self, reach: Reach) -> None:
        self._session = reach.session()

    def request(  # the shape of httplib2.Http.request
        self,
        uri: str,
        method: str = "GET",
        body: Any = None,  # Any: str, bytes or a file
        headers: Mapping[str, str] | None = None,
        redirections: int = 0,
        connection_type: object = None,
    ) -> tuple[Any, bytes]:  # Any: httplib2.Response
        data = body.read() if hasattr(body, "read") else body
        answer = self._session.request(method, uri, data=data, headers=dict(headers or {}), allow_redirects=False)
        info = {name.lower(): value for name, value in answer.headers.items()}
        return httplib2.Response({**info, "status": str(answer.status_code)}), answer.content


class Authorized:
    """A transport for one call: it carries the sender's token, which never is in an address."""

    def __init__(self, transport: Transport, token: str) -> None:
        self._transport = transport
        self._token = token

    def request(self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **more: Any) -> Any:
        # Any: as Transport.request
        mine = {**(headers or {}), "authorization": f"Bearer {self._token}"}
        return self._transport.request(uri, method, body=body, headers=mine, **more)


class YouTube:
    """The service of Google's client, built from the document in its package: nothing is fetched.

    One for all threads: what is not safe to share about it is its transport, and each call is given its own thread's.
    """

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._transport = PerThread(lambda: Transport(reach))

    @cached_property
    def _service(self) -> Any:  # Any: googleapiclient's resource
        return discovery.build_from_document(_document(), http=Transport(self._reach))

    @cached_property
    def videos(self) -> Any:  # Any: as above
        """The collection of videos. Google's client makes all its methods anew (2.5 ms) each time it is asked for."""
        return self._service.videos()

    def __call__(self) -> Any:  # Any: as above
        return self._service

    def http(self, sender: Sender) -> Authorized:
        return Authorized(self._transport(), sender.credentials.access_token)

    def read(self, sender: Sender, request: Request) -> Json:
        """One call that makes nothing live. Raises TryLater, Reconnect, Refused."""
        with preparing(sender):
            found: Json = request.execute(http=self.http(sender), num_retries=0) or {}
            if not isinstance(found, dict):
                raise ValueError("not an object")
            return found

    def write(self, sender: Sender, request: Request) -> Json:
        """The one call that makes a comment live. Raises Unsure besides."""
        with going_live(sender):
            made: Json = request.execute(http=self.http(sender), num_retries=0)
            return made


@cache
def _document() -> dict[str, Any]:  # Any: Google's JSON
    text = (importlib.resources.files("googleapiclient") / DOCUMENT).read_text()
    document: dict[str, Any] = json.loads(text)  # Any: as above
    document.pop("mtlsRootUrl", None)
    return document


@contextmanager
def going_live(sender: Sender) -> Iterator[None]:
    """Around the one call that can make something live."""
    with final_call():
        try:
            yield
        except HttpError as error:
            raise meaning(sender, error, live=True) from error
        except (Error, ValueError, TypeError, AttributeError, KeyError) as error:
            raise Unsure("YouTube did not answer clearly.", detail=type(error).__name__, code="no_answer") from error


@contextmanager
def preparing(sender: Sender) -> Iterator[None]:
    """Around calls that make nothing live."""
    with before_final_call():
        try:
            yield
        except HttpError as error:
            raise meaning(sender, error, live=False) from error
        except (Error, ValueError, TypeError, AttributeError, KeyError) as error:
            raise TryLater("YouTube did not answer clearly.", detail=type(error).__name__, code="no_answer") from error


def succeeded(reply: Reply) -> None:
    """Raises Google's own HttpError for any status but 2xx, for `preparing` and `going_live` to understand."""
    if not 200 <= reply.status_code < 300:
        info = {name.lower(): value for name, value in reply.headers.items()}
        raise HttpError(httplib2.Response({**info, "status": str(reply.status_code)}), reply.content)


def reason(error: HttpError) -> str:
    """The machine-readable reason of Google's error body; "" for an HTML page or an empty one."""
    try:
        first = json.loads(error.content)["error"]["errors"][0]
        return str(first["reason"])
    except (ValueError, LookupError, TypeError):
        return ""


def meaning(sender: Sender, error: HttpError, *, live: bool) -> NetworkError:
    """What to do next after an answer that is no success; `live` says whether the call could have made it live."""
    status, why = int(error.status_code), reason(error)
    known: dict[str, Any] = {"detail": f"{status} {why} {_said(error)}"[:500], "code": why or str(status)}  # Any: words
    if why in QUOTA:
        return TryLater(
            "YouTube's quota of the day is used up.",
            after=until_midnight(datetime.now(UTC)),
            pauses=Pauses.APP,
            **known,
        )
    if status == 429 or why in PAUSE:
        return TryLater("YouTube asks for a pause.", after=retry_after(error.resp), pauses=Pauses.ACCOUNT, **known)
    if why == "uploadLimitExceeded":
        no_more = "YouTube takes no more videos from this channel today."
        return TryLater(no_more, after=UPLOADS_AGAIN, pauses=Pauses.ACCOUNT, **known)
    if status == 401 or why in AUTHORITY:
        return _unauthorized(sender, status, known)
    if why in OPERATOR or status in (405, 410):
        return TryLater("YouTube no longer offers this call: Gardu must be updated.", after=OPERATOR_MUST_ACT, **known)
    if 400 <= status < 500 and status != 408:
        return Refused(WORDS.get(why, f"YouTube does not take this: {_said(error)}"), **known)
    if live:
        return Unsure("YouTube failed while it was publishing.", **known)
    return TryLater("YouTube has a disturbance.", after=retry_after(error.resp), **known)


def _unauthorized(sender: Sender, status: int, known: dict[str, Any]) -> NetworkError:  # Any: words
    """An expiry that we foresaw is mended by a refresh, without a person."""
    expires = sender.credentials.expires_at
    if status == 401 and expires is not None and expires <= datetime.now(UTC) and sender.credentials.refresh_token:
        return TryLater("The access to YouTube must be renewed first.", **known)
    return Reconnect("YouTube no longer accepts the access to this channel.", **known)


def _said(error: HttpError) -> str:
    return str(error.reason or "").strip()[:300]


def until_midnight(now: datetime) -> timedelta:
    """How long until the quota is full again: midnight in California, and a minute."""
    here = now.astimezone(PACIFIC)
    midnight = datetime.combine(here.date() + timedelta(days=1), datetime.min.time(), PACIFIC)
    return midnight.astimezone(UTC) - now.astimezone(UTC) + timedelta(minutes=1)
