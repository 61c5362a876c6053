"""RSS and Atom, also those of podcasts and of video channels."""

from __future__ import annotations

import calendar
import io
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import feedparser

from networks.fetch.client import Fetched, NotFetched
from networks.fetch.pages import words_of
from networks.fetch.told import ENTRIES, Entry, Feed, kept, web

DECLARES = re.compile(rb"<!\s*(?:ENTITY|ATTLIST|ELEMENT|NOTATION)", re.IGNORECASE)
ROWS = re.compile(rb"<(?:[\w.-]{1,20}:)?(?:item|entry|url|sitemap)[\s/>]", re.IGNORECASE)
MOST_ROWS = 3000
MOST_TAGS = 200_000
TAG_BYTES, TAG_ATTRIBUTES = 5_000, 500
PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
Parsed = Mapping[str, Any]  # Any: feedparser publishes no types


def check_safe(body: bytes) -> None:
    """A feed needs no declarations of its own; those that bring them mean to expand or to fetch something."""
    plain = body.replace(b"\0", b"")
    if DECLARES.search(body) or DECLARES.search(plain):
        raise NotFetched("unsafe")
    if sum(1 for _ in ROWS.finditer(plain)) > MOST_ROWS or plain.count(b"<") > MOST_TAGS:
        raise NotFetched("many")
    if any(_is_stuffed(part) for part in plain.split(b"<")):
        raise NotFetched("unsafe")


def _is_stuffed(part: bytes) -> bool:
    """Whether a tag brings attributes without end: reading them takes the square of their number."""
    return len(part) > TAG_BYTES and part.partition(b">")[0].count(b"=") > TAG_ATTRIBUTES


def parsed(found: Fetched) -> Feed:
    """The feed that came. Raises NotFetched("kind") for what is none."""
    # As a file: given bytes or text, feedparser would also try them as an address or a path.
    told: Any = feedparser.parse(  # Any: as above
        io.BytesIO(found.body),
        response_headers={"content-type": f"{found.kind}; charset={found.charset}" if found.charset else found.kind},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not told.get("version") and not told.entries:
        raise NotFetched("kind")
    rows = (_entry(row, str(told.feed.get("language", ""))) for row in told.entries[:ENTRIES])
    entries = tuple(entry for entry in rows if entry is not None)
    links = told.feed.get("links", []) or []
    return Feed(
        found.url,
        title=kept(words_of(str(told.feed.get("title", ""))), 200),
        entries=entries,
        etag=found.etag,
        modified=found.modified,
        kind=_kind(str(told.get("version", "")), entries),
        site=web(told.feed.get("link")),
        language=kept(told.feed.get("language", ""), 16),
        hub=_linked(links, "hub"),
        topic=_linked(links, "self"),
        minutes=_minutes(told.feed),
    )


def _kind(version: str, entries: tuple[Entry, ...]) -> str:
    if any(entry.sound for entry in entries):
        return "podcast"
    return "atom" if version.startswith("atom") else "rss"


def _linked(links: list[Parsed], relation: str) -> str:
    return next((web(link.get("href")) for link in links if link.get("rel") == relation and web(link.get("href"))), "")


def _minutes(feed: Parsed) -> int:
    """How seldom the feed asks to be read: <ttl>, or the syndication module's period."""
    ttl = str(feed.get("ttl", "")).strip()
    if ttl.isdecimal() and len(ttl) < 8:
        return int(ttl)
    period = PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower(), 0)
    often = str(feed.get("sy_updatefrequency", "1")).strip()
    return period // max(1, int(often) if often.isdecimal() and len(often) < 5 else 1)


def _entry(row: Parsed, language: str) -> Entry | None:
    enclosures = [one for one in row.get("enclosures", []) or [] if web(one.get("href"))]
    kinds = [str(one.get("type", "")) for one in enclosures]
    link = web(row.get("link")) or (web(enclosures[0].get("href")) if enclosures else "")
    if not link:
        return None
    contents = [str(one.get("value", "")) for one in row.get("content", []) or []]
    summary = str(row.get("summary", ""))
    longest = max([*contents, summary], key=len)
    tags = [kept(words_of(str(tag.get("term") or "")), 60).strip() for tag in row.get("tags", []) or []]
    own = (row.get("content") or [{}])[0].get("language") or row.get("title_detail", {}).get("language")
    return Entry(
        url=link,
        title=kept(words_of(str(row.get("title", ""))), 300),
        text=kept(words_of(longest), 20_000),
        published=_moment(row.get("published_parsed") or row.get("updated_parsed")),
        video="yt_videoid" in row or any("video" in kind for kind in kinds),
        guid=kept(row.get("id", ""), 500),
        summary=kept(words_of(summary), 5000),
        author=kept(words_of(str(row.get("author", ""))), 200),
        tags=tuple(dict.fromkeys(tag for tag in tags if tag))[:20],
        language=kept(own or language, 16),
        image=_image(row, enclosures),
        sound=any(kind.startswith("audio/") for kind in kinds),
    )


def _image(row: Parsed, enclosures: list[Parsed]) -> str:
    shown = [one.get("href") for one in enclosures if str(one.get("type", "")).startswith("image/")]
    shown += [one.get("url") for one in row.get("media_thumbnail", []) or []]
    shown += [one.get("url") for one in row.get("media_content", []) or [] if one.get("medium") == "image"]
    return next((address for each in shown if (address := web(each))), "")


def _moment(parsed: time.struct_time | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError):
        return None
