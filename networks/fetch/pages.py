"""A public page's own words about itself: Open Graph, and oEmbed where the page names it."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from networks.fetch.client import HTML, JSON, Fetched, NotFetched, fetch
from networks.wire import Reach

LONGEST = 20_000
TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|igsh|igshid|mc_[ce]id|ref_src)")
BREAKS = frozenset({"p", "br", "div", "li", "blockquote", "h1", "h2", "h3", "h4", "tr", "figure", "section"})
SILENT = frozenset({"script", "style", "noscript", "template", "svg"})
FEEDS = frozenset({"application/rss+xml", "application/atom+xml"})


@dataclass(frozen=True, slots=True)
class Page:
    """What a public page says of itself. `text` "" : it keeps its words to itself, and somebody must type them."""

    url: str  # the canonical address, on the same site
    title: str = ""
    text: str = ""
    author: str = ""
    published: datetime | None = None
    video: bool = False


@dataclass(slots=True)
class Head:
    """What stands in a page's head."""

    metas: dict[str, str] = field(default_factory=dict)
    title: str = ""
    canonical: str = ""
    feed: str = ""
    oembed: str = ""

    def first(self, *names: str) -> str:
        return next((self.metas[name] for name in names if self.metas.get(name)), "")


def read_page(url: str, *, reach: Reach) -> Page:
    """The page at `url` by its own head, or by the oEmbed it names. Raises NotFetched."""
    found = fetch(url, reach=reach, kinds=HTML)
    head = head_of(found)
    page = Page(
        url=_own(found.url, head),
        title=head.first("og:title", "twitter:title")[:300] or head.title[:300],
        text=head.first("og:description", "twitter:description", "description")[:LONGEST],
        author=head.first("article:author", "twitter:creator", "author")[:200],
        published=_moment(head.first("article:published_time", "og:published_time", "datepublished")),
        video=head.first("og:type").startswith("video") or bool(head.first("og:video", "og:video:url")),
    )
    return page if page.text or not head.oembed else _with_oembed(page, head.oembed, reach)


def _with_oembed(page: Page, address: str, reach: Reach) -> Page:
    try:
        told = json.loads(fetch(address, reach=reach, kinds=JSON, limit=256 * 1024).body)
    except (NotFetched, ValueError):
        return page
    if not isinstance(told, dict):
        return page
    words = words_of(str(told.get("html") or ""))[:LONGEST]
    return replace(page, text=words, author=page.author or str(told.get("author_name") or "")[:200])


def canonical(url: str) -> str:
    """`url` as it is the same however it was shared: https, lower-case host, without tracking and fragment."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").lower().rstrip(".")
    if parts.port not in (None, 80, 443):
        host = f"{host}:{parts.port}"
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if not TRACKING.fullmatch(name)])
    path = parts.path.rstrip("/")
    return f"https://{host}{path}" + (f"?{query}" if query else "")


def _own(url: str, head: Head) -> str:
    """Another site's page is never this one, whatever the page claims."""
    for named in (head.canonical, head.metas.get("og:url", "")):
        address = urljoin(url, named) if named else ""
        if address and urlsplit(address).hostname == urlsplit(url).hostname:
            return address
    return url


def head_of(found: Fetched) -> Head:
    reader = _HeadReader(found.url)
    take_in(reader, decoded(found))
    return reader.head


def decoded(found: Fetched) -> str:
    named = re.search(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{1,40})", found.body[:2048], re.IGNORECASE)
    for charset in (found.charset, named[1].decode() if named else "", "utf-8"):
        try:
            return found.body.decode(charset or "utf-8")
        except (LookupError, UnicodeDecodeError):
            continue
    return found.body.decode("utf-8", "replace")


def take_in(reader: HTMLParser, markup: str) -> None:
    """Let `reader` read as far as anybody can: Python's own parser gives up at sections that nobody defined."""
    with suppress(AssertionError):
        reader.feed(closed(markup))
        reader.close()


def closed(markup: str) -> str:
    """`markup` without a tag that never ends: the parser would look for its end anew at every `<` after it."""
    end = markup.rfind(">") + 1
    rest, opened, _lost = markup[end:].partition("<")
    return markup[:end] + rest if opened else markup


def words_of(markup: str) -> str:
    """The plain words of a piece of HTML, its paragraphs as lines."""
    reader = _WordReader()
    take_in(reader, markup)
    lines = (" ".join(line.split()) for line in "".join(reader.words).splitlines())
    return "\n".join(line for line in lines if line)


class _HeadReader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.url = url
        self.head = Head()
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = (given.get("property") or given.get("name") or given.get("itemprop") or "").lower()
            self.head.metas.setdefault(name, given.get("content", "").strip())
        elif tag == "link":
            self._link(given)
        self._in_title = tag == "title"

    def _link(self, given: dict[str, str]) -> None:
        relation, kind = given.get("rel", "").lower().split(), given.get("type", "").lower()
        address = urljoin(self.url, given.get("href", ""))
        if "canonical" in relation:
            self.head.canonical = self.head.canonical or address
        elif "alternate" in relation and kind in FEEDS:
            self.head.feed = self.head.feed or address
        elif "alternate" in relation and kind == "application/json+oembed":
            self.head.oembed = self.head.oembed or address

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title and not self.head.title:
            self.head.title = data.strip()


class _WordReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        if tag in BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in SILENT))
        if tag in BREAKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
