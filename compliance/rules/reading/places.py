"""What each place accepts as a disclosure, and where it wants it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from compliance.rules.reading.phrases import Phrase, Says, Weight

ALIASES = {"UK": "GB"}
GIFTS = frozenset({Says.FREE, Says.TRIP, Says.EARLY, Says.LOAN, Says.DISCOUNT})


@dataclass(frozen=True, slots=True)
class Place:
    """One country's way with disclosures, with its source, when it was read and how sure we are."""

    code: str
    source: str
    read_on: str
    sureness: str
    clear: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()
    vague: frozenset[str] = frozenset()
    foreign: frozenset[str] = frozenset()
    first: bool = False
    gift: Weight = Weight.CLEAR

    def weigh(self, phrase: Phrase) -> Weight:
        """How well readers there understand `phrase`."""
        if phrase.term in self.vague:
            return Weight.VAGUE
        if phrase.term in self.unsure:
            return Weight.UNSURE
        if phrase.term in self.clear:
            return Weight.CLEAR
        if phrase.weight is Weight.CLEAR and phrase.says in GIFTS:
            return self.gift
        return phrase.weight

    def understands(self, phrase: Phrase, language: str) -> bool:
        """Whether `phrase` is good in a post of `language` there."""
        return not language or phrase.language == language or phrase.term in self.foreign


@cache
def every_place() -> Mapping[str, Place]:
    """The places by ISO country code."""
    table = tomllib.loads(Path(__file__).with_name("places.toml").read_text(encoding="utf-8"))
    return {code: _place(code, row) for code, row in table.items()}


def place(code: str) -> Place:
    """The place called `code`; where no table was made the FTC's rules stand in, unconfirmed."""
    code = ALIASES.get(code.upper(), code.upper())
    known = every_place()
    if code in known:
        return known[code]
    return Place(code=code, source=known["US"].source, read_on=known["US"].read_on, sureness="unconfirmed")


def _place(code: str, row: Mapping[str, object]) -> Place:
    def terms(key: str) -> frozenset[str]:
        listed = row.get(key, [])
        assert isinstance(listed, list)
        return frozenset(map(str, listed))

    return Place(
        code=code,
        source=str(row["source"]),
        read_on=str(row["read_on"]),
        sureness=str(row["sureness"]),
        clear=terms("clear"),
        unsure=terms("unsure"),
        vague=terms("vague"),
        foreign=terms("foreign"),
        first=bool(row.get("first", False)),
        gift=Weight(str(row.get("gift", "clear"))),
    )
