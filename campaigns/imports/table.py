"""A CSV as lines with known columns, whatever its separator, its heads in English or Indonesian."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

MAX_BYTES = 10 * 2**20
MAX_ROWS = 5000
COLUMNS = {
    "date": ("date", "tanggal", "day", "publish date"),
    "time": ("time", "jam", "waktu", "local time", "publish time"),
    "zone": ("zone", "timezone", "time zone", "zona", "zona waktu"),
    "accounts": ("accounts", "account", "networks", "network", "channels", "channel", "akun", "saluran", "kanal"),
    "text": ("text", "teks", "caption", "copy", "post", "isi"),
    "title": ("title", "judul"),
    "link": ("link", "url", "tautan"),
    "media": ("media", "image", "images", "picture", "pictures", "video", "gambar"),
    "alt": ("alt", "alt text", "alt teks", "teks alternatif"),
    "campaign": ("campaign", "kampanye"),
    "endorser": ("endorser", "influencer", "creator", "kreator"),
    "language": ("language", "lang", "bahasa"),
    "first_comment": ("first comment", "first_comment", "komentar pertama"),
}
NAMES = {name: column for column, names in COLUMNS.items() for name in names}


class NotATable(Exception):
    """The file as a whole cannot be read; the text is a word: encoding, empty, large, rows or columns."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number in the file, its values by column, and own texts by the network or account they are for."""

    number: int
    values: dict[str, str]
    own: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """All lines, and the heads that nobody knows."""

    lines: tuple[Line, ...]
    unknown: tuple[str, ...]


def read(data: bytes) -> Table:
    """Read a CSV (UTF-8 with or without a mark, or UTF-16). Raises NotATable.

    A head like `text:somewhere` holds the own text for the network or account called so.
    """
    if len(data) > MAX_BYTES:
        raise NotATable("large")
    text = _decoded(data)
    if not text.strip():
        raise NotATable("empty")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        heads = [head.strip() for head in next(reader)]
        columns = [NAMES.get(head.lower().replace("_", " "), NAMES.get(head.lower(), "")) for head in heads]
        if "text" not in columns and "media" not in columns:
            raise NotATable("columns")
        lines = [_line(reader.line_num, heads, columns, cells) for cells in reader if any(c.strip() for c in cells)]
    except csv.Error as error:
        raise NotATable("columns") from error
    if len(lines) > MAX_ROWS:
        raise NotATable("rows")
    if not lines:
        raise NotATable("empty")
    unknown = [h for h, column in zip(heads, columns, strict=True) if h and not column and not h.startswith("text:")]
    return Table(tuple(lines), tuple(unknown))


def _line(number: int, heads: list[str], columns: list[str], cells: list[str]) -> Line:
    values: dict[str, str] = {}
    own: dict[str, str] = {}
    for head, column, cell in zip(heads, columns, cells, strict=False):
        value = cell.strip().replace("\r\n", "\n")
        if column and value:
            values.setdefault(column, value)
        elif head.lower().startswith("text:") and value:
            own[head[5:].strip().lower()] = value
    return Line(number, values, own)


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotATable("encoding") from error


def _separator(text: str) -> str:
    head = text.lstrip("\ufeff").split("\n", 1)[0]
    return max(",;\t", key=head.count)
