"""What a page tells whoever shares it: its tags, its pictures, its language, its feeds, its share buttons."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from html.parser import HTMLParser
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from smo.rules.places import places

FEEDS = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
ICONS = frozenset({"icon", "apple-touch-icon", "mask-icon"})
MOST = 50  # tags of one kind that are kept
LONGEST = 2000


@dataclass(slots=True)
class Anatomy:
    """What stands in a page, read without running it. `metas`: name or property in lower case -> its values."""

    url: str
    metas: dict[str, list[str]] = field(default_factory=dict)
    title: str = ""
    heading: str = ""
    words: str = ""  # the first paragraph with something in it
    lang: str = ""
    canonical: str = ""
    icons: list[str] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    oembed: str = ""
    shares: list[str] = field(default_factory=list)
    asks_password: bool = False

    def first(self, *names: str) -> str:
        """The first of these tags that says something."""
        return next((value for name in names for value in self.metas.get(name, []) if value), "")

    @property
    def image(self) -> str:
        """The picture for the card, as an absolute address."""
        named = self.first("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")
        return urljoin(self.url, named) if named else ""

    @property
    def own_title(self) -> str:
        return self.first("og:title", "twitter:title") or self.title or self.heading

    @property
    def own_description(self) -> str:
        return self.first("og:description", "description", "twitter:description") or self.words

    @property
    def robots(self) -> set[str]:
        """The directives of the robots tag, in lower case."""
        said = ",".join(self.metas.get("robots", []) + self.metas.get("gardubot", []))
        return {word.strip().lower() for word in said.split(",") if word.strip()}

    def as_json(self) -> dict[str, Any]:  # Any: JSON values
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:  # Any: JSON values
        return cls(**{name: value for name, value in kept.items() if name in cls.__dataclass_fields__})


def anatomy(url: str, html: str) -> Anatomy:
    """Read a page of `url`. Never raises: what is broken is read as far as it goes."""
    reader = _Reader(url)
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Anatomy(url)
        self._base = url
        self._into = ""
        self._svg = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: (value or "").strip()[:LONGEST] for name, value in attrs}
        self._svg += tag == "svg"
        if tag == "html":
            self.found.lang = given.get("lang", "")[:35]
        elif tag == "base" and self._base == self.found.url and given.get("href"):
            self._base = self._address(given["href"])
        elif tag == "meta":
            self._meta(given)
        elif tag == "link":
            self._link(given)
        elif tag == "a":
            self._anchor(given.get("href", ""))
        elif tag == "input" and given.get("type", "").lower() == "password":
            self.found.asks_password = True
        elif tag in ("title", "h1", "p") and not self._svg:
            self._into = tag

    def handle_endtag(self, tag: str) -> None:
        self._svg = max(0, self._svg - (tag == "svg"))
        if tag == self._into:
            self._into = ""

    def handle_data(self, data: str) -> None:
        said = " ".join(data.split())
        if not said or not self._into:
            return
        names = {"title": "title", "h1": "heading", "p": "words"}
        name = names[self._into]
        kept = getattr(self.found, name)
        if self._into == "p" and len(kept) >= 60:
            return
        setattr(self.found, name, f"{kept} {said}".strip()[:500])

    def _meta(self, given: dict[str, str]) -> None:
        name = (given.get("property") or given.get("name") or "").lower()[:80]
        values = self.found.metas.setdefault(name, []) if name and len(self.found.metas) < MOST * 2 else []
        if len(values) < MOST:
            values.append(given.get("content", ""))

    def _link(self, given: dict[str, str]) -> None:
        relation, kind = given.get("rel", "").lower().split(), given.get("type", "").lower()
        address = self._address(given.get("href", ""))
        if not address:
            return
        if "canonical" in relation:
            self.found.canonical = self.found.canonical or address
        if ICONS & set(relation) and len(self.found.icons) < MOST:
            self.found.icons.append(address)
        if "alternate" in relation and kind in FEEDS and len(self.found.feeds) < MOST:
            self.found.feeds.append(address)
        if "alternate" in relation and kind == "application/json+oembed":
            self.found.oembed = self.found.oembed or address

    def _anchor(self, href: str) -> None:
        slug = shared_to(href)
        if slug and slug not in self.found.shares:
            self.found.shares.append(slug)

    def _address(self, href: str) -> str:
        try:
            return urljoin(self._base, href) if href else ""
        except ValueError:
            return ""


def shared_to(href: str) -> str:
    """The place that a link shares to; "" for every other link."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    address = f"{host}{parts.path}"
    for slug, place in places().items():
        for begins in place.also:
            if (begins.startswith("/") and parts.path == begins) or address.startswith(begins):
                return slug
    return ""
