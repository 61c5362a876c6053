"""Setting words on a picture: which of our fonts has a character, where a line breaks, what is marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import emoji
import regex
from fontTools.ttLib import TTFont
from PIL import ImageFont

FOLDER = Path(__file__).with_name("fonts")
TEXT = FOLDER / "DejaVuSans.ttf"
BOLD = FOLDER / "DejaVuSans-Bold.ttf"
EMOJI = FOLDER / "NotoEmoji.ttf"
CLUSTER = regex.compile(r"\X")
PIECE = regex.compile(r"\s+|[^\s]+")
INVISIBLE = {"\ufe0f", "\ufe0e", "\u200d", "\u200b", "\u200c", "\u2060", "\ufeff"}
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Run:
    """A few characters in one font, marked or not."""

    text: str
    font: Path
    marked: bool


@cache
def characters_of(font: Path) -> frozenset[int]:
    """The code points that `font` has a glyph for."""
    with TTFont(font, lazy=True) as opened:
        return frozenset(opened.getBestCmap())


@cache
def opened(font: Path, size: int) -> ImageFont.FreeTypeFont:
    """`font` at `size` pixels."""
    return ImageFont.truetype(str(font), size)


def font_for(cluster: str, bold: bool) -> Path:
    """The font that draws `cluster`: emoji their own, everything else the text's."""
    base = BOLD if bold else TEXT
    codes = {ord(char) for char in cluster if char not in INVISIBLE}
    if emoji.is_emoji(cluster) and codes <= characters_of(EMOJI):
        return EMOJI
    if codes <= characters_of(base):
        return base
    return EMOJI if codes <= characters_of(EMOJI) else base


def drawable(cluster: str) -> str:
    """`cluster`, or what stands for it where no font has it: an emoji's name, or an empty box."""
    codes = {ord(char) for char in cluster if char not in INVISIBLE}
    if codes <= characters_of(TEXT) or codes <= characters_of(EMOJI):
        return cluster
    named = emoji.demojize(cluster, delimiters=("[", "]"))
    return named if named != cluster else "\ufffd"


def runs(text: str, start: int, marks: Sequence[Span], *, bold: bool = False) -> Iterator[Run]:
    """`text`, which begins at `start` of the whole, as runs of one font and one mark."""
    held, font, marked = "", TEXT, False
    for match in CLUSTER.finditer(text):
        cluster = drawable(match[0])
        wanted = font_for(cluster, bold)
        inside = any(first <= start + match.start() < last for first, last in marks)
        if held and (wanted, inside) != (font, marked):
            yield Run(held, font, marked)
            held = ""
        held, font, marked = held + cluster, wanted, inside
    if held:
        yield Run(held, font, marked)


def lines(text: str, width: float, size: int, *, start: int = 0, marks: Sequence[Span] = ()) -> Iterator[list[Run]]:
    """`text` broken into lines no wider than `width` pixels; a word that is longer than a line is broken anywhere."""
    at = start
    for paragraph in regex.split(r"\r\n|[\n\r\u2028\u2029]", text):
        line: list[Run] = []
        used = 0.0
        for piece in PIECE.finditer(paragraph):
            pieces = list(runs(piece[0], at + piece.start(), marks))
            wide = width_of(pieces, size)
            if line and used + wide > width and not piece[0].isspace():
                yield line
                line, used = [], 0.0
            if wide > width:
                pieces, rest = [], pieces
                yield from _broken(rest, width, size)
            if not (piece[0].isspace() and not line):
                line += pieces
                used += width_of(pieces, size)
        yield line
        at += len(paragraph) + 1


def _broken(pieces: Sequence[Run], width: float, size: int) -> Iterator[list[Run]]:
    line: list[Run] = []
    for run in pieces:
        for match in CLUSTER.finditer(run.text):
            one = Run(match[0], run.font, run.marked)
            if line and width_of([*line, one], size) > width:
                yield line
                line = []
            line.append(one)
    yield line


def width_of(pieces: Sequence[Run], size: int) -> float:
    """How wide the runs are in a row, in pixels."""
    return sum(opened(run.font, size).getlength(run.text) for run in pieces)
