"""Small real pictures and films for tests."""

from __future__ import annotations

import io

import av
from PIL import Image


def picture(kind: str = "PNG", colour: str = "#7a4a21", size: tuple[int, int] = (40, 30)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, kind)
    return made.getvalue()


def film(seconds: float = 2.0, fps: int = 10) -> bytes:
    """An H.264 MP4 of the length."""
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as box:
        stream = box.add_stream("h264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for place in range(round(seconds * fps)):
            frame = av.VideoFrame.from_image(Image.new("RGB", (64, 64), (place * 9 % 255, 80, 40)))
            box.mux(stream.encode(frame))
        box.mux(stream.encode())
    return made.getvalue()
