"""Connections from a file: kept to be looked at, then put on record one by one or thrown away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from compliance.actions.records import record_connection
from compliance.models import Connection, ConnectionImport
from workspaces.actions import record
from workspaces.models import Member

State = ConnectionImport.State
Row = Mapping[str, Any]  # Any: JSON values


class NotOpen(Exception):
    """The import was decided on already; the text is for the person."""


def preview_import(rows: Sequence[Row], *, filename: str, by: Member) -> ConnectionImport:
    """Keep what a file says until a person says yes; nothing goes on record yet."""
    made: ConnectionImport = ConnectionImport.objects.create(filename=filename[:200], rows=list(rows), by=by)
    return made


def import_connections(found: ConnectionImport, *, by: Member, read: Callable[[Row], Connection]) -> int:
    """Put every good row on record, all or none; answers how many. Raises NotOpen."""
    with transaction.atomic():
        found = _open(found)
        good = [row for row in found.rows if not row["errors"] and not row["note"]]
        for row in good:
            record_connection(read(row), by=by)
        found.state = State.IMPORTED
        found.save(update_fields=["state"])
        thing = f"import:{found.pk}"
        record(
            found.workspace_id, by=by, verb="imported_connections", thing=thing, count=len(good), file=found.filename
        )
    return len(good)


def reject_import(found: ConnectionImport, *, by: Member) -> ConnectionImport:
    """Throw it away. Raises NotOpen."""
    with transaction.atomic():
        found = _open(found)
        found.state = State.REJECTED
        found.save(update_fields=["state"])
        record(found.workspace_id, by=by, verb="rejected_import", thing=f"import:{found.pk}", file=found.filename)
    return found


def _open(found: ConnectionImport) -> ConnectionImport:
    found = ConnectionImport.objects.select_for_update().get(pk=found.pk)
    if found.state != State.PREVIEW:
        raise NotOpen(_("This import was decided on already."))
    return found
