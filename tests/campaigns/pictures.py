"""Small real pictures and videos for tests, made on the spot."""

from __future__ import annotations

import io

import av
from PIL import Image


def jpeg(width: int = 640, height: int = 480, *, orientation: int = 0, colour: str = "#0b6e66") -> bytes:
    image = Image.new("RGB", (width, height), colour)
    image.paste("#f6b23c", (0, 0, width // 2, height // 4))
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
        exif[0x010F] = "CameraWithAName"
        exif.get_ifd(0x8825)[1] = "S"
        exif.get_ifd(0x8825)[2] = (6.0, 12.0, 30.0)
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def png(width: int = 320, height: int = 200, *, alpha: int = 255) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (width, height), (11, 110, 102, alpha)).save(out, "PNG")
    return out.getvalue()


def gif(frames: int = 3) -> bytes:
    pictures = [Image.new("RGB", (64, 48), (80 * n % 255, 40, 200)) for n in range(frames)]
    out = io.BytesIO()
    pictures[0].save(out, "GIF", save_all=True, append_images=pictures[1:], duration=80, loop=0)
    return out.getvalue()


def mp4(seconds: float = 2, width: int = 320, height: int = 240) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(int(seconds * 10)):
            picture = Image.new("RGB", (width, height), (number * 8 % 255, 110, 102))
            for packet in stream.encode(av.VideoFrame.from_image(picture)):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return out.getvalue()
