"""A post as its readers saw it, drawn: cut where the network cuts it, what discloses marked, the rest below."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError
from PIL.PngImagePlugin import PngInfo

from compliance.adapters.lettering import BOLD, TEXT, Run, Span, lines, opened, runs, width_of

WIDTH, MARGIN = 720, 32
SIZE, SMALL, LEADING, TIGHT = 24, 17, 35, 25
INK, SOFT, LINE, PAPER, SHADE = "#12211f", "#5b6863", "#cdd6d1", "#ffffff", "#f0f3f1"
MARK, BRAND = "#ffe28a", "#0b6e66"
MOST_LINES = 400
SHOT = 300
GAP = 12
MOST_PIXELS = 50_000_000


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture or video of the post: its bytes when they are at hand, and what it shows in words."""

    kind: str
    words: str
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What is drawn. `marks` are spans over `visible` + `hidden`; `fold` and `foot` are sentences about the picture."""

    network: str
    account: str
    handle: str
    visible: str
    hidden: str
    marks: tuple[Span, ...] = ()
    title: str = ""
    link: str = ""
    shots: tuple[Shot, ...] = ()
    fold: str = ""
    foot: tuple[str, ...] = ()


class _Sheet:
    """A page that grows downwards: first measured, then drawn with the same steps."""

    def __init__(self, draw: ImageDraw.ImageDraw | None) -> None:
        self.draw = draw
        self.y = MARGIN

    def words(
        self, text: str, *, size: int, leading: int, colour: str, marks: Sequence[Span] = (), start: int = 0
    ) -> None:
        for number, line in enumerate(lines(text, WIDTH - 2 * MARGIN, size, start=start, marks=marks)):
            if number >= MOST_LINES:
                break
            self.line(line, size=size, leading=leading, colour=colour)

    def line(self, pieces: Sequence[Run], *, size: int, leading: int, colour: str, x: float = MARGIN) -> None:
        for run in pieces:
            wide = width_of([run], size)
            if self.draw is not None:
                if run.marked:
                    self.draw.rectangle((x, self.y, x + wide, self.y + leading - 4), fill=MARK)
                self.draw.text((x, self.y + leading * 0.72), run.text, colour, opened(run.font, size), anchor="ls")
            x += wide
        self.y += leading

    def dashes(self, label: str) -> None:
        self.y += GAP
        if self.draw is not None:
            wide = int(opened(BOLD, SMALL).getlength(label))
            for x in range(MARGIN, WIDTH - MARGIN - wide - 16, 12):
                self.draw.line((x, self.y, x + 6, self.y), BRAND, 2)
            place = (WIDTH - MARGIN, self.y)
            self.draw.text(place, label, BRAND, opened(BOLD, SMALL), anchor="rm")
        self.y += GAP + 6

    def rule(self) -> None:
        self.y += GAP
        if self.draw is not None:
            self.draw.line((MARGIN, self.y, WIDTH - MARGIN, self.y), LINE, 1)
        self.y += GAP


def draw(shown: Shown) -> bytes:
    """The PNG. The same words and pictures always give the same bytes."""
    pictures = [_thumbnail(shot) for shot in shown.shots]
    measured = _Sheet(None)
    _lay(measured, shown, pictures, None)
    image = Image.new("RGB", (WIDTH, measured.y + MARGIN), PAPER)
    _lay(_Sheet(ImageDraw.Draw(image)), shown, pictures, image)
    out = io.BytesIO()
    facts = PngInfo()
    facts.add_text("Software", "Gardu evidence preview 1")
    image.save(out, "PNG", optimize=True, pnginfo=facts)
    return out.getvalue()


def _lay(sheet: _Sheet, shown: Shown, pictures: Sequence[Image.Image], image: Image.Image | None) -> None:
    name = f"{shown.account}  ·  {shown.network}"
    sheet.line(list(runs(name, 0, (), bold=True)), size=SIZE, leading=LEADING, colour=INK)
    if shown.handle:
        sheet.words(f"@{shown.handle.lstrip('@')}", size=SMALL, leading=TIGHT, colour=SOFT)
    sheet.y += GAP
    if shown.title:
        sheet.line(list(runs(shown.title, 0, (), bold=True)), size=SIZE, leading=LEADING, colour=INK)
    sheet.words(shown.visible, size=SIZE, leading=LEADING, colour=INK, marks=shown.marks)
    if shown.hidden:
        sheet.line([Run("… more", TEXT, False)], size=SIZE, leading=LEADING, colour=SOFT)
        sheet.dashes("fold: readers see what is above")
        sheet.words(
            shown.hidden.lstrip("\r\n"),
            size=SIZE,
            leading=LEADING,
            colour=SOFT,
            marks=shown.marks,
            start=len(shown.visible) + len(shown.hidden) - len(shown.hidden.lstrip("\r\n")),
        )
    if shown.link:
        sheet.words(shown.link, size=SMALL, leading=TIGHT, colour=BRAND)
    _hang(sheet, pictures, image)
    for shot in shown.shots:
        sheet.words(f"{shot.kind}: {shot.words}", size=SMALL, leading=TIGHT, colour=SOFT)
    sheet.rule()
    for sentence in (shown.fold, *shown.foot):
        sheet.words(sentence, size=SMALL, leading=TIGHT, colour=SOFT)


def _hang(sheet: _Sheet, pictures: Sequence[Image.Image], image: Image.Image | None) -> None:
    x, tallest = MARGIN, 0
    sheet.y += GAP if pictures else 0
    for picture in pictures:
        if x + picture.width > WIDTH - MARGIN and x > MARGIN:
            sheet.y += tallest + GAP
            x, tallest = MARGIN, 0
        if image is not None:
            image.paste(picture, (x, sheet.y))
        x, tallest = x + picture.width + GAP, max(tallest, picture.height)
    sheet.y += tallest + (GAP if pictures else 0)


def _thumbnail(shot: Shot) -> Image.Image:
    """The picture, small; a plain card with its kind where the bytes are no picture we can draw."""
    if shot.data is not None:
        try:
            with Image.open(io.BytesIO(shot.data), formats=("JPEG", "PNG", "GIF", "WEBP")) as source:
                if source.width * source.height <= MOST_PIXELS:
                    image = ImageOps.exif_transpose(source).convert("RGB")
                    image.thumbnail((SHOT, SHOT), Image.Resampling.LANCZOS)
                    return image
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            pass  # the card says what it is
    card = Image.new("RGB", (SHOT, SHOT // 2), SHADE)
    ImageDraw.Draw(card).text((SHOT / 2, SHOT / 4), f"[{shot.kind}]", SOFT, opened(TEXT, SMALL), anchor="mm")
    return card
