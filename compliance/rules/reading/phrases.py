"""The words of disclosure, one table a language: which phrase says what, and how well readers understand it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from compliance.protocol import ConnectionKind
from compliance.rules.reading.alphabet import BRAND
from compliance.rules.reading.sieve import Sieve

FOLDER = Path(__file__).with_name("words")
BRANDED = f"(?:[@#]?{BRAND}+)"


class Says(StrEnum):
    """What a phrase tells about the connection."""

    LABEL = "label"  # this is advertising
    PAID = "paid"
    FREE = "free"
    TRIP = "trip"
    DISCOUNT = "discount"
    LOAN = "loan"
    EARLY = "early"
    COMMISSION = "commission"
    WORK = "work"
    CLIENT = "client"
    FAMILY = "family"
    OWN = "own"
    CONTEST = "contest"
    HINT = "hint"  # something is there, but not what


class Weight(StrEnum):
    """How well ordinary readers understand a phrase as a disclosure."""

    CLEAR = "clear"
    UNSURE = "unsure"  # a person must look
    VAGUE = "vague"  # named by a regulator as not understood


class Signal(StrEnum):
    """When a phrase shows a connection of somebody who has none on record."""

    ALWAYS = "always"
    GIVER = "giver"  # where somebody who may be a brand gives, not an aunt
    PRAISED = "praised"  # the same, where the post praises as well
    HOST = "host"  # where a hotel, restaurant or account is named
    TAG = "tag"  # as a hashtag only
    WORDS = "words"  # in words, not as a hashtag
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way of saying it in one language. `term` is its name in the places' tables; `label`: a tag or a heading."""

    language: str
    term: str
    says: Says
    weight: Weight
    label: bool
    signal: Signal
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """One language's table. Patterns are over folded text: lower case, no accents, plain signs.

    `{brand}` in a phrase stands for any of the brands on record. `denials` say that nothing was given,
    `denials_of_pay` that no money was; `blankets` may hold a disclosure that is about no post in particular.
    `incentives` are what a text shows when a connection is likely, `praise` and `goods` what makes it an endorsement.
    `insert` is how to say it, put before the text.
    """

    language: str
    source: str
    read_on: str
    sureness: str
    insert: str
    phrases: tuple[Phrase, ...]
    denials: tuple[str, ...]
    denials_of_pay: tuple[str, ...]
    blankets: tuple[str, ...]
    incentives: tuple[str, ...]
    praise: tuple[str, ...]
    goods: tuple[str, ...]


NATURE: Mapping[ConnectionKind, frozenset[Says]] = {
    ConnectionKind.PAYMENT: frozenset({Says.PAID}),
    ConnectionKind.FREE_PRODUCT: frozenset({Says.FREE, Says.TRIP, Says.PAID, Says.EARLY}),
    ConnectionKind.DISCOUNT: frozenset({Says.DISCOUNT, Says.FREE, Says.PAID}),
    ConnectionKind.LOAN: frozenset({Says.LOAN, Says.FREE, Says.PAID}),
    ConnectionKind.TRIP: frozenset({Says.TRIP, Says.FREE, Says.PAID}),
    ConnectionKind.COMMISSION: frozenset({Says.COMMISSION, Says.PAID}),
    ConnectionKind.CONSULTANCY: frozenset({Says.CLIENT, Says.WORK, Says.PAID}),
    ConnectionKind.EMPLOYMENT: frozenset({Says.WORK, Says.OWN, Says.PAID}),
    ConnectionKind.FAMILY: frozenset({Says.FAMILY}),
    ConnectionKind.OWNERSHIP: frozenset({Says.OWN, Says.WORK}),
    ConnectionKind.SWEEPSTAKES: frozenset({Says.CONTEST, Says.PAID}),
    ConnectionKind.EARLY_ACCESS: frozenset({Says.EARLY, Says.FREE, Says.LOAN, Says.PAID}),
}
"""What tells a reader the nature of each connection; a label ("Ad") tells enough of any."""


@cache
def every_language() -> Mapping[str, Words]:
    """The tables by language (ISO 639-1)."""
    found = [_read(path) for path in sorted(FOLDER.glob("*.toml"))]
    return {words.language: words for words in found}


@cache
def phrases_without_brand() -> Sieve[Phrase]:
    """All languages' phrases that name no brand."""
    return Sieve((pattern, phrase) for pattern, phrase in _all_phrases() if BRAND not in pattern)


@cache
def phrases_with_brand() -> Sieve[Phrase]:
    """All languages' phrases that name a brand, over letters in which the brands are marked."""
    return Sieve((pattern, phrase) for pattern, phrase in _all_phrases() if BRAND in pattern)


@cache
def sieve(table: str) -> Sieve[str]:
    """All languages' patterns of one table: denials, denials_of_pay, blankets, incentives, praise or goods."""
    return Sieve((pattern, words.language) for words in every_language().values() for pattern in getattr(words, table))


@cache
def labels() -> Sieve[Phrase]:
    """The phrases that are a clear heading or tag."""
    return Sieve(
        (pattern, phrase)
        for pattern, phrase in _all_phrases()
        if phrase.label and phrase.weight is Weight.CLEAR and BRAND not in pattern
    )


def _all_phrases() -> Iterator[tuple[str, Phrase]]:
    for words in every_language().values():
        for phrase in words.phrases:
            for pattern in phrase.patterns:
                yield pattern, phrase


def _read(path: Path) -> Words:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    names = {"brand": BRANDED}
    for name, pattern in table.get("names", {}).items():
        names[name] = _named(pattern, names)

    def patterns_of(key: str) -> tuple[str, ...]:
        value = table[key]
        return tuple(_named(pattern, names) for pattern in ([value] if isinstance(value, str) else value))

    return Words(
        language=table["language"],
        source=table["source"],
        read_on=table["read_on"],
        sureness=table["sureness"],
        insert=table["insert"],
        phrases=tuple(_phrase(table["language"], row, names) for row in table["phrases"]),
        denials=patterns_of("denials"),
        denials_of_pay=patterns_of("denials_of_pay"),
        blankets=patterns_of("blankets"),
        incentives=patterns_of("incentives"),
        praise=patterns_of("praise"),
        goods=patterns_of("goods"),
    )


def _phrase(language: str, row: Mapping[str, object], names: Mapping[str, str]) -> Phrase:
    patterns = row["patterns"]
    assert isinstance(patterns, list)
    says, weight = Says(str(row["says"])), Weight(str(row["weight"]))
    return Phrase(
        language=language,
        term=str(row["term"]),
        says=says,
        weight=weight,
        label=bool(row.get("label", False)),
        signal=Signal(str(row.get("signal", _usual_signal(says, weight)))),
        patterns=tuple(_named(str(pattern), names) for pattern in patterns),
    )


def _usual_signal(says: Says, weight: Weight) -> Signal:
    if weight is not Weight.CLEAR:
        return Signal.NEVER
    if says in {Says.LABEL, Says.COMMISSION}:
        return Signal.ALWAYS
    given = {Says.PAID, Says.FREE, Says.TRIP, Says.EARLY, Says.LOAN, Says.DISCOUNT}
    return Signal.GIVER if says in given else Signal.NEVER


def _named(pattern: str, names: Mapping[str, str]) -> str:
    for name, value in names.items():
        pattern = pattern.replace("{" + name + "}", value)
    return pattern
