"""The tags of a link: put on an address without touching the rest of it, and filled in for a channel."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from smo.protocol import UTM_FIELDS, Utm


def tagged(url: str, utm: Utm) -> str:
    """`url` with its UTM tags; a tag that the address carries already stays as its writer meant it."""
    return with_pairs(url, {f"utm_{name}": value for name, value in utm.as_json().items()})


def with_pairs(url: str, wanted: Mapping[str, str]) -> str:
    """`url` with more in its query, before the fragment; nothing that is there is written anew or said twice."""
    parts = urlsplit(url)
    there = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    more = "&".join(f"{name}={quote(value, safe='')}" for name, value in wanted.items() if name not in there)
    if not more:
        return url
    return urlunsplit(parts._replace(query=f"{parts.query}&{more}" if parts.query else more))


def filled(preset: Utm, channels: Mapping[str, Mapping[str, str]], *, network: str = "", campaign: str = "") -> Utm:
    """The preset's tags for one network: its own values first, {network} and {campaign} filled in."""
    own = channels.get(network, {})
    names = {"{network}": network, "{campaign}": campaign}
    return Utm(**{field: _filled(own.get(field) or getattr(preset, field), names) for field in UTM_FIELDS})


def _filled(text: str, names: Mapping[str, str]) -> str:
    for name, value in names.items():
        text = text.replace(name, value)
    return text[:80]
