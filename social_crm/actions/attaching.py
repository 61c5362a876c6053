"""Pictures and videos that go out with an answer: looked at, kept, named."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from networks.protocol import Media, MediaKind
from workspaces.tenancy import current_workspace_id

MOST = 4
LARGEST = 8 * 1024 * 1024
TYPES = {"JPEG": ("image/jpeg", ".jpg"), "PNG": ("image/png", ".png"), "WEBP": ("image/webp", ".webp")}
TYPES |= {"GIF": ("image/gif", ".gif")}


class Unfit(Exception):
    """A file that cannot go out; the text is for the person."""


def keep_files(files: Sequence[UploadedFile[Any]], *, alt: str = "") -> list[Media]:  # Any: what the file reads
    """The files as a content carries them. Raises Unfit; then none was kept."""
    if len(files) > MOST:
        raise Unfit(_("Four pictures at most go with one answer."))
    return [_keep(each, alt) for each in files]


def _keep(file: UploadedFile[Any], alt: str) -> Media:
    if (file.size or 0) > LARGEST:
        raise Unfit(_("%(name)s is larger than 8 MB.") % {"name": file.name})
    data = file.read()
    file.seek(0)
    try:
        with Image.open(file) as picture:
            picture.verify()
            form, size = picture.format or "", picture.size
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise Unfit(_("%(name)s is no picture that networks take.") % {"name": file.name}) from error
    if form not in TYPES:
        raise Unfit(_("%(name)s is no picture that networks take.") % {"name": file.name})
    mime, ending = TYPES[form]
    digest = hashlib.sha256(data).hexdigest()
    key = f"{current_workspace_id()}/answers/{digest[:32]}{ending}"
    if not default_storage.exists(key):
        default_storage.save(key, ContentFile(data))
    return Media(
        kind=MediaKind.IMAGE,
        key=key,
        mime=mime,
        sha256=digest,
        size=len(data),
        width=size[0],
        height=size[1],
        alt=alt[:1000],
        filename=PurePosixPath(file.name or "picture").name[:120],
    )
