"""A text as a reader's eye takes it in: one case, no accents, no disguises, and where every letter came from."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

PLAIN_SIGNS = {
    "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u00b4": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-",
    "\u00a0": " ", "\u202f": " ", "\u3000": " ", "\u2026": "...", "\u0131": "i", "\u00df": "ss", "\u00f8": "o",
    "\u0142": "l", "\u00e6": "ae", "\u0153": "oe", "\u0111": "d", "\uff03": "#",
}  # fmt: skip
# Letters of other alphabets that are drawn like Latin ones (Unicode confusables.txt, the common part).
LOOKALIKES = dict(
    zip(
        "\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456\u0458\u0455\u0501\u051b\u051d\u0432\u043a\u043c\u043d\u0442"
        "\u03b1\u03bf\u03c1\u03bd\u03b9\u03ba\u03c4\u03c5\u03b5",
        "aeopcxyijsdqwbkmhtaopvikTue".lower(),
        strict=True,
    )
)
SMALL_CAPITALS = dict(
    zip(
        "\u1d00\u0299\u1d04\u1d05\u1d07\ua730\u0262\u029c\u026a\u1d0a\u1d0b\u029f\u1d0d\u0274\u1d0f\u1d18\u0280\ua731"
        "\u1d1b\u1d1c\u1d20\u1d21\u028f\u1d22",
        "abcdefghijklmnoprstuvwyz",
        strict=True,
    )
)
MIXED = re.compile(r"(?=\w{0,59}[a-z])(?=\w{0,59}[\u0370-\u03ff\u0400-\u052f])\w{2,60}", re.IGNORECASE)
NEGATIVE_SQUARES = range(0x1F170, 0x1F18A)
REGIONAL = range(0x1F1E6, 0x1F200)
DIRECTIONS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
INVISIBLE = (
    frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u034f\u2061\u2062\u2063\u2064\u115f\u3164") | DIRECTIONS
)


class Disguise(IntEnum):
    """How far a letter is from one that everybody and every reader's device sees as itself."""

    NONE = 0
    STYLED = 1  # look-alikes, styled alphabets, emoji letters, something invisible before it
    TINY = 2  # superscript and subscript


@dataclass(frozen=True, slots=True)
class Letters:
    """`text` is the folded text; `at[i]` where its i-th letter stood, `disguises[i]` how it was written."""

    original: str
    text: str
    at: tuple[int, ...] = ()
    disguises: bytes = b""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded letters from `start` to `end` stand in the original."""
        if not self.at:
            return start, end
        if start >= end:
            here = self.at[start] if start < len(self.at) else len(self.original)
            return here, here
        return self.at[start], self.at[end - 1] + 1

    def disguise(self, start: int, end: int) -> Disguise:
        """The worst disguise among the folded letters from `start` to `end`."""
        return Disguise(max(self.disguises[start:end], default=0))


@lru_cache(maxsize=512)
def fold_letters(text: str) -> Letters:
    """`text` in lower case without accents and disguises. Linear in its length."""
    if text.isascii():
        return Letters(original=text, text=text.lower())
    mixed = _lookalikes_in(text)
    known = {character: _plain(character) for character in set(text)}
    flags = _halves_of_flags(text) if any(ord(character) in REGIONAL for character in known) else frozenset()
    letters: list[str] = []
    at: list[int] = []
    disguises = bytearray()
    hidden = False
    for index, character in enumerate(text):
        if character in INVISIBLE:
            hidden = True
            continue
        plain, disguise = known[character]
        if index in mixed:
            plain, disguise = mixed[index], Disguise.STYLED
        elif index in flags:
            plain, disguise = " ", Disguise.NONE
        for letter in plain:
            letters.append(letter)
            at.append(index)
            disguises.append(Disguise.STYLED if hidden and disguise == 0 and letter.isalnum() else disguise)
        hidden = hidden and not plain
    return Letters(original=text, text="".join(letters), at=tuple(at), disguises=bytes(disguises))


def _lookalikes_in(text: str) -> dict[int, str]:
    """Position -> the Latin letter that another alphabet's letter pretends to be, in words that mix the two."""
    found: dict[int, str] = {}
    for match in MIXED.finditer(text):
        for index in range(*match.span()):
            plain = LOOKALIKES.get(text[index].lower())
            if plain is not None:
                found[index] = plain
    return found


def _halves_of_flags(text: str) -> frozenset[int]:
    """Where two regional letters stand side by side: that is a flag, not a word."""
    regional = [index for index, character in enumerate(text) if ord(character) in REGIONAL]
    beside = set(regional)
    return frozenset(index for index in regional if index - 1 in beside or index + 1 in beside)


@lru_cache(maxsize=4096)
def _plain(character: str) -> tuple[str, Disguise]:
    if character in PLAIN_SIGNS:
        return PLAIN_SIGNS[character], Disguise.NONE
    code = ord(character)
    if character in SMALL_CAPITALS:
        return SMALL_CAPITALS[character], Disguise.STYLED
    if code in NEGATIVE_SQUARES:
        return chr(ord("a") + code - NEGATIVE_SQUARES.start), Disguise.STYLED
    if code in REGIONAL:
        return chr(ord("a") + code - REGIONAL.start), Disguise.STYLED
    plain = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)).casefold()
    if 0xFE00 <= code <= 0xFE0F:
        plain = ""
    return plain, _disguise_of(character, plain)


def _disguise_of(character: str, plain: str) -> Disguise:
    if not plain.isascii() or not plain.isalnum():
        return Disguise.NONE
    tag = unicodedata.decomposition(character).partition(" ")[0]
    if tag in {"<super>", "<sub>"}:
        return Disguise.TINY
    return Disguise.STYLED if tag in {"<font>", "<wide>", "<circle>", "<square>"} else Disguise.NONE
