"""How X is called through tweepy, and what each of its answers means for a post."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
import tweepy

from networks.async_wire import AsyncWire, Reply
from networks.protocol import NetworkError, Pauses, Reconnect, Refused, Sender, TryLater, Unsure
from networks.wire import before_final_call, final_call, retry_after

# tweepy writes headers with the bearer token into its debug log.
logging.getLogger("tweepy").setLevel(logging.WARNING)

API = "https://api.x.com"
DUPLICATE = "duplicate content"
OPERATOR_MUST_ACT = timedelta(hours=1)
NEXT_CAP = timedelta(hours=6)
Response = requests.Response | Reply


class Client(tweepy.Client):  # type: ignore[misc]  # tweepy publishes no types
    """tweepy's v2 client with our session: rerouted, with timeouts, and never sleeping."""

    def __init__(self, token: str, session: requests.Session) -> None:
        super().__init__(bearer_token=token, wait_on_rate_limit=False, return_type=requests.Response)
        self.session = session

    def call(
        self, method: str, route: str, *, params: Mapping[str, Any] | None = None, json: Any = None
    ) -> requests.Response:
        # Any: what X takes as query or JSON body
        """One call with the user's token. Raises tweepy's HTTPException for any status but 2xx."""
        response: requests.Response = self.request(method, route, params=params, json=json, user_auth=False)
        return response

    def form(
        self, route: str, fields: Mapping[str, str], files: Mapping[str, tuple[str, bytes, str]]
    ) -> requests.Response:
        """One multipart call, which tweepy's own `request` cannot make."""
        headers = {"Authorization": f"Bearer {self.bearer_token}", "User-Agent": self.user_agent}
        response: requests.Response = self.session.post(API + route, data=fields, files=files, headers=headers)
        if not 200 <= response.status_code < 300:
            raise tweepy.HTTPException(response)
        return response


async def post_async(wire: AsyncWire, sender: Sender, route: str, body: Any) -> Reply:  # Any: what X takes as JSON
    """One call without tweepy, which knows no event loop; inside `going_live`. Raises as `meaning` says."""
    headers = {"Authorization": f"Bearer {sender.credentials.access_token}"}
    reply = await wire.ask("POST", API + route, headers=headers, json=body)
    if not 200 <= reply.status_code < 300:
        raise meaning(sender, reply, live=True)
    return reply


@contextmanager
def going_live(sender: Sender) -> Iterator[None]:
    """Around the one call that can make something live."""
    with final_call():
        try:
            yield
        except tweepy.HTTPException as error:
            raise meaning(sender, error.response, live=True) from error
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            # An answer that is no JSON object; also tweepy's own stumbling over an error body of another shape.
            raise Unsure("X did not answer clearly.", detail=type(error).__name__, code="no_answer") from error


@contextmanager
def preparing(sender: Sender) -> Iterator[None]:
    """Around calls that make nothing live: uploads, readings, deletions."""
    with before_final_call():
        try:
            yield
        except tweepy.HTTPException as error:
            raise meaning(sender, error.response, live=False) from error
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            raise TryLater("X did not answer clearly.", detail=type(error).__name__, code="no_answer") from error


def meaning(sender: Sender, response: Response, *, live: bool) -> NetworkError:
    """What to do next after an answer that is no success; `live` says whether the call could have put a post live."""
    status = response.status_code
    kind, detail = problem(response)
    known: dict[str, Any] = {
        "detail": f"{status} {detail}"[:500],
        "code": kind or str(status),
    }  # Any: keyword arguments
    if status == 429 or kind == "usage-capped":
        whose = Pauses.APP if kind == "usage-capped" or _of_the_app(response) else Pauses.ACCOUNT
        return TryLater("X asks for a pause.", after=wait(response, kind), pauses=whose, **known)
    if status == 401:
        return _unauthorized(sender, known)
    if status == 403:
        return _forbidden(kind, detail, known)
    if status in (404, 405, 410, 426) and live:
        return TryLater("X no longer offers this call: Gardu must be updated.", after=OPERATOR_MUST_ACT, **known)
    if 400 <= status < 500 and status != 408:
        return _invalid(detail, known)
    if live:
        return Unsure("X failed while it was publishing.", **known)
    return TryLater("X has a disturbance.", after=retry_after(response.headers), **known)


