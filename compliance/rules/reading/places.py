"""What each place accepts as a disclosure, and where it wants it: one pack a place, every line with its source."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from compliance.protocol import Law, Sureness
from compliance.rules.reading.phrases import Phrase, Says, Weight

FOLDER = Path(__file__).with_name("packs")
ALIASES = {"UK": "GB"}
DEFAULT = "US"
GIFTS = frozenset({Says.FREE, Says.TRIP, Says.EARLY, Says.LOAN, Says.DISCOUNT})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a pack: which rules it bears on, its law, and the phrases (by term) whose weight it sets there.

    `foreign`: phrases that are good there in a post of any language. `first`: the disclosure comes before the text.
    `last_is_none`: one at the end of the text counts as none. `label_may_do`: the network's own label may be enough.
    """

    rules: frozenset[str]
    law: Law
    clear: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()
    vague: frozenset[str] = frozenset()
    foreign: frozenset[str] = frozenset()
    first: bool = False
    last_is_none: bool = False
    label_may_do: bool = False


class Place:
    """One country's way with disclosures. `gift`: how well a plain sentence about a gift is understood there."""

    def __init__(self, code: str, lines: tuple[Line, ...], *, gift: Weight = Weight.CLEAR) -> None:
        self.code = code
        self.lines = lines
        self.first = any(line.first for line in lines)
        self.last_is_none = any(line.last_is_none for line in lines)
        self.label_may_do = any(line.label_may_do for line in lines)
        self._gift = gift
        self._weights = {
            term: weight
            for weight in (Weight.CLEAR, Weight.UNSURE, Weight.VAGUE)  # the strictest is written last
            for line in lines
            for term in getattr(line, weight)
        }
        self._foreign = frozenset(term for line in lines for term in line.foreign)

    def accepts(self, term: str) -> bool:
        """Whether the place's own list names `term` as understood."""
        return self._weights.get(term) is Weight.CLEAR

    def weigh(self, phrase: Phrase) -> Weight:
        """How well readers there understand `phrase`: the place's own list, else its language's table."""
        if phrase.term in self._weights:
            return self._weights[phrase.term]
        if phrase.weight is Weight.CLEAR and phrase.says in GIFTS:
            return self._gift
        return phrase.weight

    def understands(self, phrase: Phrase, language: str) -> bool:
        """Whether `phrase` is good in a post of `language` there."""
        return not language or phrase.language == language or phrase.term in self._foreign


@cache
def every_place() -> Mapping[str, Place]:
    """The places by ISO country code, and "EU"; a country's own lines come before those of its union."""
    packs = {path.stem.upper(): tomllib.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.toml")}
    return {code: _place(code, packs) for code in sorted(packs)}


@cache
def place(code: str) -> Place:
    """The place called `code`; where no pack was made the FTC's rules stand in."""
    code = ALIASES.get(code.upper(), code.upper())
    known = every_place()
    return known[code] if code in known else Place(code, known[DEFAULT].lines)


def lines_about(rule: str) -> Iterator[Law]:
    """What the packs say that bears on the rule called `rule`, place by place."""
    for code, found in every_place().items():
        for line in found.lines:
            if rule in line.rules and line.law.place == code:
                yield line.law


def _place(code: str, packs: Mapping[str, Mapping[str, Any]]) -> Place:  # Any: a TOML table
    pack = packs[code]
    lines = [_line(code, row) for row in pack["lines"]]
    if pack["within"]:
        lines += [_line(pack["within"], row) for row in packs[pack["within"]]["lines"]]
    return Place(code, tuple(lines), gift=Weight(pack.get("gift", Weight.CLEAR)))


def _line(code: str, row: Mapping[str, Any]) -> Line:  # Any: see above
    return Line(
        rules=frozenset(row["rules"]),
        law=Law(code, row["where"], row["read_on"], Sureness(row["sureness"]), row["says"]),
        clear=frozenset(row.get("clear", ())),
        unsure=frozenset(row.get("unsure", ())),
        vague=frozenset(row.get("vague", ())),
        foreign=frozenset(row.get("foreign", ())),
        first=row.get("first", False),
        last_is_none=row.get("last_is_none", False),
        label_may_do=row.get("label_may_do", False),
    )
