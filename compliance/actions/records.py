"""Keeping the records customs judge by."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from compliance.models import Connection, Endorser, Substantiation
from workspaces.actions import record
from workspaces.models import Member


def keep_endorser(endorser: Endorser, *, by: Member) -> Endorser:
    """Add an endorser, or keep what was changed about one."""
    with transaction.atomic():
        verb = "changed_endorser" if endorser.pk else "added_endorser"
        endorser.save()
        record(
            endorser.workspace_id,
            by=by,
            verb=verb,
            thing=f"endorser:{endorser.pk}",
            name=endorser.name,
            handles=endorser.handles,
            place=endorser.place,
        )
    return endorser


def record_connection(connection: Connection, *, by: Member) -> Connection:
    """Put a material connection on record. From now on the endorser's posts about the brand are judged under it."""
    with transaction.atomic():
        connection.recorded_by = by
        connection.save(force_insert=True)
        record(
            connection.workspace_id,
            by=by,
            verb="recorded_connection",
            thing=f"connection:{connection.pk}",
            endorser=connection.endorser_id,
            brand=connection.brand,
            kind=connection.kind,
            value=connection.value,
            currency=connection.currency,
            starts_on=connection.starts_on,
            ends_on=connection.ends_on,
        )
    return connection


def end_connection(connection: Connection, *, on: date, by: Member) -> Connection:
    """Let a connection end on the day `on`, its last; what was judged under it stays as it was judged."""
    with transaction.atomic():
        connection.ends_on = max(on, connection.starts_on)
        connection.save(update_fields=["ends_on"])
        record(
            connection.workspace_id,
            by=by,
            verb="ended_connection",
            thing=f"connection:{connection.pk}",
            ends_on=connection.ends_on,
        )
    return connection


def keep_evidence(evidence: Substantiation, *, by: Member) -> Substantiation:
    """Put the evidence for a claim on record."""
    with transaction.atomic():
        evidence.recorded_by = by
        evidence.save(force_insert=True)
        record(
            evidence.workspace_id,
            by=by,
            verb="recorded_evidence",
            thing=f"evidence:{evidence.pk}",
            claim=evidence.claim,
            starts_on=evidence.starts_on,
            ends_on=evidence.ends_on,
        )
    return evidence
