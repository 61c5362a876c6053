"""Every place in a post where something is said about the connection, and every place where it is denied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from compliance.rules.reading.letters import Disguise, Letters, fold_letters
from compliance.rules.reading.phrases import Phrase, labels, phrases_with, phrases_without_brand, sieve

SPELLED = re.compile(r"(?<![^\W_])(?:[a-z][ .\-_*]{1,3}){3,30}[a-z](?![^\W_])")
PILE = re.compile(r"(?:[#@][\w.]+[\s,|/]{0,4}){3,}")
TAG = re.compile(r"#\w+")
MOST = 50
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mention:
    """One phrase found in one part. `span` in the original text; `denied`: something takes it back."""

    part: str
    span: Span
    phrase: Phrase
    denied: bool = False
    blanket: bool = False
    disguise: Disguise = Disguise.NONE


@dataclass(frozen=True, slots=True)
class Denial:
    """A phrase by which a post says that nothing, or no money, was given."""

    part: str
    span: Span
    of_pay: bool


def mentions_in(part: str, text: str, brands: tuple[str, ...]) -> tuple[Mention, ...]:
    """The phrases of any language in `text`, earliest first, at most fifty; `brands` are the names on record."""
    letters = fold_letters(text)
    phrases = sorted(_phrases_in(letters.text, brands), key=lambda found: found[:2])[:MOST]
    if not phrases:
        return tuple(_spelled_out(part, letters))
    denials = tuple(match.span() for match, _ in _denials(letters.text))
    blankets = tuple(match.span() for match, _ in sieve("blankets").found(letters.text))
    found = [
        Mention(
            part=part,
            span=letters.span(start, end),
            phrase=phrase,
            denied=_touches((start, end), denials),
            blanket=_touches((start, end), blankets),
            disguise=letters.disguise(start, end),
        )
        for start, end, phrase in phrases
    ]
    return tuple(sorted([*found, *_spelled_out(part, letters)], key=lambda mention: mention.span))


def denials_in(part: str, text: str) -> tuple[Denial, ...]:
    """Where `text` says that nothing, or no money, was given, in any language."""
    letters = fold_letters(text)
    found = (Denial(part=part, span=letters.span(*match.span()), of_pay=pay) for match, pay in _denials(letters.text))
    return tuple(sorted(found, key=lambda denial: denial.span))[:MOST]


def _denials(folded: str) -> Iterator[tuple[re.Match[str], bool]]:
    for match, _ in sieve("denials").found(folded):
        yield match, False
    for match, _ in sieve("denials_of_pay").found(folded):
        yield match, True


def _phrases_in(folded: str, brands: tuple[str, ...]) -> Iterator[tuple[int, int, Phrase]]:
    for patterns in (phrases_without_brand(), phrases_with(brands)) if brands else (phrases_without_brand(),):
        for match, phrase in patterns.found(folded):
            start, end = _trimmed(folded, *match.span())
            if start < end:
                yield start, end, phrase


def _trimmed(folded: str, start: int, end: int) -> Span:
    while start < end and not (folded[start].isalnum() or folded[start] in "#@(["):
        start += 1
    return start, end


def _touches(span: Span, others: Iterable[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _spelled_out(part: str, letters: Letters) -> Iterator[Mention]:
    for match, _ in zip(SPELLED.finditer(letters.text), range(MOST), strict=False):
        word = re.sub(r"[^a-z]", "", match[0])
        for found, phrase in labels().found(f"#{word}"):
            if found.span() == (0, len(word) + 1):
                yield Mention(part, letters.span(*match.span()), phrase, disguise=Disguise.STYLED)
                break


@lru_cache(maxsize=256)
def piles_in(text: str) -> tuple[Span, ...]:
    """Runs of three or more tags and names, as spans of the original text."""
    letters = fold_letters(text)
    return tuple(letters.span(*match.span()) for match in PILE.finditer(letters.text))


def first_tag_of(text: str, pile: Span) -> Span:
    """The span of a pile's first tag or name."""
    match = re.match(r"[#@][\w.]+", text[slice(*pile)])
    return (pile[0], pile[0] + (match.end() if match else 0))
