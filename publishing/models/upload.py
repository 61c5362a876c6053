"""What an interrupted upload left behind for whoever goes on with it."""

from __future__ import annotations

from django.db import models

from publishing.models.publication import Publication
from workspaces.tenancy import TenantModel


class Upload(TenantModel):
    """Where one publication's upload stands at its network, sealed: the address alone would let anybody go on."""

    publication = models.OneToOneField(Publication, on_delete=models.CASCADE, related_name="upload")
    fingerprint = models.CharField(max_length=64)  # other words or another file start over
    sealed = models.BinaryField()
    noted_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"upload of publication {self.publication_id}"
