"""What a document really is, by its bytes: names and declared types are only claims, and no page is ever taken."""

from __future__ import annotations

import io
import re
import zipfile
from typing import IO

HEAD = 2048
BEGINNINGS = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "application/x-ole-storage",  # Word and Excel before 2007
}
OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
MARKUP = re.compile(rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|\?xml|meta|a\s|img|link|style)", re.IGNORECASE)
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


def mime_of(file: IO[bytes]) -> str:
    """The type of `file` (read from its start, then rewound); "" for what is not taken: pages, scripts, programs."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    for beginning, mime in BEGINNINGS.items():
        if head.startswith(beginning):
            return mime
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"PK\x03\x04"):
        return _office(file)
    return "text/plain" if _is_text(file) else ""


def _office(file: IO[bytes]) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(file.read())) as archive:
            names = archive.namelist()
            if "mimetype" in names and names[0] == "mimetype":
                told = archive.read("mimetype")[:100].decode("ascii", "replace")
                return told if told.startswith("application/vnd.oasis.opendocument.") else ""
    except (zipfile.BadZipFile, OSError, ValueError):
        return ""
    finally:
        file.seek(0)
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return ""
    return next((mime for folder, mime in OFFICE.items() if any(name.startswith(folder) for name in names)), "")


def _is_text(file: IO[bytes]) -> bool:
    """Words in UTF-8 that no browser could take for a page."""
    data = file.read()
    file.seek(0)
    if not data.strip() or CONTROL.search(data) or MARKUP.search(data):
        return False
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True
