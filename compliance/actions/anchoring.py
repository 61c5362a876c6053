"""Writing the end of a workspace's chain down outside the database, and in its audit trail."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from compliance import chain
from compliance.adapters import anchors
from compliance.models import EvidenceHead, EvidenceWork
from compliance.queries.proving import Anchor, anchor_file
from workspaces.actions import record
from workspaces.models import AuditHead
from workspaces.tenancy import current_workspace_id

AUDIT_EVERY = timedelta(hours=1)


def work_line() -> EvidenceWork:
    """The entered workspace's line of background work, locked: whoever else does the same waits."""
    EvidenceWork.objects.get_or_create(workspace_id=current_workspace_id())
    return EvidenceWork.objects.select_for_update().get()


def anchor(*, audit: bool = False) -> Anchor | None:
    """Anchor the entered workspace's chain where it ends now; None when there is nothing new to write down.

    The audit trail hears of it at most once an hour, or at once with `audit`.
    """
    head = EvidenceHead.objects.first()
    if head is None:
        return None
    work, now = work_line(), timezone.now()
    told = audit or work.told_at is None or now - work.told_at >= AUDIT_EVERY
    if head.number == work.anchored and not audit:
        return None
    trail = AuditHead.objects.first()
    made = Anchor(
        workspace=head.workspace_id,
        number=head.number,
        digest=head.digest,
        at=chain.moment(now),
        audit_number=trail.number if trail else 0,
        audit_digest=trail.digest if trail else "",
    )
    anchors.append(anchor_file(), [made.line()])
    EvidenceWork.objects.filter(pk=work.pk).update(anchored=head.number, told_at=now if told else work.told_at)
    if told:
        record(
            head.workspace_id,
            by=None,
            verb="anchored_evidence",
            thing=f"evidence:{head.number}",
            number=head.number,
            digest=head.digest,
        )
    return made
