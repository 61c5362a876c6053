"""Site maps as feeds: the newest addresses of a site, with the titles that a news map brings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from networks.fetch.client import Fetched, NotFetched
from networks.fetch.told import ENTRIES, Entry, Feed, kept, web

ROOT = re.compile(rb"<(?:\w{1,20}:)?(?:urlset|sitemapindex)[\s>]")
OLDEST = datetime(1970, 1, 1, tzinfo=UTC)


def is_sitemap(body: bytes) -> bool:
    """Whether a document's root is one of a site map."""
    return bool(ROOT.search(body[:4096]))


def parsed(found: Fetched) -> tuple[Feed, list[str]]:
    """The map's newest entries; of an index none, and the maps it leads to, the newest first. Raises NotFetched."""
    try:
        root = fromstring(found.body, forbid_dtd=True)
    except (ParseError, ValueError, DefusedXmlException) as error:
        raise NotFetched("kind") from error
    rows = [_row(each) for each in root if _local(each) in ("url", "sitemap")]
    feed = Feed(found.url, etag=found.etag, modified=found.modified, kind="sitemap")
    if _local(root) == "sitemapindex":
        return feed, [entry.url for entry in newest(entry for entry in rows if entry)]
    return Feed(
        found.url,
        entries=newest(entry for entry in rows if entry),
        etag=found.etag,
        modified=found.modified,
        kind="sitemap",
    ), []


def newest(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The newest of them, by when they last changed."""
    told = list(entries)
    return tuple(sorted(told, key=lambda entry: entry.published or OLDEST, reverse=True)[:ENTRIES])


def _row(element: Element) -> Entry | None:
    told: dict[str, str] = {}
    for part in element.iter():
        if part.text and part.text.strip():
            told.setdefault(_local(part), part.text.strip())
    link = web(told.get("loc"))
    if not link:
        return None
    return Entry(
        url=link,
        title=kept(told.get("title"), 300),
        text="",
        published=_moment(told.get("publication_date") or told.get("lastmod") or ""),
        guid=link[:500],
        tags=tuple(kept(word, 60).strip() for word in told.get("keywords", "").split(",") if word.strip())[:20],
        language=kept(told.get("language"), 16),
    )


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _moment(value: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
