"""Keeping the records customs judge by. The database itself keeps every version of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from compliance.models import Connection, Document, Endorser, Exhibit, Substantiation
from workspaces.actions import record
from workspaces.models import Member

AMENDABLE = ("brand", "kind", "value", "currency", "starts_on", "ends_on", "evidence", "contract")


def keep_endorser(endorser: Endorser, *, by: Member) -> Endorser:
    """Add an endorser, or keep what was changed about one; what was on record before stays as an earlier version."""
    with transaction.atomic():
        known = endorser.pk is not None
        endorser.changed_by_name = str(by.user)
        endorser.save()
        endorser.refresh_from_db(fields=["version"])
        record(
            endorser.workspace_id,
            by=by,
            verb="changed_endorser" if known else "added_endorser",
            thing=f"endorser:{endorser.pk}",
            name=endorser.name,
            handles=endorser.handles,
            place=endorser.place,
            version=endorser.version,
        )
    return endorser


def record_connection(connection: Connection, *, by: Member) -> Connection:
    """Put a material connection on record. From now on the endorser's posts about the brand are judged under it."""
    with transaction.atomic():
        connection.recorded_by, connection.recorded_by_name = by, str(by.user)
        connection.save(force_insert=True)
        _note(connection, by, "recorded_connection")
    return connection


def amend_connection(connection: Connection, *, because: str, by: Member, **changes: Any) -> Connection:
    """A new version of a connection, with the reason; the version before stays on record. Any: a field's value."""
    wrong = set(changes) - set(AMENDABLE)
    if wrong:
        raise ValueError(f"Not to be amended: {', '.join(sorted(wrong))}")
    with transaction.atomic():
        connection = Connection.objects.select_for_update(of=("self",)).get(pk=connection.pk)
        for name, value in changes.items():
            setattr(connection, name, value)
        connection.amended_because = because.strip()[:300]
        connection.recorded_by, connection.recorded_by_name = by, str(by.user)
        connection.save()
        _note(connection, by, "amended_connection", because=connection.amended_because)
    return connection


def end_connection(connection: Connection, *, on: date, by: Member) -> Connection:
    """Let a connection end on the day `on`, its last; what was judged under it stays as it was judged."""
    with transaction.atomic():
        connection.ends_on = max(on, connection.starts_on)
        connection.recorded_by, connection.recorded_by_name = by, str(by.user)
        connection.save(update_fields=["ends_on", "recorded_by", "recorded_by_name"])
        record(
            connection.workspace_id,
            by=by,
            verb="ended_connection",
            thing=f"connection:{connection.pk}",
            ends_on=connection.ends_on,
        )
    return connection


def keep_evidence(evidence: Substantiation, *, by: Member, documents: Collection[Document] = ()) -> Substantiation:
    """Put the evidence for a claim on record, or a new version of it; `documents` are added to those it has."""
    with transaction.atomic():
        known = evidence.pk is not None
        evidence.recorded_by, evidence.recorded_by_name = by, str(by.user)
        evidence.save()
        evidence.refresh_from_db(fields=["version"])
        for document in documents:
            Exhibit.objects.create(substantiation=evidence, document=document)
        record(
            evidence.workspace_id,
            by=by,
            verb="changed_evidence" if known else "recorded_evidence",
            thing=f"evidence:{evidence.pk}",
            claim=evidence.claim,
            kind=evidence.kind,
            starts_on=evidence.starts_on,
            ends_on=evidence.ends_on,
            version=evidence.version,
            documents=[document.sha256 for document in documents],
        )
    return evidence


def _note(connection: Connection, by: Member, verb: str, **more: Any) -> None:  # Any: JSON values
    connection.refresh_from_db(fields=["version"])
    facts: Mapping[str, Any] = {name: getattr(connection, name) for name in AMENDABLE if name != "contract"}
    record(
        connection.workspace_id,
        by=by,
        verb=verb,
        thing=f"connection:{connection.pk}",
        endorser=connection.endorser_id,
        contract=connection.contract_id,
        version=connection.version,
        **facts,
        **more,
    )
