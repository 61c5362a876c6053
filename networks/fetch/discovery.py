"""Which feeds a page names: in its head, and a WordPress site by its own interface."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

from networks.fetch.client import Fetched
from networks.fetch.pages import decoded, take_in
from networks.fetch.told import kept, web

KINDS = {
    "application/rss+xml": "rss",
    "application/atom+xml": "atom",
    "application/feed+json": "json",
    "application/json": "json",
}
INTERFACE = "https://api.w.org/"
MOST = 20


@dataclass(frozen=True, slots=True)
class Named:
    """A feed that a page names. `kind`: rss, atom, json or wp (a WordPress site's own list)."""

    url: str
    title: str
    kind: str


def feeds_in(found: Fetched) -> list[Named]:
    """The feeds of a page, the likeliest first: its own before those of comments, then what WordPress itself lists."""
    reader = _LinkReader(found.url)
    take_in(reader, decoded(found))
    seen = {named.url: named for named in reversed(reader.found)}
    return sorted(seen.values(), key=lambda named: (named.kind == "wp", "comment" in named.url.lower()))[:MOST]


class _LinkReader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.url = url
        self.found: list[Named] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag != "link" or len(self.found) >= MOST:
            return
        relation, kind = given.get("rel", "").lower().split(), KINDS.get(given.get("type", "").lower().strip(), "")
        address = web(urljoin(self.url, given.get("href", "")))
        if not address:
            return
        if "alternate" in relation and kind and not (kind == "json" and "wp-json" in address):
            self.found.append(Named(address, kept(given.get("title", ""), 200), kind))
        elif INTERFACE in relation:
            posts = f"{address.rstrip('/')}/wp/v2/posts?per_page=50&_embed=author,wp:term,wp:featuredmedia"
            self.found.append(Named(posts, "", "wp"))