def _unauthorized(sender: Sender, known: dict[str, Any]) -> NetworkError:
    """Expired and revoked look alike on X; an expiry that we foresaw is mended by a refresh, without a person."""
    expires = sender.credentials.expires_at
    if expires is not None and expires <= datetime.now(UTC) and sender.credentials.refresh_token:
        return TryLater("The access to X must be renewed first.", **known)
    return Reconnect("X no longer accepts the access to this account.", **known)


def _forbidden(kind: str, detail: str, known: dict[str, Any]) -> NetworkError:
    lower = detail.lower()
    if DUPLICATE in lower:
        return Unsure("X says that it already has this post.", **{**known, "code": "duplicate"})
    if "suspended" in kind or "suspended" in lower:
        return Reconnect("The account is suspended on X.", **known)
    if kind in ("unsupported-authentication", "oauth1-permissions") or lower in ("forbidden", ""):
        return Reconnect("The access to X does not cover this: connect the account again.", **known)
    if kind in ("client-forbidden", "client-not-enrolled"):
        return TryLater("X has locked Gardu's app: its operator must act.", after=OPERATOR_MUST_ACT, **known)
    if "reply to a tweet that is deleted" in lower:
        return Refused("The post to answer is no longer there.", **known)
    return Refused(f"X does not allow this: {detail}", **known)


def _invalid(detail: str, known: dict[str, Any]) -> NetworkError:
    if "media ids are invalid" in detail.lower():
        return TryLater("X lost the uploaded media: they are uploaded again.", **{**known, "code": "media_lost"})
    return Refused(f"X does not take this: {detail}", **known)


def problem(response: Response) -> tuple[str, str]:
    """The last segment of the problem's type ("" for about:blank), and its words."""
    try:
        body = response.json()
    except ValueError:
        return "", response.reason or ""
    if not isinstance(body, dict):
        return "", ""
    kind = str(body.get("type", "")).rsplit("/", 1)[-1] if "/" in str(body.get("type", "")) else ""
    said = [str(body.get("detail") or body.get("title") or "")]
    errors = body.get("errors")
    if isinstance(errors, list):
        said = [str(one.get("message") or one.get("detail") or "") for one in errors if isinstance(one, dict)] or said
    return kind, "; ".join(filter(None, said))


def wait(response: Response, kind: str = "") -> timedelta | None:
    """How long X wants us to stay away; None when it does not say."""
    asked = retry_after(response.headers)
    if asked is not None:
        return asked
    reset = response.headers.get("x-rate-limit-reset", "")
    if reset.isdecimal():
        return timedelta(seconds=max(1.0, int(reset) - time.time()))
    return NEXT_CAP if kind == "usage-capped" else None


def _of_the_app(response: Response) -> bool:
    """Whether it is the day's budget of our registration that is used up, and not the account's."""
    return response.headers.get("x-app-limit-24hour-remaining") == "0"


def rates(response: Response) -> dict[str, str]:
    """What X says of its budgets: rate_limit, rate_remaining, rate_reset (epoch seconds) of the account's tightest one,
    app_remaining and app_reset of our registration's day.
    """
    headers = response.headers
    kinds = [_budget(headers, "x-rate-limit-"), _budget(headers, "x-user-limit-24hour-")]
    known = [kind for kind in kinds if kind.get("remaining", "").isdecimal()]
    tightest = min(known, key=lambda kind: int(kind["remaining"]), default=kinds[0])
    found = {f"rate_{name}": value for name, value in tightest.items()}
    day = _budget(headers, "x-app-limit-24hour-")
    return found | {f"app_{name}": value for name, value in day.items() if name != "limit"}


def _budget(headers: Mapping[str, str], prefix: str) -> dict[str, str]:
    told = {name: headers.get(prefix + name, "") for name in ("limit", "remaining", "reset")}
    return {name: value for name, value in told.items() if value}
