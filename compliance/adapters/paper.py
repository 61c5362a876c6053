"""A report on paper: headings, facts, pictures and lists set as a PDF that always comes out the same."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fpdf import FPDF, FontFace
from fpdf.enums import XPos, YPos
from PIL import Image

from compliance.adapters.lettering import BOLD, CLUSTER, EMOJI, INVISIBLE, TEXT, characters_of, drawable

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells every glyph it leaves out
INK, SOFT, BRAND, LINE = (18, 33, 31), (91, 104, 99), (11, 110, 102), (205, 214, 209)
BODY, FALLBACK = "body", "emoji"
MARGIN, LEADING = 16, 5.2
PICTURE_WIDTH, PICTURE_HEIGHT = 96, 130
LABEL_WIDTH = 46
LONGEST = 6000  # characters of one text; the whole is in the machine's files


@dataclass(frozen=True, slots=True)
class Block:
    """A small heading with lines of text under it."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One thing the report is about, on a page of its own: facts, a picture, and blocks of text."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    picture: bytes | None = None
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. `table`: its head and rows, the overview; `made_at` is printed and dates the file."""

    title: str
    language: str
    made_at: datetime
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sections: tuple[Section, ...]


class _Paper(FPDF):
    """A4 with our fonts, and a foot on every page."""

    def __init__(self, report: Report) -> None:
        super().__init__(format="A4")
        self.foot = report.title
        self.set_margin(MARGIN)
        self.set_auto_page_break(True, margin=18)
        self.add_font(BODY, "", TEXT)
        self.add_font(BODY, "B", BOLD)
        if _has_emoji(report):
            self.add_font(FALLBACK, "", EMOJI)
            self.set_fallback_fonts([FALLBACK], exact_match=False)
        self.set_creation_date(report.made_at)
        self.set_title(report.title)
        self.set_creator("Gardu")
        self.set_producer("Gardu")
        self.set_lang(report.language)

    def footer(self) -> None:
        self.set_y(-13)
        self.set_font(BODY, size=7)
        self.set_text_color(*SOFT)
        self.cell(0, 5, plain(self.foot)[:90])
        self.set_x(MARGIN)
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="R")

    def heading(self, text: str, size: float) -> None:
        self.set_font(BODY, "B", size)
        self.set_text_color(*INK)
        self.multi_cell(0, size * 0.5, plain(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
        self.ln(1.5)

    def paragraph(self, text: str, *, colour: tuple[int, int, int] = INK, size: float = 9) -> None:
        self.set_font(BODY, size=size)
        self.set_text_color(*colour)
        self.multi_cell(0, LEADING, plain(text)[:LONGEST], new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        for label, value in facts:
            if self.will_page_break(LEADING * 2):
                self.add_page()
            self.set_font(BODY, size=9)
            self.set_text_color(*SOFT)
            top = self.get_y()
            self.multi_cell(LABEL_WIDTH, LEADING, plain(label), new_x=XPos.RIGHT, new_y=YPos.TOP, align="L")
            under = top + LEADING * max(1, round((self.get_string_width(plain(label)) / LABEL_WIDTH) + 0.49))
            self.set_text_color(*INK)
            self.set_xy(MARGIN + LABEL_WIDTH, top)
            self.multi_cell(0, LEADING, plain(value) or "–", new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
            self.set_y(max(self.get_y(), under) if self.get_y() >= top else self.get_y())
        self.ln(2)


def report(told: Report) -> bytes:
    """The PDF. The same report always gives the same bytes."""
    paper = _Paper(told)
    paper.add_page()
    paper.heading(told.title, 18)
    paper.facts(told.facts)
    for note in told.notes:
        paper.paragraph(note, colour=SOFT)
        paper.ln(1)
    if told.rows:
        paper.ln(3)
        _table(paper, told)
    for section in told.sections:
        _section(paper, section)
    out = io.BytesIO()
    paper.output(out)
    return out.getvalue()


def plain(text: str) -> str:
    """`text` with only what our fonts can show: what they lack becomes its name, what has no shape goes."""
    shown = "".join(drawable(match[0]) for match in CLUSTER.finditer(text))
    return "".join(char for char in shown if char not in INVISIBLE and (char >= " " or char == "\n"))


def _has_emoji(told: Report) -> bool:
    everything = [told.title, *told.notes, *(cell for row in told.rows for cell in row)]
    everything += [value for _, value in told.facts]
    for section in told.sections:
        everything += [section.title, *(value for _, value in section.facts)]
        everything += [line for block in section.blocks for line in (block.heading, *block.lines)]
    known = characters_of(TEXT)
    return any(ord(char) not in known for text in everything for char in plain(text) if char != "\n")


def _table(paper: _Paper, told: Report) -> None:
    paper.set_font(BODY, size=8)
    paper.set_text_color(*INK)
    paper.set_draw_color(*LINE)
    style = FontFace(emphasis="BOLD", color=BRAND)
    with paper.table(headings_style=style, line_height=LEADING, text_align="LEFT", borders_layout="MINIMAL") as table:
        for line in (told.head, *told.rows):
            row = table.row()
            for cell in line:
                row.cell(plain(cell)[:160] or "–")


def _section(paper: _Paper, section: Section) -> None:
    paper.add_page()
    paper.heading(section.title, 13)
    paper.facts(section.facts)
    if section.picture is not None:
        _picture(paper, section.picture)
    for block in section.blocks:
        if paper.will_page_break(LEADING * 4):
            paper.add_page()
        paper.ln(1.5)
        paper.heading(block.heading, 10)
        for line in block.lines:
            paper.paragraph(line)
            paper.ln(0.6)


def _picture(paper: _Paper, data: bytes) -> None:
    if paper.will_page_break(PICTURE_HEIGHT):
        paper.add_page()
    top = paper.get_y()
    with Image.open(io.BytesIO(data)) as image:
        wide, high = image.size
    scale = min(PICTURE_WIDTH / wide, PICTURE_HEIGHT / high)
    paper.image(io.BytesIO(data), x=MARGIN, y=top, w=wide * scale, h=high * scale)
    paper.set_draw_color(*LINE)
    paper.rect(MARGIN, top, wide * scale, high * scale)
    paper.set_y(top + high * scale + 4)
