"""A feed's entries as posts: RSS, Atom, JSON Feed, podcasts, WordPress, site maps; hostile ones are refused."""

from __future__ import annotations

import re
from dataclasses import replace

from networks.fetch import discovery, json_feeds, sitemaps, xml_feeds
from networks.fetch.client import HTML, JSON, XML, Fetched, NotFetched, fetch
from networks.fetch.told import Entry, Feed
from networks.wire import Reach

FEED_JSON = (*JSON, "application/feed+json")
PLAIN = ("text/plain", "application/octet-stream")  # what careless servers call a feed
BYTES = 4 * 1024 * 1024
SITEMAPS = 3  # read of an index, the newest first
LINKS = re.compile(r"<([^>]{1,1000})>\s*;([^,]{1,300})")

__all__ = ["Entry", "Feed", "feeds_at", "read_feed"]


def read_feed(url: str, *, reach: Reach, etag: str = "", modified: str = "") -> Feed:
    """The feed at `url`, or the one that the page at `url` names. Raises NotFetched."""
    kinds = (*XML, *FEED_JSON, *PLAIN)
    found = fetch(url, reach=reach, kinds=(*kinds, *HTML), limit=BYTES, etag=etag, modified=modified)
    if not found.new:
        return Feed(url, etag=found.etag or etag, modified=found.modified or modified, new=False)
    if found.kind in HTML:
        named = discovery.feeds_in(found)
        if not named:
            raise NotFetched("kind")
        found = fetch(named[0].url, reach=reach, kinds=kinds, limit=BYTES)
    return _with_hub(_parsed(found, reach), found)


def feeds_at(url: str, *, reach: Reach) -> list[discovery.Named]:
    """The feed at `url` itself, or those that the page there names, the likeliest first. Raises NotFetched."""
    found = fetch(url, reach=reach, kinds=(*XML, *FEED_JSON, *PLAIN, *HTML), limit=BYTES)
    if found.kind in HTML:
        return discovery.feeds_in(found)
    feed = _parsed(found, reach)
    return [discovery.Named(found.url, feed.title, feed.kind)]


def _parsed(found: Fetched, reach: Reach) -> Feed:
    if json_feeds.is_json(found):
        return json_feeds.parsed(found)
    xml_feeds.check_safe(found.body)
    if sitemaps.is_sitemap(found.body):
        feed, parts = sitemaps.parsed(found)
        for part in parts[:SITEMAPS]:
            feed = _with_part(feed, part, reach)
        return feed
    return xml_feeds.parsed(found)


def _with_part(feed: Feed, part: str, reach: Reach) -> Feed:
    """An index leads to its own maps and no further; one that is broken is left out."""
    try:
        found = fetch(part, reach=reach, kinds=(*XML, *PLAIN), limit=BYTES)
        xml_feeds.check_safe(found.body)
        more, _parts = sitemaps.parsed(found)
    except NotFetched:
        return feed
    return replace(feed, entries=sitemaps.newest((*feed.entries, *more.entries)))


def _with_hub(feed: Feed, found: Fetched) -> Feed:
    """What the answer's own Link header says of hub and topic weighs more than the document."""
    named = {
        relation: url
        for url, more in LINKS.findall(found.link)
        for relation in re.findall(r'rel="?([\w ]+)"?', more)
        if relation in ("hub", "self")
    }
    return replace(feed, hub=named.get("hub") or feed.hub, topic=named.get("self") or feed.topic or feed.url)
