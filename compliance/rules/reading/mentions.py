"""Every place in a post where something is said about the connection, and every place where it is denied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from compliance.rules.reading.alphabet import Disguise
from compliance.rules.reading.letters import Letters, fold_letters
from compliance.rules.reading.phrases import Phrase, labels, phrases_with_brand, phrases_without_brand, sieve

SPELLED = re.compile(r"(?<![^\W_])(?:[a-z][ .\-_*]{1,3}){3,30}[a-z](?![^\W_])")
PILE = re.compile(r"(?:[#@][\w.]+[\s,|/]{0,4}){3,}")
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


def mentions_in(part: str, letters: Letters, branded: Letters) -> tuple[Mention, ...]:
    """The phrases of any language, earliest first, at most fifty; `branded` are `letters` with the brands marked."""
    phrases = sorted(_phrases_in(letters, branded), key=lambda found: found[:2])[:MOST]
    spelled = tuple(_spelled_out(part, letters))
    if not phrases:
        return spelled
    denials = [match.span() for match, _ in _denials(letters)]
    blankets = [match.span() for match, _ in sieve("blankets").found(letters)]
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
    return tuple(sorted([*found, *spelled], key=lambda mention: mention.span))


def denials_in(part: str, letters: Letters) -> tuple[Denial, ...]:
    """Where a part says that nothing, or no money, was given, in any language."""
    found = (Denial(part=part, span=letters.span(*match.span()), of_pay=pay) for match, pay in _denials(letters))
    return tuple(sorted(found, key=lambda denial: denial.span))[:MOST]


def _denials(letters: Letters) -> Iterator[tuple[re.Match[str], bool]]:
    for match, _ in sieve("denials").found(letters):
        yield match, False
    for match, _ in sieve("denials_of_pay").found(letters):
        yield match, True


def _phrases_in(letters: Letters, branded: Letters) -> Iterator[tuple[int, int, Phrase]]:
    for patterns, where in ((phrases_without_brand(), letters), (phrases_with_brand(), branded)):
        for match, phrase in patterns.found(where):
            start, end = _trimmed(letters.text, *match.span())
            if start < end:
                yield start, end, phrase


def _trimmed(folded: str, start: int, end: int) -> Span:
    while start < end and not (folded[start].isalnum() or folded[start] in "#@(["):
        start += 1
    return start, end


def _touches(span: Span, others: Iterable[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _spelled_out(part: str, letters: Letters) -> Iterator[Mention]:
    for match in islice(SPELLED.finditer(letters.text), MOST):
        word = re.sub(r"[^a-z]", "", match[0])
        for found, phrase in labels().found(fold_letters(f"#{word}")):
            if found.span() == (0, len(word) + 1):
                yield Mention(part, letters.span(*match.span()), phrase, disguise=Disguise.STYLED)
                break


def piles_in(letters: Letters) -> tuple[Span, ...]:
    """Runs of three or more tags and names, as spans of the original text."""
    return tuple(letters.span(*match.span()) for match in PILE.finditer(letters.text))
