"""What Facebook's error codes mean for us: change it, wait, reconnect, or look."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from typing import Any

from networks.protocol import NetworkError, Pauses, Reconnect, Refused, TryLater, Unsure
from networks.wire import retry_after

Json = dict[str, Any]  # Any: Facebook's own JSON

APP_LIMIT = 4  # "Application request limit reached"; 17, 32 and 80001 are a person's or a Page's
NEARLY = 95  # percent: the last few are for what people do by hand
BREATHER = 60  # seconds: the budget is a rolling hour's, so a part of it comes back every minute
GONE = frozenset({(100, 33), (803, 0), (100, 2069031)})


class Meaning(Enum):
    """What to do next, and why, in a marketer's words."""

    THROTTLED = "Facebook asks us to slow down."
    TRANSIENT = "Facebook had trouble and may or may not have taken it."
    ACCESS = "Facebook has closed our access to this Page. Connect it again."
    PERMISSION = "Facebook does not let us do this for the Page. Connect it again and allow everything asked for."
    IDENTITY = "Facebook wants a person of the Page to confirm who they are first."
    POLICY = "Facebook refused this: it says it goes against its rules."
    WINDOW = "Facebook lets a Page answer within 24 hours of the customer's last message only."
    LINK = "Facebook could not read, or does not allow, the link."
    FILE = "Facebook does not take this picture or video."
    WRONG = "Facebook does not take this as it is."
    DUPLICATE = "Facebook says that this was posted already."
    VERSION = "Facebook no longer offers the interface version we use."


RECONNECT = frozenset({Meaning.ACCESS, Meaning.PERMISSION, Meaning.IDENTITY})
REFUSED = frozenset({Meaning.POLICY, Meaning.WINDOW, Meaning.LINK, Meaning.FILE, Meaning.WRONG})

# developers.facebook.com/docs/graph-api/guides/error-handling (2026-11-23); subcodes as other publishers met them.
SUBCODES: Mapping[int, Meaning] = {
    1390008: Meaning.THROTTLED,
    1346003: Meaning.POLICY,
    1404102: Meaning.POLICY,
    1404006: Meaning.IDENTITY,
    1404078: Meaning.IDENTITY,
    4854002: Meaning.IDENTITY,
    1366051: Meaning.DUPLICATE,
    1455006: Meaning.DUPLICATE,
    1366046: Meaning.FILE,
    2069019: Meaning.FILE,
    1609005: Meaning.LINK,
    1609008: Meaning.LINK,
    1363047: Meaning.TRANSIENT,
    1609010: Meaning.TRANSIENT,
    2018278: Meaning.WINDOW,
    2018108: Meaning.WRONG,
}
CODES: Mapping[int, Meaning] = {
    1: Meaning.TRANSIENT,
    2: Meaning.TRANSIENT,
    4: Meaning.THROTTLED,
    17: Meaning.THROTTLED,
    32: Meaning.THROTTLED,
    341: Meaning.THROTTLED,
    613: Meaning.THROTTLED,
    3: Meaning.PERMISSION,
    10: Meaning.PERMISSION,
    12: Meaning.VERSION,
    2500: Meaning.VERSION,  # unknown path: so an unknown version is refused
    2635: Meaning.VERSION,
    100: Meaning.WRONG,
    102: Meaning.ACCESS,
    190: Meaning.ACCESS,
    368: Meaning.POLICY,
    506: Meaning.DUPLICATE,
    551: Meaning.WRONG,
    803: Meaning.WRONG,
    1500: Meaning.LINK,
    1609005: Meaning.LINK,
    324: Meaning.FILE,
    352: Meaning.FILE,
    104: Meaning.ACCESS,
}


def meaning(status: int, code: int, subcode: int) -> Meaning | None:
    """What an error says, or None when it is not in the documented list."""
    if found := SUBCODES.get(subcode) or CODES.get(code):
        return found
    if 200 <= code <= 299:
        return Meaning.PERMISSION
    if 80_000 <= code <= 80_014 or status == 429:
        return Meaning.THROTTLED
    return None


