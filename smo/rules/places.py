"""The places a page can be shared to, and the address at each that opens a ready message there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

FOLDER = Path(__file__).parent / "places"
SERVER = "{server}"
UNTOUCHED = "!'()*~"  # what a browser's encodeURIComponent leaves alone: scripts look for what we wrote
SHEET = "sheet"  # not a place of its own: the phone's own list of places
COPY = "copy"


@dataclass(frozen=True, slots=True)
class Place:
    """One place to share to. `params`: its parameters, each filled with url, text, or both in one.

    `source` says where the address is described and `checked` when that was read; `documented` False: in use, but no
    page promises it. `colour` carries white letters at 4.5:1 or better.
    """

    slug: str
    name: str
    colour: str
    address: str
    params: Mapping[str, str]
    source: str
    checked: str
    documented: bool = True
    note: str = ""
    also: Sequence[str] = ()  # how other people's buttons begin, without scheme and www

    @property
    def asks_server(self) -> bool:
        """Whether it is many servers, and a reader must say which one is theirs."""
        return SERVER in self.address

    def intent(self, url: str, text: str = "", *, server: str = "") -> str:
        """The address that opens a ready message with `url` and `text`; with `{server}` left in while none is given."""
        filled = {"url": url, "text": text, "both": f"{text} {url}".strip()}
        pairs = [f"{name}={quote(filled[what], safe=UNTOUCHED)}" for name, what in self.params.items() if filled[what]]
        address = self.address.replace(SERVER, server) if server else self.address
        return f"{address}?{'&'.join(pairs)}" if pairs else address or url


@cache
def places() -> dict[str, Place]:
    """Every place by its slug, in the order in which they are offered."""
    return {row["slug"]: Place(**row) for row in json.loads((FOLDER / "places.json").read_text())}


def usual() -> tuple[str, ...]:
    """What a new set of buttons begins with."""
    return (*list(places())[:5], COPY)


def labelled(url: str, *, source: str, campaign: str = "", medium: str = "share") -> str:
    """`url` with UTM parameters that say through which button a visitor came; those it carries already stay."""
    parts = urlsplit(url)
    asked = parse_qsl(parts.query, keep_blank_values=True)
    known = {name for name, _value in asked}
    given = {"utm_source": source, "utm_medium": medium, "utm_campaign": campaign}
    asked += [(name, value) for name, value in given.items() if value and name not in known]
    return urlunsplit(parts._replace(query=urlencode(asked)))
