"""Keeping media: what comes in is checked, cleaned and measured, and the same bytes are kept once."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import IO

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.adapters import picture, sniff, video
from campaigns.models import MediaAsset
from campaigns.protocol import NotPossible, NotTaken
from networks.protocol import MediaKind
from workspaces.actions import record
from workspaces.models import Member

REASONS = {
    "broken": gettext_lazy("%(name)s cannot be opened: it is damaged, or not what its name says."),
    "bomb": gettext_lazy("%(name)s has too many pixels or frames. Make it smaller first."),
    "animated": gettext_lazy("%(name)s is an animated WebP, which no network takes. Save it as a GIF or a video."),
    "large": gettext_lazy("%(name)s is longer or larger than any network takes."),
}


def keep(file: IO[bytes], *, filename: str, by: Member | None, workspace_id: int, alt: str = "") -> MediaAsset:
    """The asset made from `file` (seekable), or the one that is there already with the same bytes.

    Raises NotTaken for what is too large, damaged, a bomb, or neither picture nor video.
    """
    name = PurePath(filename.replace("\\", "/")).name[:200] or "file"
    kind = sniff.kind_of(file)
    if kind is None:
        raise NotTaken(
            _("%(name)s is no picture or video. JPEG, PNG, GIF, WebP, MP4, MOV and WebM work.") % {"name": name}
        )
    _check_size(file, kind, name)
    try:
        asset = _picture(file) if kind is MediaKind.IMAGE else _video(file)
    except (picture.NotAPicture, video.NotAVideo) as error:
        raise NotTaken(str(REASONS[str(error)]) % {"name": name}) from error
    asset.workspace_id, asset.filename, asset.alt, asset.uploader = workspace_id, name, alt.strip()[:1000], by
    there: MediaAsset | None = MediaAsset.objects.filter(sha256=asset.sha256).first()
    if there is not None:
        return describe(there, alt=alt, by=by) if alt and not there.alt else there
    _store(asset)
    record(workspace_id, by=by, verb="kept", thing=f"media:{asset.pk}", name=name, sha256=asset.sha256)
    return asset


def describe(asset: MediaAsset, *, alt: str, by: Member | None) -> MediaAsset:
    """Say what the media shows, for those who do not see it. Posts that are sealed already keep their words."""
    asset.alt = alt.strip()[:1000]
    asset.save(update_fields=["alt"])
    record(asset.workspace_id, by=by, verb="described", thing=f"media:{asset.pk}", alt=asset.alt)
    return asset


def throw_away(asset: MediaAsset, *, by: Member) -> None:
    """Delete media that no post shows. Raises NotPossible otherwise."""
    if asset.uses.exists():
        raise NotPossible(_("A post shows it. Take it out there first."))
    number, files = asset.pk, [asset.file, asset.thumbnail]
    asset.delete()
    record(by.workspace_id, by=by, verb="threw away", thing=f"media:{number}")
    for stored in files:
        if stored:
            stored.delete(save=False)


def _check_size(file: IO[bytes], kind: MediaKind, name: str) -> None:
    size = file.seek(0, 2)
    file.seek(0)
    limit = settings.MEDIA_IMAGE_BYTES if kind is MediaKind.IMAGE else settings.MEDIA_VIDEO_BYTES
    if size > limit:
        raise NotTaken(
            _("%(name)s has %(size)s; up to %(limit)s is taken.")
            % {"name": name, "size": filesizeformat(size), "limit": filesizeformat(limit)}
        )


def _picture(file: IO[bytes]) -> MediaAsset:
    cleaned = picture.clean(file)
    asset = MediaAsset(
        kind=MediaAsset.Kind.IMAGE,
        mime=cleaned.mime,
        sha256=hashlib.sha256(cleaned.data).hexdigest(),
        size=len(cleaned.data),
        width=cleaned.width,
        height=cleaned.height,
    )
    asset.file = File(ContentFile(cleaned.data), name=f"picture{cleaned.suffix}")
    asset.thumbnail = File(ContentFile(cleaned.thumbnail), name=f"small{cleaned.thumbnail_suffix}")
    return asset


def _video(file: IO[bytes]) -> MediaAsset:
    measured = video.probe(file)
    asset = MediaAsset(
        kind=MediaAsset.Kind.VIDEO,
        mime=measured.mime,
        sha256=_digest(file),
        size=file.seek(0, 2),
        width=measured.width,
        height=measured.height,
        seconds=measured.seconds,
    )
    file.seek(0)
    asset.file = File(file, name=f"video{measured.suffix}")
    asset.thumbnail = File(ContentFile(measured.thumbnail), name=f"small{measured.thumbnail_suffix}")
    return asset


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(1024 * 1024):
        digest.update(chunk)
    return digest.hexdigest()


def _store(asset: MediaAsset) -> None:
    """Write the files, then the row; a row that is refused leaves no files behind."""
    try:
        asset.save()
    except Exception:
        for stored in (asset.file, asset.thumbnail):
            if stored and getattr(stored, "_committed", False):
                stored.delete(save=False)
        raise
