"""How a page looks as a card on each network: which words fit, which picture is taken, and by whose figures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from smo.rules.anatomy import Anatomy
from smo.rules.places import FOLDER, places

KINDS = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it was fetched and measured. `trouble`: why it could not be; then nothing else is known."""

    url: str
    kind: str = ""
    width: int = 0
    height: int = 0
    size: int = 0
    trouble: str = ""

    @property
    def ratio(self) -> float:
        return self.width / self.height if self.height else 0.0


@dataclass(frozen=True, slots=True)
class CardRule:
    """One network's figures. `documented`: which of title, description and image its own pages promise; the rest is
    what was seen ("unsure"). A limit of 0: it shows none.
    """

    slug: str
    title: int
    description: int
    reads: Sequence[str]
    image: Mapping[str, Any]  # Any: numbers and pairs of numbers
    source: str
    checked: str
    documented: Sequence[str]
    note: str
    shape: str

    @property
    def name(self) -> str:
        return places()[self.slug].name

    @property
    def sure(self) -> bool:
        return {"title", "description", "image"} <= set(self.documented)


@dataclass(frozen=True, slots=True)
class Card:
    """The likeness of a page on one network. `layout`: large, small, or bare (no picture)."""

    rule: CardRule
    title: str
    description: str
    domain: str
    image: str
    layout: str
    title_cut: bool
    description_cut: bool


@cache
def card_rules() -> tuple[CardRule, ...]:
    """Every network's figures, in the order in which cards are shown."""
    return tuple(CardRule(**row) for row in json.loads((FOLDER / "cards.json").read_text()))


def cards(page: Anatomy, picture: Picture | None) -> list[Card]:
    """The page on every network."""
    return [card(rule, page, picture) for rule in card_rules()]


def card(rule: CardRule, page: Anatomy, picture: Picture | None) -> Card:
    """The page on one network, by the tags that it reads, in its own order."""
    title = page.first(*(f"{prefix}:title" for prefix in rule.reads)) or page.title or page.url
    description = page.first(*(f"{prefix}:description" for prefix in rule.reads), "description")
    said = description if rule.description else ""
    return Card(
        rule=rule,
        title=cut(title, rule.title),
        description=cut(said, rule.description),
        domain=(urlsplit(page.url).hostname or "").removeprefix("www."),
        image=picture.url if picture else "",
        layout=_layout(rule, page, picture),
        title_cut=len(title) > rule.title,
        description_cut=bool(rule.description) and len(said) > rule.description,
    )


def cut(words: str, most: int) -> str:
    """`words` as they are shown where only `most` characters fit."""
    return words if len(words) <= most else words[: max(0, most - 1)].rstrip() + "…"


def fits(rule: CardRule, picture: Picture | None) -> bool:
    """Whether the network shows this picture at all."""
    if picture is None or picture.trouble or picture.kind not in KINDS:
        return False
    least, most = rule.image["least"], rule.image.get("most", [100_000, 100_000])
    big_enough = picture.width >= least[0] and picture.height >= least[1]
    light = picture.size <= int(rule.image["bytes"])
    return bool(big_enough and light and picture.width <= most[0] and picture.height <= most[1])


def _layout(rule: CardRule, page: Anatomy, picture: Picture | None) -> str:
    if picture is None or not fits(rule, picture):
        return "bare"
    large = rule.image["large"]
    small = picture.width < large[0] or picture.height < large[1]
    if rule.reads[0] == "twitter" and page.first("twitter:card") != "summary_large_image":
        small = True
    return "small" if small else "large"
