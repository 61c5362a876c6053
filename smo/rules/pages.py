"""What keeps a page from looking good when it is shared, how much each costs, and the exact tags that mend it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from html import escape
from typing import Any, Self
from urllib.parse import urlsplit

from smo.rules.anatomy import Anatomy
from smo.rules.cards import KINDS, CardRule, Picture, card_rules, cut, fits

FULL = 100
BEST = (1200, 630)
RATIO_SLACK = 0.35
TWITTER_CARDS = frozenset({"summary", "summary_large_image", "player", "app"})
TITLE_KEPT, DESCRIPTION_KEPT = 70, 200  # what every documented limit lets through
NO_PICTURE = "https://…/card-1200x630.jpg"


@dataclass(frozen=True, slots=True)
class Facts:
    """What one look at a page found. `feed` and `oembed`: "" none named, "ok", else why it could not be read."""

    page: Anatomy
    picture: Picture | None = None
    feed: str = ""
    oembed: str = ""
    status_robots: str = ""  # what the server said in X-Robots-Tag
    size: int = 0
    milliseconds: int = 0

    def as_json(self) -> dict[str, Any]:  # Any: JSON values
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:  # Any: JSON values
        given = dict(kept)
        given["page"] = Anatomy.from_json(given["page"])
        given["picture"] = Picture(**given["picture"]) if given.get("picture") else None
        return cls(**given)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. `points`: what it costs; `values` fill its words; `tag`: the line to paste, if one helps."""

    code: str
    points: int
    values: Mapping[str, Any] = field(default_factory=dict)  # Any: words and numbers
    tag: str = ""

    @property
    def status(self) -> str:
        """How it is shown: must_fix, warning or info."""
        return "must_fix" if self.points >= 8 else "warning" if self.points >= 3 else "info"


def findings(facts: Facts) -> list[Finding]:
    """Everything that could be better, the costliest first."""
    found = [*_words(facts), *_picture(facts), *_where(facts), *_around(facts)]
    return sorted(found, key=lambda finding: -finding.points)


def score(found: list[Finding]) -> int:
    """From 0 to 100."""
    return max(0, FULL - sum(finding.points for finding in found))


def meta(name: str, content: str) -> str:
    """One line to paste; Open Graph is written with `property`, all else with `name`."""
    attribute = "property" if name.startswith(("og:", "article:")) else "name"
    return f'<meta {attribute}="{escape(name)}" content="{escape(content)}">'


def tags(facts: Facts) -> str:
    """The whole set of tags for this page, with its own words, ready to paste into its head."""
    page = facts.page
    title, description = cut(page.own_title, TITLE_KEPT), cut(page.own_description, DESCRIPTION_KEPT)
    lines = [
        meta("og:title", title),
        meta("og:description", description),
        meta("og:type", page.first("og:type") or "website"),
        meta("og:url", page.canonical or page.url),
        meta("og:site_name", page.first("og:site_name") or (urlsplit(page.url).hostname or "")),
        meta("og:image", page.image or NO_PICTURE),
    ]
    if facts.picture and facts.picture.width:
        lines += [meta("og:image:width", str(facts.picture.width)), meta("og:image:height", str(facts.picture.height))]
    lines += [
        meta("og:image:alt", page.first("og:image:alt", "twitter:image:alt") or title),
        meta("twitter:card", page.first("twitter:card") or "summary_large_image"),
        meta("description", description),
        f'<link rel="canonical" href="{escape(page.canonical or page.url)}">',
    ]
    return "\n".join(lines)


def _words(facts: Facts) -> Iterator[Finding]:
    page = facts.page
    title, description = page.own_title, page.own_description
    if not page.title and not page.first("og:title"):
        yield Finding("no_title", 15, tag=meta("og:title", cut(title or "…", TITLE_KEPT)))
    elif not page.first("og:title"):
        yield Finding("no_og_title", 6, tag=meta("og:title", cut(title, TITLE_KEPT)))
    if not page.first("og:description", "description", "twitter:description"):
        yield Finding("no_description", 12, tag=meta("og:description", cut(description or "…", DESCRIPTION_KEPT)))
    elif not page.first("og:description"):
        yield Finding("no_og_description", 4, tag=meta("og:description", cut(description, DESCRIPTION_KEPT)))
    if names := _too_long(title, "title"):
        tag = meta("og:title", cut(title, TITLE_KEPT))
        yield Finding("title_cut", 3, {"count": len(title), "names": ", ".join(names)}, tag)
    if page.first("og:description", "description") and (names := _too_long(description, "description")):
        tag = meta("og:description", cut(description, DESCRIPTION_KEPT))
        yield Finding("description_cut", 2, {"count": len(description), "names": ", ".join(names)}, tag)


