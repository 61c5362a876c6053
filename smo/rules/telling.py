"""What a site may tell us: every word of it comes from a stranger's browser, so each is measured before it is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qs, urlsplit

from smo.rules.callers import network_of, referrer_host
from smo.rules.clicks import PARAMETER

MOST_BYTES = 4096
MOST_VALUE = Decimal("1e9")
CURRENCY = re.compile(r"[A-Z]{3}")
KEY = re.compile(r"[\w.:#/-]{1,80}")
DIRECT = "(direct)"


class NotUnderstood(ValueError):
    """What was told makes no sense; the text is one of our own words and repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class Told:
    """One message: a landing, or (with a `key`) a conversion."""

    click: str = ""
    source: str = ""
    medium: str = ""
    name: str = ""
    network: str = ""
    key: str = ""
    goal: str = ""
    value: Decimal = Decimal(0)
    currency: str = ""
    untracked: bool = False


def read(body: bytes) -> Told:
    """The message in `body`. Raises NotUnderstood."""
    if len(body) > MOST_BYTES:
        raise NotUnderstood("too long")
    try:
        told = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise NotUnderstood("not JSON") from error
    if not isinstance(told, dict):
        raise NotUnderstood("not an object")
    if told.get("key") not in (None, ""):
        return conversion(told)
    return landing(told)


def landing(told: Mapping[str, Any]) -> Told:  # Any: JSON values
    """A landing: where the page is, and who sent the visitor. No path is kept."""
    asked = _query(_text(told, "url", 2000))
    own = (urlsplit(_safe(_text(told, "url", 2000))).hostname or "").removeprefix("www.")
    referrer = referrer_host(_text(told, "referrer", 2000))
    if referrer.removeprefix("www.") == own:
        referrer = ""
    source = _first(asked, "utm_source", 120) or referrer or DIRECT
    return Told(
        click=_first(asked, PARAMETER, 64),
        source=source,
        medium=_first(asked, "utm_medium", 80),
        name=_first(asked, "utm_campaign", 120),
        network=network_of(referrer),
        untracked=bool(told.get("untracked")),
    )


def conversion(told: Mapping[str, Any]) -> Told:  # Any: JSON values
    """A conversion: the site's own key for it, what it was, and what it is worth. Raises NotUnderstood."""
    key = _text(told, "key", 80)
    if not KEY.fullmatch(key):
        raise NotUnderstood("key")
    value, currency = _value(told.get("value")), _text(told, "currency", 4).upper()
    if (currency and not CURRENCY.fullmatch(currency)) or (value and not currency):
        raise NotUnderstood("currency")
    goal = _text(told, "goal", 60)
    click = _text(told, "click", 64)
    return Told(key=key, goal=goal, value=value, currency=currency, click=click, untracked=bool(told.get("untracked")))


def _value(given: object) -> Decimal:
    if given in (None, ""):
        return Decimal(0)
    if isinstance(given, bool) or not isinstance(given, str | int | float | Decimal):
        raise NotUnderstood("value")
    try:
        value = Decimal(str(given)).quantize(Decimal("0.0001"))
    except InvalidOperation as error:
        raise NotUnderstood("value") from error
    if not value.is_finite() or not 0 <= value <= MOST_VALUE:
        raise NotUnderstood("value")
    return value


def _text(told: Mapping[str, Any], name: str, most: int) -> str:  # Any: JSON values
    value = told.get(name, "")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise NotUnderstood(name)
    return "".join(letter for letter in value[:most] if letter.isprintable()).strip()


def _query(url: str) -> dict[str, list[str]]:
    try:
        return parse_qs(urlsplit(url).query, max_num_fields=100)
    except ValueError:
        return {}


def _safe(url: str) -> str:
    try:
        urlsplit(url)
    except ValueError:
        return ""
    return url


def _first(asked: Mapping[str, list[str]], name: str, most: int) -> str:
    value = asked.get(name, [""])[0]
    return "".join(letter for letter in value if letter.isprintable())[:most].strip()


def _no_constant(word: str) -> Any:  # Any: never returns
    raise ValueError(word)
