"""What uploaded bytes really are, whatever their sender calls them."""

from __future__ import annotations

import struct

MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


def sniff(data: bytes) -> str:
    """The type the bytes really have, or ""."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return "video/quicktime" if data[8:10] == b"qt" else "video/mp4"
    return next((mime for magic, mime in MAGIC if data.startswith(magic)), "")


def seconds(data: bytes) -> float:
    """The length of an MP4, out of its movie header; 0 when there is none."""
    place = data.find(b"mvhd")
    if place < 0 or len(data) < place + 40:
        return 0.0
    if data[place + 4] == 1:
        scale, length = struct.unpack(">IQ", data[place + 24 : place + 36])
    else:
        scale, length = struct.unpack(">II", data[place + 16 : place + 24])
    return float(length) / scale if scale else 0.0
