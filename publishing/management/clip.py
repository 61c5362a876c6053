"""A second of moving colour, for networks that take nothing without a video."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

import av

from networks.protocol import Media, MediaKind

SIZE = (320, 240)
FRAMES = 24


@dataclass(frozen=True)
class Clip:
    """The bytes of an MP4, and what is known of them (its `key` is still to be chosen)."""

    data: bytes
    media: Media


def small_clip() -> Clip:
    """One second, 320 by 240, about twenty kilobytes."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=FRAMES)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for number in range(FRAMES):
            frame = av.VideoFrame(*SIZE, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([(number * 10) % 256]) * plane.buffer_size)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    data = out.getvalue()
    media = Media(
        kind=MediaKind.VIDEO,
        key="",
        mime="video/mp4",
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        width=SIZE[0],
        height=SIZE[1],
        seconds=1.0,
        filename="clip.mp4",
    )
    return Clip(data, media)


def _for_ever() -> None:
    """Make and look through one after another: what media work costs at its limit."""
    while True:
        with av.open(io.BytesIO(small_clip().data), mode="r") as opened:
            for frame in opened.decode(video=0):
                frame.to_ndarray(format="rgb24")


if __name__ == "__main__":
    _for_ever()