def _too_long(words: str, what: str) -> list[str]:
    """The networks whose documented limit cuts `words` off."""
    limits = ((rule, int(getattr(rule, what))) for rule in card_rules() if what in rule.documented)
    return [f"{rule.name} ({limit})" for rule, limit in limits if limit and len(words) > limit]


def _picture(facts: Facts) -> Iterator[Finding]:
    page, picture = facts.page, facts.picture
    named = page.first("og:image", "og:image:url", "twitter:image")
    if not named:
        yield Finding("no_image", 20, tag=meta("og:image", NO_PICTURE))
        return
    if not urlsplit(named).scheme:
        yield Finding("image_relative", 4, tag=meta("og:image", page.image))
    elif page.image.startswith("http://"):
        yield Finding("image_http", 3, tag=meta("og:image", "https" + page.image.removeprefix("http")))
    if not page.first("og:image:alt", "twitter:image:alt"):
        yield Finding("no_image_alt", 3, tag=meta("og:image:alt", cut(page.own_title, TITLE_KEPT)))
    if picture is None:
        return
    if picture.trouble:
        yield Finding("image_gone", 18, {"why": picture.trouble})
        return
    if picture.kind not in KINDS:
        yield Finding("image_kind", 10, {"kind": picture.kind})
        return
    yield from _measures(picture)
    if not page.first("og:image:width"):
        both = (meta("og:image:width", str(picture.width)), meta("og:image:height", str(picture.height)))
        yield Finding("no_image_size", 1, tag="\n".join(both))


def _measures(picture: Picture) -> Iterator[Finding]:
    size = {"width": picture.width, "height": picture.height}
    refused = [rule.name for rule in card_rules() if "image" in rule.documented and not fits(rule, picture)]
    heavy = [rule.name for rule in _documented() if picture.size > int(rule.image["bytes"])]
    if refused and not heavy:
        yield Finding("image_small", 10, size | {"names": ", ".join(refused)})
    elif picture.width < BEST[0] or picture.height < BEST[1] - 30:
        yield Finding("image_not_best", 4, size)
    if heavy:
        yield Finding("image_heavy", 6, {"kilobytes": picture.size // 1000, "names": ", ".join(heavy)})
    if abs(picture.ratio - BEST[0] / BEST[1]) > RATIO_SLACK:
        yield Finding("image_ratio", 3, size)


def _documented() -> list[CardRule]:
    return [rule for rule in card_rules() if "image" in rule.documented]


def _where(facts: Facts) -> Iterator[Finding]:
    page = facts.page
    if not page.canonical:
        yield Finding("no_canonical", 4, tag=f'<link rel="canonical" href="{escape(page.url)}">')
    elif urlsplit(page.canonical).hostname != urlsplit(page.url).hostname:
        yield Finding("canonical_elsewhere", 8, {"url": page.canonical})
    if not page.first("og:url"):
        yield Finding("no_og_url", 2, tag=meta("og:url", page.canonical or page.url))
    if not page.first("og:type"):
        yield Finding("no_og_type", 1, tag=meta("og:type", "website"))
    if not page.first("og:site_name"):
        yield Finding("no_site_name", 1, tag=meta("og:site_name", urlsplit(page.url).hostname or ""))
    kind = page.first("twitter:card")
    if not kind:
        yield Finding("no_card", 6, tag=meta("twitter:card", "summary_large_image"))
    elif kind not in TWITTER_CARDS:
        yield Finding("card_unknown", 6, {"kind": kind}, meta("twitter:card", "summary_large_image"))
    if page.url.startswith("http://"):
        yield Finding("not_https", 5)
    said = page.robots | {word.strip().lower() for word in facts.status_robots.split(",")}
    if "noindex" in said or "none" in said:
        yield Finding("noindex", 10)
    if said & {"nosnippet", "max-image-preview:none", "max-snippet:0"}:
        yield Finding("no_snippet", 4, tag=meta("robots", "max-image-preview:large"))


def _around(facts: Facts) -> Iterator[Finding]:
    page = facts.page
    if not page.lang:
        yield Finding("no_lang", 4, tag='<html lang="id">')
    if not page.icons:
        yield Finding("no_icon", 3, tag='<link rel="icon" href="/favicon.ico">')
    if not page.first("viewport"):
        yield Finding("no_viewport", 3, tag=meta("viewport", "width=device-width, initial-scale=1"))
    if not page.feeds:
        yield Finding("no_feed", 3, tag='<link rel="alternate" type="application/rss+xml" href="/feed/">')
    elif facts.feed not in ("", "ok"):
        yield Finding("feed_broken", 3, {"why": facts.feed})
    if page.oembed and facts.oembed not in ("", "ok"):
        yield Finding("oembed_broken", 2, {"why": facts.oembed})
    if not page.shares:
        yield Finding("no_buttons", 3)
    if page.asks_password:
        yield Finding("login", 8)
