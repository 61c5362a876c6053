"""Pictures are drawn anew: orientation honoured, camera and place data gone, transparency and animation kept."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

MAX_PIXELS = 50_000_000  # a decoded picture of this size takes 200 MB
MAX_FRAMES = 600
LONGEST_SIDE = 4096
HEAVY_PNG = 4_000_000  # bytes; an opaque PNG above becomes a JPEG, or X and others would refuse it
THUMBNAIL = (480, 480)
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")


class NotAPicture(Exception):
    """The bytes are no picture that can be shown; the text names the reason in a word: broken, bomb or animated."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A cleaned picture: encoded bytes with its `mime` and file `suffix`, size in pixels, and a small JPEG or PNG."""

    data: bytes
    mime: str
    suffix: str
    width: int
    height: int
    thumbnail: bytes
    thumbnail_suffix: str


def clean(file: IO[bytes]) -> Picture:
    """Decode and draw `file` anew. Raises NotAPicture("broken" | "bomb" | "animated")."""
    image = _opened(file)
    try:
        if image.format == "GIF" and getattr(image, "n_frames", 1) > 1:
            return _animation(image)
        if image.format == "WEBP" and getattr(image, "is_animated", False):
            raise NotAPicture("animated")
        return _still(image)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAPicture("broken") from error


def thumbnail(image: Image.Image) -> tuple[bytes, str]:
    """A small copy: (bytes, suffix)."""
    small = image.copy()
    small.thumbnail(THUMBNAIL, Image.Resampling.LANCZOS)
    return (_encoded(small, "PNG"), ".png") if _see_through(small) else (_encoded(small.convert("RGB"), "JPEG"), ".jpg")


def _opened(file: IO[bytes]) -> Image.Image:
    file.seek(0)
    try:
        image = Image.open(file, formats=FORMATS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NotAPicture("broken") from error
    except Image.DecompressionBombError as error:
        raise NotAPicture("bomb") from error
    frames = getattr(image, "n_frames", 1) if image.format == "GIF" else 1
    if image.width * image.height > MAX_PIXELS or frames > MAX_FRAMES:
        raise NotAPicture("bomb")
    if frames > 1 and image.width * image.height * frames > 10 * MAX_PIXELS:
        raise NotAPicture("bomb")
    return image


def _still(source: Image.Image) -> Picture:
    source.load()
    photograph = source.format == "JPEG"
    image = ImageOps.exif_transpose(source)
    image = image.convert("RGBA") if _see_through(image) else image.convert("RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    data, mime, suffix = b"", "image/png", ".png"
    if image.mode == "RGBA" or not (photograph or source.format == "WEBP"):
        data = _encoded(image, "PNG")
    if image.mode == "RGB" and (not data or len(data) > HEAVY_PNG):
        data, mime, suffix = _encoded(image, "JPEG"), "image/jpeg", ".jpg"
    small, small_suffix = thumbnail(image)
    return Picture(data, mime, suffix, image.width, image.height, small, small_suffix)


def _animation(image: Image.Image) -> Picture:
    frames = [frame.convert("RGBA") for frame in ImageSequence.Iterator(image)]
    times = [int(frame.info.get("duration", 100)) or 100 for frame in ImageSequence.Iterator(image)]
    out = io.BytesIO()
    frames[0].save(
        out,
        "GIF",
        save_all=True,
        append_images=frames[1:],
        duration=times,
        loop=int(image.info.get("loop", 0)),
        disposal=2,
        optimize=False,
    )
    small, small_suffix = thumbnail(frames[0])
    return Picture(out.getvalue(), "image/gif", ".gif", image.width, image.height, small, small_suffix)


def _see_through(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _encoded(image: Image.Image, as_format: str) -> bytes:
    """Encode without any of the source's metadata."""
    bare = image.copy()
    bare.info = {}
    out = io.BytesIO()
    if as_format == "JPEG":
        bare.save(out, "JPEG", quality=88, optimize=True, progressive=True)
    else:
        bare.save(out, "PNG", optimize=True)
    return out.getvalue()
