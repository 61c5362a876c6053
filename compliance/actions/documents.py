"""Keeping the files that prove something, and writing down who looked at what."""

from __future__ import annotations

import hashlib
from pathlib import PurePath, PurePosixPath
from typing import IO
from uuid import uuid4

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from compliance.adapters.sniffing import mime_of
from compliance.models import Document, Look
from workspaces.actions import record
from workspaces.models import Member
from workspaces.tenancy import current_workspace_id


class NotTaken(Exception):
    """The file is refused; the text says why, for the person."""


def keep_document(file: IO[bytes], *, filename: str, by: Member) -> Document:
    """The document made from `file` (seekable). Raises NotTaken for what is too large, or no document."""
    name = PurePath(filename.replace("\\", "/")).name[:200] or "file"
    size = file.seek(0, 2)
    if size > settings.DOCUMENT_BYTES:
        limit = filesizeformat(settings.DOCUMENT_BYTES)
        raise NotTaken(_("%(name)s is larger than %(limit)s.") % {"name": name, "limit": limit})
    mime = mime_of(file)
    if not size or not mime:
        raise NotTaken(
            _("%(name)s is no document that is taken. PDF, pictures, Word, Excel and plain text are.") % {"name": name}
        )
    workspace_id = current_workspace_id()
    document = Document(
        workspace_id=workspace_id,
        filename=name,
        mime=mime,
        sha256=_digest(file),
        size=size,
        kept_by=by,
        kept_by_name=str(by.user),
    )
    suffix = PurePosixPath(name).suffix.lower()[:10]
    with transaction.atomic():
        document.file = document.file.storage.save(f"w/{workspace_id}/documents/{uuid4().hex}{suffix}", File(file))
        document.save(force_insert=True)
        record(workspace_id, by=by, verb="kept_document", thing=f"document:{document.pk}", sha256=document.sha256)
    return document


def note_look(thing: str, *, way: Look.Way, by: Member) -> Look:
    """Somebody looked at `thing`, like "evidence:12"."""
    look: Look = Look.objects.create(thing=thing, way=way, by=by, by_name=str(by.user))
    return look


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(2**20):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
