"""The kinds of claims as tables: shapes that every language fills with its own words, and when words claim nothing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from compliance.protocol import Severity

HERE = Path(__file__).parent
NAME = re.compile(r"\{([A-Z_]+)\}")
DENIABLE = frozenset(
    {
        "health",
        "body",
        "weight",
        "typical",
        "finance",
        "clinical",
        "recommended",
        "absolute",
        "boast",
        "green",
        "green_wholly",
        "origin",
    }
)
"""Kinds that a negation before the words, or a question, takes back."""
DENIED_WITHIN = frozenset({"expert"})  # "I am not a doctor, but ...": the negation stands among the words
REACH = 60  # letters before the words in which a negation is looked for


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of claim: its patterns over folded text, and how it stops an endorser's and the brand's own posts.

    `softer` says it as an opinion, by language. `places`: where alone it is forbidden; empty means everywhere.
    """

    name: str
    patterns: tuple[str, ...]
    stops: Severity
    own: Severity
    softer: Mapping[str, str] = field(default_factory=dict)
    places: frozenset[str] = frozenset()


@cache
def table() -> Mapping[str, Kind]:
    """Every kind of claim by its name."""
    rows = tomllib.loads((HERE / "claims.toml").read_text(encoding="utf-8"))
    names = rows["names"]
    words = [names | {key: _filled(text, names) for key, text in spoken.items()} for spoken in _languages()]
    return {row["kind"]: _kind(row, names, words) for row in rows["claims"]}


def taken_back(name: str, text: str, start: int, end: int) -> bool:
    """Whether the words of a claim of the kind `name` from `start` to `end` are denied, or only asked about."""
    if name in DENIED_WITHIN:
        return bool(_negations().search(text, start, end))
    if name not in DENIABLE:
        return False
    before = re.split(r"[.!?\n:;]", text[max(0, start - REACH) : start])[-1]
    if _denied().search(before):
        return True
    stop = re.search(r"[.!?\n]", text[end:])
    return bool(stop and stop[0] == "?" and _asked().match((before + text[start:end]).lstrip(" \u00bf")))


@cache
def _denied() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_all('NOT')})[ '](?:[\w']+ ){{0,3}}$")


@cache
def _negations() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_all('NOT')})(?!\w)")


@cache
def _asked() -> re.Pattern[str]:
    return re.compile(rf"(?:{_all('ASKS')})(?!\w)")


def _all(name: str) -> str:
    return "|".join(spoken[name] for spoken in _languages())


@cache
def _languages() -> tuple[Mapping[str, str], ...]:
    files = sorted((HERE / "claims_in").glob("*.toml"))
    return tuple(tomllib.loads(file.read_text(encoding="utf-8")) for file in files)


def _kind(row: Mapping[str, object], names: Mapping[str, str], words: list[Mapping[str, str]]) -> Kind:
    softer, places = row.get("softer", {}), row.get("places", [])
    assert isinstance(softer, dict) and isinstance(places, list)
    return Kind(
        name=str(row["kind"]),
        patterns=(*_patterns(row["patterns"], names), *_shaped(row.get("shapes", []), words)),
        stops=Severity(str(row["stops"])),
        own=Severity(str(row["own"])),
        softer=softer,
        places=frozenset(places),
    )


def _patterns(patterns: object, names: Mapping[str, str]) -> Iterator[str]:
    assert isinstance(patterns, list)
    for pattern in patterns:
        yield _filled(str(pattern), names)


def _shaped(shapes: object, words: list[Mapping[str, str]]) -> Iterator[str]:
    """Each shape in each language that has all its words."""
    assert isinstance(shapes, list)
    for shape in map(str, shapes):
        for spoken in words:
            if set(NAME.findall(shape)) <= spoken.keys():
                yield _filled(_filled(shape, spoken), spoken)


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    return NAME.sub(lambda match: words.get(match[1], match[0]), pattern)
