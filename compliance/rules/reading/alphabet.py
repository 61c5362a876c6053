"""How every sign is read: the plain letters it stands for, and whether it hides that it is one."""

from __future__ import annotations

import unicodedata
from enum import IntEnum

PLAIN_SIGNS = {
    "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u00b4": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-",
    "\u00a0": " ", "\u202f": " ", "\u3000": " ", "\u2026": "...", "\u0131": "i", "\u00df": "ss", "\u00f8": "o",
    "\u0142": "l", "\u00e6": "ae", "\u0153": "oe", "\u0111": "d", "\uff03": "#", "\u2028": "\n", "\u2029": "\n",
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
OTHER_ALPHABETS = "\u0370-\u03ff\u0400-\u052f"
STYLED = dict(
    zip(
        "\u1d00\u0299\u1d04\u1d05\u1d07\ua730\u0262\u029c\u026a\u1d0a\u1d0b\u029f\u1d0d\u0274\u1d0f\u1d18\u0280\ua731"
        "\u1d1b\u1d1c\u1d20\u1d21\u028f\u1d22\u0251\u0261\u0257\u0581",
        "abcdefghijklmnoprstuvwyzagdg",
        strict=True,
    )
)
# Emoji that show a letter but have no decomposition in Unicode: from the code of their A on.
EMOJI_ALPHABETS = (0x1F150, 0x1F170, 0x1F1E6)  # negative circled, negative squared, halves of flags
FLAG_LETTERS = "\U0001f1e6-\U0001f1ff"
HIDDEN = frozenset(
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u034f\u2061\u2062\u2063\u2064\u115f\u3164"
    "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c"
)
BRAND = "\U00010330"
"""Stands for each letter of a brand's name where patterns look for one: no language a post is written in uses it."""


class Disguise(IntEnum):
    """How far a letter is from one that everybody and every reader's device sees as itself."""

    NONE = 0
    STYLED = 1  # look-alikes, styled alphabets, emoji letters, something invisible before it, struck through
    TINY = 2  # superscript and subscript


class Table(dict[int, str]):
    """The plain letters of each code point, for `str.translate`; learns a sign when it is first met.

    `uneven`: the signs that do not stand for exactly one letter; `disguises`: those that hide what they are.
    """

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set(HIDDEN)
        self.disguises: dict[str, Disguise] = {}

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        plain, disguise = _plain(sign)
        if len(plain) != 1:
            self.uneven.add(sign)
        if disguise:
            self.disguises[sign] = disguise
        self[code] = plain
        return plain


def strikes(sign: str) -> bool:
    """Whether `sign` is a combining stroke that crosses out the letter before it."""
    return "\u0334" <= sign <= "\u0338" or "\u20d0" <= sign <= "\u20ef"


def _plain(sign: str) -> tuple[str, Disguise]:
    code = ord(sign)
    if sign in PLAIN_SIGNS:
        return PLAIN_SIGNS[sign], Disguise.NONE
    if sign in HIDDEN or sign == BRAND or 0xFE00 <= code <= 0xFE0F:
        return "", Disguise.NONE
    if sign in STYLED:
        return STYLED[sign], Disguise.STYLED
    for first in EMOJI_ALPHABETS:
        if first <= code < first + 26:
            return chr(ord("a") + code - first), Disguise.STYLED
    plain = "".join(c for c in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(c)).casefold()
    return plain, _disguise(sign, plain)


def _disguise(sign: str, plain: str) -> Disguise:
    if not plain.isascii() or not plain.isalnum():
        return Disguise.NONE
    tag = unicodedata.decomposition(sign).partition(" ")[0]
    if tag in {"<super>", "<sub>"}:
        return Disguise.TINY
    return Disguise.STYLED if tag in {"<font>", "<wide>", "<circle>", "<square>"} else Disguise.NONE
