"""The media library: pictures and videos of a workspace, cleaned and measured before anybody sees them."""

from __future__ import annotations

from pathlib import PurePosixPath
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from networks.protocol import Media, MediaKind
from workspaces.models import Member
from workspaces.tenancy import TenantModel


def storage_key(asset: MediaAsset, filename: str) -> str:
    """An unguessable key below the workspace's folder; only the extension of `filename` is kept."""
    return f"w/{asset.workspace_id}/media/{uuid4().hex}{PurePosixPath(filename).suffix.lower()}"


class MediaAsset(TenantModel):
    """One picture or video. `size` in bytes, `width` and `height` in pixels, `seconds` for a video."""

    class Kind(models.TextChoices):
        IMAGE = "image", _("Image")
        VIDEO = "video", _("Video")

    file = models.FileField(upload_to=storage_key, max_length=300)
    thumbnail = models.FileField(upload_to=storage_key, max_length=300, blank=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    mime = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    filename = models.CharField(max_length=200)
    alt = models.CharField(_("alt text"), max_length=1000, blank=True)
    uploader = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "sha256"], name="the_same_bytes_are_kept_once"),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="media_are_never_empty"),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def sealed(self) -> Media:
        """The asset as a network adapter takes it."""
        return Media(
            kind=MediaKind(self.kind),
            key=str(self.file.name),
            mime=self.mime,
            sha256=self.sha256,
            size=self.size,
            width=self.width,
            height=self.height,
            seconds=self.seconds,
            alt=self.alt,
            filename=self.filename,
        )
