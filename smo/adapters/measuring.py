"""The kind and the measures of a picture, from its bytes and never from what its server claims."""

from __future__ import annotations

import io
import warnings

from PIL import Image, UnidentifiedImageError

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