def trouble(status: int, headers: Mapping[str, str], body: object, *, final: bool) -> NetworkError:
    """The error to raise for an answer that is no success.

    `final`: the call could have made something live, so what is not clearly a refusal is Unsure; else TryLater.
    """
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return _unclear(f"HTTP {status} without an error body", "", final=final, after=retry_after(headers))
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    detail = _detail(status, error)
    named = f"{code}/{subcode}" if subcode else str(code)
    found = meaning(status, code, subcode)
    if found is Meaning.VERSION:
        return TryLater(found.value, after=timedelta(hours=1), detail=detail, code=named)
    if found is Meaning.THROTTLED:
        whose = Pauses.APP if code == APP_LIMIT else Pauses.ACCOUNT
        return TryLater(found.value, after=pause(headers), detail=detail, code=named, pauses=whose)
    if found in RECONNECT:
        return Reconnect(found.value, detail=detail, code=named)
    if found in REFUSED:
        return Refused(found.value, detail=detail, code=named)
    if found is Meaning.DUPLICATE and final:
        return Unsure(found.value, detail=detail, code=named)
    return _unclear(detail, named, final=final, after=pause(headers))


def _unclear(detail: str, code: str, *, final: bool, after: timedelta | None) -> NetworkError:
    if final:
        return Unsure(Meaning.TRANSIENT.value, detail=detail, code=code)
    return TryLater("Facebook had trouble.", after=after, detail=detail, code=code)


def is_gone(error: NetworkError) -> bool:
    """Whether Facebook says that the thing does not exist (any more)."""
    code, _, subcode = error.code.partition("/")
    return (_number(code), _number(subcode)) in GONE


def pause(headers: Mapping[str, str]) -> timedelta | None:
    """How long Facebook wants us to wait: Retry-After, else the minutes in its usage header; None: it did not say."""
    asked = retry_after(headers)
    if asked is not None:
        return asked
    minutes = [_number(use.get("estimated_time_to_regain_access")) for use in _usage(headers)]
    return timedelta(minutes=max(minutes)) if any(minutes) else None


def rates(headers: Mapping[str, str], *, now: float | None = None) -> dict[str, str]:
    """What Facebook says of its budgets, in percent left: rate_remaining (the Page's), app_remaining (ours).

    From NEARLY on nothing is left, and rate_reset, app_reset (epoch seconds) say until when to be quiet; empty when
    Facebook says nothing.
    """
    moment = time.time() if now is None else now
    page, app = _usage(headers), _json(headers, "X-App-Usage")
    found: dict[str, str] = {"rate_limit": "100"} if page else {}
    found |= _left("rate", page, moment)
    return found | _left("app", [app] if app else [], moment)


def _left(name: str, uses: list[Json], now: float) -> dict[str, str]:
    used = [_number(use.get(part)) for use in uses for part in ("call_count", "total_time", "total_cputime")]
    if not used:
        return {}
    if max(used) < NEARLY:
        return {f"{name}_remaining": str(100 - max(used))}
    minutes = max(_number(use.get("estimated_time_to_regain_access")) for use in uses)
    return {f"{name}_remaining": "0", f"{name}_reset": str(int(now + (minutes * 60 or BREATHER)))}


def _json(headers: Mapping[str, str], name: str) -> Json:
    try:
        found = json.loads(headers.get(name) or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _usage(headers: Mapping[str, str]) -> list[Json]:
    lists = [uses for uses in _json(headers, "X-Business-Use-Case-Usage").values() if isinstance(uses, list)]
    return [use for uses in lists for use in uses if isinstance(use, dict)]


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else 0


def _detail(status: int, error: Json) -> str:
    says = " — ".join(str(error[name]) for name in ("message", "error_user_title", "error_user_msg") if error.get(name))
    return f"HTTP {status}: {says} [{error.get('fbtrace_id', '')}]"
