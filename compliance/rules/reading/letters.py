"""A text as a reader's eye takes it in: one case, no accents, no disguises, and where every letter came from."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from compliance.rules.reading.alphabet import (
    FLAG_LETTERS,
    HIDDEN,
    LOOKALIKES,
    OTHER_ALPHABETS,
    Disguise,
    Table,
    strikes,
)
from compliance.rules.reading.asking import asked_once

TABLE = Table()
FOREIGN = re.compile(f"[{OTHER_ALPHABETS}]")
FOREIGN_WORD = re.compile(rf"(?<!\w)(?=\w{{0,59}}[{OTHER_ALPHABETS}])\w{{2,60}}", re.IGNORECASE)
LATIN = re.compile("[a-z]", re.IGNORECASE)
OVERRIDES = re.compile("[\u202d\u202e]")  # what follows is shown from right to left
FLAGS = re.compile(f"[{FLAG_LETTERS}]{{2,}}")


class Letters:
    """`text` is `original` folded: lower case, no accents, no disguises. Where a letter stood is found when asked."""

    def __init__(self, original: str) -> None:
        self.original = original
        self._unmasked = original if original.isascii() else _unmasked(original)
        self.text = original.lower() if original.isascii() else self._unmasked.translate(TABLE)
        self.base: Letters | None = None
        self.caught: object = None  # the sieves' own note: what of theirs may match

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded letters from `start` to `end` stand in the original."""
        if self._even:
            return start, end
        if start >= end:
            return (here := self._origin(start)), here
        return self._origin(start), self._origin(end - 1) + 1

    def disguise(self, start: int, end: int) -> Disguise:
        """The worst disguise among the folded letters from `start` to `end`."""
        first, last = self.span(start, end)
        if self.original.isascii() or (self.original[:last].isascii() and self._unmasked is self.original):
            return Disguise.NONE
        if OVERRIDES.search(self.original, 0, last):
            return Disguise.STYLED
        written, read = self.original[first:last], self._unmasked[first:last]
        if written != read or any(sign in HIDDEN or strikes(sign) for sign in written):
            return Disguise.STYLED
        return max((TABLE.disguises.get(sign, Disguise.NONE) for sign in read), default=Disguise.NONE)

    def rewritten(self, text: str) -> Letters:
        """The same letters with other signs in the place of some: `text` must be as long as the folded text."""
        other = Letters.__new__(Letters)
        other.__dict__.update(self.__dict__, text=text, base=self, caught=None)
        return other

    @asked_once
    def _even(self) -> bool:
        """Whether every sign stands for exactly one letter."""
        return self.original.isascii() or TABLE.uneven.isdisjoint(self.original)

    def _origin(self, folded: int) -> int:
        """Where the folded letter numbered `folded` stood in the original."""
        after, signs = self._uneven
        number = bisect_right(after, folded)
        if not number:
            return min(folded, signs[0]) if signs else folded
        reached = signs[number - 1] + 1 + folded - after[number - 1]
        return min(reached, signs[number]) if number < len(signs) else reached

    @asked_once
    def _uneven(self) -> tuple[list[int], list[int]]:
        """Each sign that does not stand for one letter: the folded place after it, and its own place."""
        uneven, shift = TABLE.uneven, 0
        after: list[int] = []
        signs: list[int] = []
        for index, sign in enumerate(self._unmasked):
            if sign in uneven:
                shift += len(TABLE[ord(sign)]) - 1
                after.append(index + 1 + shift)
                signs.append(index)
        return after, signs


@lru_cache(maxsize=64)
def fold_letters(text: str) -> Letters:
    """`text` in lower case without accents and disguises. Linear in its length."""
    return Letters(text)


def _unmasked(text: str) -> str:
    """`text`, sign by sign, with flags gone and Latin letters where another alphabet's pretend to be them."""
    if FLAGS.search(text):  # two halves of flags side by side are a flag, not a word
        text = FLAGS.sub(lambda match: " " * len(match[0]), text)
    if FOREIGN.search(text) and LATIN.search(text):
        text = FOREIGN_WORD.sub(lambda match: _as_latin(match[0]), text)
    return text


def _as_latin(word: str) -> str:
    """`word` in Latin letters when it mixes alphabets, or is made of nothing but look-alikes."""
    lowered = [LOOKALIKES.get(letter.lower(), "") for letter in word]
    if LATIN.search(word) or all(lowered):
        return "".join(plain or letter for plain, letter in zip(lowered, word, strict=True))
    return word
