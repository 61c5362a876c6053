"""Videos are measured, not changed: how long, how large, which codec, and one frame to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

import av
import av.error

from campaigns.adapters.picture import thumbnail
from campaigns.adapters.sniff import HEAD, container_of

LONGEST_SIDE = 7680
MAX_SECONDS = 12 * 3600
MIMES = {"mov,mp4,m4a,3gp,3g2,mj2": ("video/mp4", ".mp4"), "matroska,webm": ("video/webm", ".webm")}


class NotAVideo(Exception):
    """The bytes are no video that can be played; the text names the reason in a word: broken, silent or large."""


@dataclass(frozen=True, slots=True)
class Video:
    """What a video is: `seconds` long, size in pixels as shown, codec's name, and a small picture of its start."""

    mime: str
    suffix: str
    seconds: float
    width: int
    height: int
    codec: str
    thumbnail: bytes
    thumbnail_suffix: str


def probe(file: IO[bytes]) -> Video:
    """Measure `file`. Raises NotAVideo("broken" | "large")."""
    file.seek(0)
    head = file.read(HEAD)
    container = container_of(head)
    if not container:
        raise NotAVideo("broken")
    mime, suffix = MIMES[container]
    if head[8:12] == b"qt  ":
        mime, suffix = "video/quicktime", ".mov"
    file.seek(0)
    try:
        with av.open(file, mode="r", format=container.split(",")[0]) as opened:
            if not opened.streams.video:
                raise NotAVideo("broken")
            stream = opened.streams.video[0]
            frame = next(opened.decode(stream))
            seconds = _seconds(opened, stream)
            image = frame.to_image()  # type: ignore[no-untyped-call]  # PyAV leaves it open
            codec = stream.codec_context.name
    except (av.error.FFmpegError, StopIteration, ValueError, MemoryError) as error:
        raise NotAVideo("broken") from error
    finally:
        file.seek(0)
    if seconds <= 0:
        raise NotAVideo("broken")
    if max(image.size) > LONGEST_SIDE or seconds > MAX_SECONDS:
        raise NotAVideo("large")
    small, small_suffix = thumbnail(image)
    return Video(mime, suffix, seconds, image.width, image.height, codec, small, small_suffix)


def _seconds(opened: av.container.InputContainer, stream: av.VideoStream) -> float:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return (opened.duration or 0) / 1_000_000
