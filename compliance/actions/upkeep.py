"""What records need by themselves: endorsers reminded, people told of evidence that ends, old evidence let go."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from compliance.actions.keeping import keeping, let_go
from compliance.actions.letters import MOST_REMINDERS, remind
from compliance.models import Letter, Substantiation
from workspaces.actions import notify
from workspaces.models import Member, Workspace
from workspaces.permissions import PERMISSIONS
from workspaces.protocol import Note
from workspaces.tenancy import current_workspace_id

AT_ONCE = 100
EVIDENCE_ENDS = Note(
    slug="evidence_ends",
    title=_("Evidence for “%(claim)s” ends on %(day)s"),
    body=_("After that day posts with this claim are held again. Renew the evidence, or stop making the claim."),
    action=_("Open the evidence"),
    about=_("Evidence for a claim ends soon"),
)


def look_after_records(*, now: datetime) -> None:
    """Everything that is due in the entered workspace. Safe to call at any time."""
    workspace = Workspace.objects.get(pk=current_workspace_id())
    remind_endorsers(workspace, now=now)
    tell_of_ends(workspace, now=now)
    let_go(now=now)


def remind_endorsers(workspace: Workspace, *, now: datetime) -> int:
    """Mail those who did not sign yet, every few days and at most three times; answers how many were mailed."""
    before = now - timedelta(days=keeping().reminder_days)
    quiet = Q(reminded_at__lt=before) | Q(reminded_at__isnull=True, sent_at__lt=before)
    waiting = Letter.objects.filter(
        quiet, signatures__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now, reminders__lt=MOST_REMINDERS
    ).exclude(email="")
    letters = list(waiting.select_related("endorser").select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    for letter in letters:
        remind(letter, workspace=workspace, by=None)
    return len(letters)


def tell_of_ends(workspace: Workspace, *, now: datetime) -> int:
    """Tell those who keep the records of evidence that ends soon, once for each; answers how many pieces there are."""
    today = workspace.day(now)
    soon = today + timedelta(days=keeping().notice_days)
    ending = list(Substantiation.objects.filter(ends_on__gte=today, ends_on__lte=soon)[:AT_ONCE])
    if not ending:
        return 0
    keepers = Member.objects.filter(role__in=PERMISSIONS["decide_cases"]).select_related("user")
    url = reverse("compliance:evidence", args=[workspace.slug])
    for row in ending:
        assert row.ends_on is not None
        notify(
            keepers,
            note=EVIDENCE_ENDS,
            key=f"evidence_ends:{row.pk}:{row.ends_on}",
            url=f"{url}#claim-{row.pk}",
            claim=row.claim,
            day=row.ends_on,
        )
    return len(ending)
