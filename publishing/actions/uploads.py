"""A long upload's memory: it outlives the process that uploads, so that the next one goes on where it stopped."""

from __future__ import annotations

from django.db import connection

from publishing.models import Publication, Upload
from workspaces.tenancy import entered
from workspaces.vault import NoKey, SealBroken, open_sealed, seal


class UploadMemory:
    """What the sends of one publication tell each other. Each word is a transaction of its own; call it outside any.

    Only whoever may send writes here (the claim is ours meanwhile), and only for the bytes that are sealed now.
    """

    def __init__(self, publication: Publication) -> None:
        self._publication = publication
        self._context = f"upload:{publication.pk}"

    def read(self) -> str:
        """What the last send left; "" when there is nothing that still counts."""
        with entered(self._publication.workspace_id):
            kept = Upload.objects.filter(
                publication=self._publication, fingerprint=self._publication.fingerprint
            ).first()
            if kept is None:
                return ""
            try:
                return open_sealed(self._publication.workspace_id, bytes(kept.sealed), context=self._context).decode()
            except (SealBroken, NoKey):  # then it starts over, which costs time only
                return ""

    def write(self, text: str) -> None:
        """Leave `text` for the next send."""
        with entered(self._publication.workspace_id):
            sealed = seal(self._publication.workspace_id, text.encode(), context=self._context)
            Upload.objects.update_or_create(
                publication=self._publication,
                defaults={"fingerprint": self._publication.fingerprint, "sealed": sealed},
            )

    def close(self) -> None:
        """A thread that only sends keeps no connection to the database."""
        if not connection.in_atomic_block:
            connection.close()
