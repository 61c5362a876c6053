"""The kind and the measures of a picture, from its bytes and never from what its server claims."""

from __future__ import annotations

import io
import warnings

from PIL import Image, UnidentifiedImageError

SHOWN = ("JPEG", "PNG", "WEBP", "GIF")
PIXELS = 40_000_000  # more is not unpacked
THUMB = (600, 600)
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP", "TIFF", "ICO")


def measured(body: bytes) -> tuple[str, int, int]:
    """(content type, width, height); ("", 0, 0) for what is no picture. Only the head of the file is read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a picture of a thousand megapixels is measured, not opened
        try:
            with Image.open(io.BytesIO(body), formats=FORMATS) as picture:
                return Image.MIME.get(picture.format or "", ""), picture.width, picture.height
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return "", 0, 0


def thumbnail(body: bytes) -> bytes:
    """The picture small, as JPEG, for a likeness; nothing for what cannot or should not be unpacked."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(body), formats=SHOWN) as picture:
                if picture.width * picture.height > PIXELS:
                    return b""
                picture.draft("RGB", THUMB)
                small = picture.convert("RGBA")
            small.thumbnail(THUMB)
            ground = Image.new("RGB", small.size, "white")
            ground.paste(small, mask=small.getchannel("A"))
            kept = io.BytesIO()
            ground.save(kept, "JPEG", quality=78)
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return b""
    return kept.getvalue()
