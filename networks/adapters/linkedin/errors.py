"""What LinkedIn's answers mean for us: change it, wait, reconnect, or look."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from networks.protocol import NetworkError, Pauses, Reconnect, Refused, TryLater, Unsure
from networks.wire import retry_after

Json = dict[str, Any]  # Any: LinkedIn's own JSON

URN = re.compile(r"urn:li:(?:share|ugcPost):\d+")
# Seen by other publishers on posts that later turned out to be fine, or not: neither a refusal nor a permission.
PASSING = ("resource is forbidden", "unable to obtain activity")
WAITING = frozenset({"MEDIA_ASSET_WAITING_UPLOAD", "MEDIA_ASSET_PROCESSING"})
POLICY = frozenset({"POLICY_VIOLATION", "SPAM", "CONTENT_RESTRICTED"})
AN_HOUR = timedelta(hours=1)


def trouble(status: int, headers: Mapping[str, str], body: object, *, final: bool) -> NetworkError:
    """The error to raise for an answer that is no success.

    `final`: the call could have made something live, so what is not clearly a refusal is Unsure; else TryLater.
    """
    said: Json = body if isinstance(body, dict) else {}
    codes = _codes(said)
    code = next(iter(codes), "") or str(said.get("serviceErrorCode", "") or status)
    message = str(said.get("message", ""))
    about: dict[str, Any] = {  # Any: keyword arguments of an error
        "detail": f"HTTP {status}: {message[:500]}",
        "code": code,
    }
    if status == 429:
        whose = Pauses.APP if "application" in message.lower() else Pauses.ACCOUNT
        return TryLater("LinkedIn asks us to slow down.", after=_pause(headers, message), pauses=whose, **about)
    if status == 401:
        return Reconnect("LinkedIn has closed our access to this page. Connect it again.", **about)
    if status in (405, 410, 426):
        return TryLater("LinkedIn no longer offers the interface version we use.", after=AN_HOUR, **about)
    if "DUPLICATE_POST" in codes and final:
        hint = URN.search(message)
        return Unsure("LinkedIn says that this was posted already.", hint=hint[0] if hint else "", **about)
    if WAITING & codes:
        return TryLater("LinkedIn is still processing the picture or video.", after=timedelta(minutes=1), **about)
    if status == 403 and not POLICY & codes and said:
        return _forbidden(message, about, final=final)
    if status in (400, 403, 404, 413, 422) and said:
        return Refused(_refusal(said, codes), **about)
    return _unclear(about, final=final, after=retry_after(headers))


def _forbidden(message: str, about: dict[str, Any], *, final: bool) -> NetworkError:
    if any(words in message.lower() for words in PASSING):
        return _unclear(about, final=final, after=None)
    return Reconnect("LinkedIn does not let us do this for the page. Connect it again, as its administrator.", **about)


def _unclear(about: dict[str, Any], *, final: bool, after: timedelta | None) -> NetworkError:
    if final:
        return Unsure("LinkedIn had trouble and may or may not have taken it.", **about)
    return TryLater("LinkedIn had trouble.", after=after, **about)


def _refusal(said: Json, codes: set[str]) -> str:
    if POLICY & codes:
        return "LinkedIn refused this: it says it goes against its rules."
    if "MEDIA_ASSET_PROCESSING_FAILED" in codes:
        return "LinkedIn could not process the picture or video."
    return "LinkedIn does not take this as it is."


def _codes(said: Json) -> set[str]:
    """All codes of an error body, the most telling (of its inputs) included."""
    inputs = (said.get("errorDetails") or {}).get("inputErrors") or []
    found = {str(one.get("code", "")) for one in inputs if isinstance(one, dict)} | {str(said.get("code", ""))}
    return found - {""}


def _pause(headers: Mapping[str, str], message: str) -> timedelta | None:
    """Retry-After when there is one; a used-up day ends at midnight UTC; else LinkedIn did not say."""
    asked = retry_after(headers)
    if asked is not None or "DAY limit" not in message:
        return asked
    now = datetime.now(UTC)
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - now
