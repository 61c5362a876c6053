"""What a file really is, by its first bytes: names and declared types are only claims."""

from __future__ import annotations

from typing import IO

from networks.protocol import MediaKind

HEAD = 64


def kind_of(file: IO[bytes]) -> MediaKind | None:
    """IMAGE or VIDEO by the first bytes of `file` (read from its start, then rewound); None for anything else."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")):
        return MediaKind.IMAGE
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return MediaKind.IMAGE
    return MediaKind.VIDEO if container_of(head) else None


def container_of(head: bytes) -> str:
    """FFmpeg's name of the video container that starts with `head`, or "". Only these two are ever opened: a text
    file must not be taken for a playlist that reaches out to other addresses.
    """
    if head[4:8] == b"ftyp" and head[8:12] not in (b"heic", b"heix", b"mif1", b"avif"):
        return "mov,mp4,m4a,3gp,3g2,mj2"
    return "matroska,webm" if head.startswith(b"\x1a\x45\xdf\xa3") else ""
