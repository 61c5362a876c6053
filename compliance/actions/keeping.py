"""How long evidence is kept: the workspace's answer, legal holds, and letting go of what was kept long enough."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from compliance.actions.sealing import Sealing, seal
from compliance.models import Evidence, EvidenceBody, EvidenceFile, Keeping, LegalHold
from workspaces.actions import record
from workspaces.models import Member
from workspaces.tenancy import current_workspace_id

AT_ONCE = 200
STAYS = (Evidence.Kind.TOMBSTONE, Evidence.Kind.PACK)


class NotLifted(Exception):
    """The hold cannot be lifted; the text is for the person."""


def keeping() -> Keeping:
    """The entered workspace's answer on keeping; the usual one where it gave none."""
    return Keeping.objects.first() or Keeping(workspace_id=current_workspace_id())


def change_keeping(answer: Keeping, *, by: Member) -> Keeping:
    """From now on records are kept as `answer` says."""
    with transaction.atomic():
        answer.save()
        fields = ("evidence_days", "notice_days", "letter_days", "reminder_days")
        told: dict[str, Any] = {name: getattr(answer, name) for name in fields}  # Any: JSON values
        record(answer.workspace_id, by=by, verb="changed_keeping", thing=f"keeping:{answer.pk}", **told)
    return answer


def hold(
    *, reason: str, by: Member, endorser: int | None = None, subject: str = "", until: date | None = None
) -> LegalHold:
    """Stop the deletion of evidence: of one publication (`subject`), of one endorser, or of everything."""
    with transaction.atomic():
        made: LegalHold = LegalHold.objects.create(
            reason=reason.strip()[:500],
            endorser_number=endorser,
            subject=subject,
            until=until,
            set_by=by,
            set_by_name=str(by.user),
        )
        told = {"reason": made.reason, "endorser": endorser, "subject": subject, "until": until}
        record(made.workspace_id, by=by, verb="set_legal_hold", thing=f"hold:{made.pk}", **told)
    return made


def lift(held: LegalHold, *, because: str, by: Member) -> LegalHold:
    """Let evidence go its way again. Raises NotLifted without a reason, or when it is lifted already."""
    if not because.strip():
        raise NotLifted(_("Say why the hold may go: it is kept with it."))
    with transaction.atomic():
        held = LegalHold.objects.select_for_update().get(pk=held.pk)
        if held.lifted_at is not None:
            raise NotLifted(_("This hold is lifted already."))
        held.lifted_at, held.lifted_by_name = timezone.now(), str(by.user)
        held.lifted_because = because.strip()[:500]
        held.save(update_fields=["lifted_at", "lifted_by_name", "lifted_because"])
        record(held.workspace_id, by=by, verb="lifted_legal_hold", thing=f"hold:{held.pk}", because=held.lifted_because)
    return held


def let_go(*, now: datetime) -> int:
    """Throw away the bodies and pictures of evidence kept long enough, each behind a tombstone in the chain.

    What a legal hold covers stays. Answers how many links were emptied; at most two hundred at once.
    """
    answer = keeping()
    links = list(_over(now - timedelta(days=answer.evidence_days), now)[:AT_ONCE])
    if not links:
        return 0
    with transaction.atomic():
        files = EvidenceFile.objects.filter(evidence__in=[link.pk for link in links])
        keys = list(files.values_list("key", flat=True))
        seal(*(_tombstone(link, answer, now) for link in links))
        files.delete()
        EvidenceBody.objects.filter(evidence__in=[link.pk for link in links]).delete()
        numbers = [link.number for link in links]
        record(links[0].workspace_id, by=None, verb="let_go", thing=f"evidence:{numbers[0]}", numbers=numbers)
    transaction.on_commit(lambda: _remove(keys))
    return len(links)


def _over(before: datetime, now: datetime) -> QuerySet[Evidence]:
    """The links whose time is over, and that no hold covers: one on a post covers its picture too."""
    found = Evidence.objects.filter(at__lt=before, body__isnull=False).exclude(kind__in=STAYS).order_by("number")
    for held in LegalHold.objects.in_force(now):
        covered = Q()
        if held.endorser_number:
            covered &= Q(endorser_number=held.endorser_number)
        if held.subject:
            numbers = Evidence.objects.filter(subject=held.subject).values_list("number", flat=True)
            covered &= Q(subject__in=[held.subject, *(f"evidence:{number}" for number in numbers)])
        found = found.exclude(covered) if covered else found.none()
    return found


def _tombstone(link: Evidence, answer: Keeping, now: datetime) -> Sealing:
    facts = {
        "emptied": link.number,
        "of": link.subject,
        "kind": link.kind,
        "sealed_at": link.at.isoformat(),
        "emptied_at": now.isoformat(),
        "because": f"kept for {answer.evidence_days} days",
    }
    return Sealing(Evidence.Kind.TOMBSTONE, f"evidence:{link.number}", facts, endorser=link.endorser_number)


def _remove(keys: list[str]) -> None:
    for key in keys:
        default_storage.delete(key)
