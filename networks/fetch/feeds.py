"""A feed's entries as posts: RSS, Atom, and what video channels publish; hostile ones are refused."""

from __future__ import annotations

import calendar
import io
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import feedparser

from networks.fetch.client import HTML, XML, Fetched, NotFetched, fetch
from networks.fetch.pages import head_of, words_of
from networks.wire import Reach

ENTRIES = 100
DECLARES = re.compile(rb"<!\s*(?:ENTITY|ATTLIST|ELEMENT|NOTATION)", re.IGNORECASE)
Parsed = Mapping[str, Any]  # Any: feedparser publishes no types


@dataclass(frozen=True, slots=True)
class Entry:
    """One post of a feed. `text` is plain; `published` None where the feed does not say."""

    url: str
    title: str
    text: str
    published: datetime | None = None
    video: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed told. `url`: the feed itself, where a page named it. `new` False: nothing since the last time."""

    url: str
    title: str = ""
    entries: tuple[Entry, ...] = ()
    etag: str = ""
    modified: str = ""
    new: bool = True


def read_feed(url: str, *, reach: Reach, etag: str = "", modified: str = "") -> Feed:
    """The feed at `url`, or the one that the page at `url` names. Raises NotFetched."""
    found = fetch(url, reach=reach, kinds=(*XML, *HTML), etag=etag, modified=modified)
    if found.kind in HTML:
        named = head_of(found).feed
        if not named:
            raise NotFetched("kind")
        found = fetch(named, reach=reach, kinds=XML)
    if not found.new:
        return Feed(url, etag=found.etag or etag, modified=found.modified or modified, new=False)
    return _parsed(found)


def _parsed(found: Fetched) -> Feed:
    _check_safe(found.body)
    # As a file: given bytes or text, feedparser would also try them as an address or a path.
    told: Any = feedparser.parse(  # Any: as above
        io.BytesIO(found.body),
        response_headers={"content-type": f"{found.kind}; charset={found.charset}" if found.charset else found.kind},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not told.get("version") and not told.entries:
        raise NotFetched("kind")
    entries = (_entry(found.url, row) for row in told.entries[:ENTRIES])
    return Feed(
        found.url,
        title=str(told.feed.get("title", ""))[:200],
        entries=tuple(entry for entry in entries if entry is not None),
        etag=found.etag,
        modified=found.modified,
    )


def _check_safe(body: bytes) -> None:
    """A feed needs no declarations of its own; those that bring them mean to expand or to fetch something."""
    if DECLARES.search(body) or DECLARES.search(body.replace(b"\0", b"")):
        raise NotFetched("unsafe")


def _entry(feed: str, row: Parsed) -> Entry | None:
    link = str(row.get("link", ""))
    parts = urlsplit(link)
    if parts.scheme not in ("http", "https") or not parts.hostname or len(link) > 1000:
        return None
    contents = [str(one.get("value", "")) for one in row.get("content", []) or []]
    longest = max([*contents, str(row.get("summary", ""))], key=len)
    return Entry(
        url=link,
        title=words_of(str(row.get("title", "")))[:300],
        text=words_of(longest)[:20_000],
        published=_moment(row.get("published_parsed") or row.get("updated_parsed")),
        video="yt_videoid" in row or any("video" in str(one.get("type", "")) for one in row.get("enclosures", [])),
    )


def _moment(parsed: time.struct_time | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError):
        return None
