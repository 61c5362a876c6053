"""Whether two texts say the same, or nearly: what a reader, and a network, would call a repetition."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LINK = re.compile(r"https?://\S+", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+", re.UNICODE)
CLOSE = 0.75  # of the letter triples in common; below it people call the texts different
SHORT = 12  # letters; shorter texts are only compared whole


def bare(text: str) -> str:
    """The words alone: case, accents' form, links, emoji and punctuation taken away."""
    plain = unicodedata.normalize("NFKC", LINK.sub(" ", text)).casefold()
    return " ".join(WORD.findall(plain))


def shingles(words: str) -> frozenset[str]:
    """The runs of three letters in `words`, ends included."""
    padded = f"  {words} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


@dataclass(frozen=True, slots=True)
class Said:
    """A text to compare with, as it was kept: its words and its letter triples."""

    words: str
    triples: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Said:
        words = bare(text)
        return cls(words, shingles(words))


def closeness(one: Said, other: Said) -> float:
    """From 0 to 1: 1 for the same words, else the share of letter triples in common."""
    if not one.words or not other.words:
        return 0.0
    if one.words == other.words:
        return 1.0
    if min(len(one.words), len(other.words)) < SHORT:
        return 0.0
    together = len(one.triples | other.triples)
    return len(one.triples & other.triples) / together if together else 0.0


def closest(text: str, others: Iterable[tuple[int, str]]) -> tuple[int, float] | None:
    """(its key, how close from 0 to 1) of the text among `others` that is closest, if it is too close."""
    mine = Said.of(text)
    most = max(((closeness(mine, Said.of(other)), key) for key, other in others), default=(0.0, 0))
    return (most[1], most[0]) if most[0] >= CLOSE else None
