"""What a feed told: itself, and its entries in plain words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

ENTRIES = 100
# What no database and no XML takes: control characters and halves of a pair.
UNKEPT = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One post of a feed. `text` is plain, `summary` the feed's own short one; `published` None where it is not told.

    `guid` names it within its feed; empty: its address does. `sound`: an episode of a podcast.
    """

    url: str
    title: str
    text: str
    published: datetime | None = None
    video: bool = False
    guid: str = ""
    summary: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    image: str = ""
    sound: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed told. `url`: the feed itself, where a page named it. `new` False: nothing since the last time.

    `kind`: rss, atom, json, wp (WordPress), podcast or sitemap. `hub` tells of changes to `topic`. `minutes`: how
    seldom it asks to be read.
    """

    url: str
    title: str = ""
    entries: tuple[Entry, ...] = ()
    etag: str = ""
    modified: str = ""
    new: bool = True
    kind: str = ""
    site: str = ""
    language: str = ""
    hub: str = ""
    topic: str = ""
    minutes: int = 0


def kept(text: object, most: int) -> str:
    """`text` as it can be kept: without what no database takes, at most so many characters."""
    return UNKEPT.sub("", str(text or ""))[:most]


def web(address: object, most: int = 1000) -> str:
    """An address that a browser may open, else nothing."""
    told = str(address or "").strip()
    try:
        parts = urlsplit(told)
    except ValueError:
        return ""
    fits = parts.scheme in ("http", "https") and parts.hostname and len(told) <= most
    return told if fits and not UNKEPT.search(told) and not any(c.isspace() for c in told) else ""
