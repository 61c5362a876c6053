"""What happens at the officers' desk: a case is opened, decided, or lapses."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from compliance.models import Case, Decision, Endorser, Verdict
from compliance.protocol import Outcome
from networks.protocol import Content
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member

TOPIC = "compliance"


class CannotDecide(Exception):
    """The decision is refused; the text says why, for the officer."""


def open_case(
    verdict: Verdict,
    *,
    content: Content,
    key: str,
    title: str,
    by: Member | None,
    account_name: str = "",
    due_at: datetime | None = None,
    author: Member | None = None,
    endorser: Endorser | None = None,
    link: str = "",
) -> Case:
    """The open case for what `key` names (like "publication:7"); an earlier one about other bytes lapses.

    Safe to call twice. `author`: who wrote the text, and therefore may not decide on it.
    """
    now = timezone.now()
    with transaction.atomic():
        same = Case.objects.filter(key=key, verdict=verdict, status=Case.Status.OPEN).first()
        if same is not None:
            Case.objects.filter(pk=same.pk).update(title=title[:200], due_at=due_at, link=link)
            same.refresh_from_db()
            return same
        lapse_cases(key, now=now)
        case = Case.objects.create(
            verdict=verdict,
            key=key,
            title=title[:200],
            content=content.as_json(),
            network=verdict.network,
            account_name=account_name,
            link=link,
            endorser=endorser,
            author=author,
            due_at=due_at,
        )
        record(case.workspace_id, by=by, verb="opened_case", thing=f"case:{case.pk}", key=key, verdict=verdict.pk)
    touch(case.workspace_id, TOPIC)
    return case


def lapse_cases(key: str, *, now: datetime | None = None) -> int:
    """Close what is open about `key`: its text changed or is gone. Answers how many there were."""
    waiting = Case.objects.filter(key=key, status__in=[Case.Status.OPEN, Case.Status.WAITING])
    return waiting.update(status=Case.Status.LAPSED, closed_at=now or timezone.now())


def decide(case: Case, *, choice: str, reason: str, by: Member, message: str = "") -> Decision:
    """The officer's word on the case's verdict, for every open case about the same verdict. Appended, never edited.

    Raises CannotDecide when `by` wrote the text, may not decide, or approves what must be mended first.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).select_related("verdict").get(pk=case.pk)
        _check_may_decide(case, choice=choice, by=by)
        decision = Decision.objects.create(
            verdict=case.verdict,
            choice=choice,
            reason=reason.strip(),
            message=message.strip(),
            by=by,
            by_name=str(by.user),
        )
        status = Case.Status.WAITING if choice == Decision.Choice.ASK else Case.Status.DECIDED
        Case.objects.filter(verdict=case.verdict, status=Case.Status.OPEN).update(
            status=status, closed_at=timezone.now()
        )
        record(
            case.workspace_id,
            by=by,
            verb=f"decided_{choice}",
            thing=f"case:{case.pk}",
            verdict=case.verdict_id,
            reason=decision.reason,
        )
    touch(case.workspace_id, TOPIC)
    return decision


def _check_may_decide(case: Case, *, choice: str, by: Member) -> None:
    if choice not in Decision.Choice.values:
        raise CannotDecide(_("There is no decision called %(choice)s.") % {"choice": choice})
    if not by.may("decide_cases"):
        raise CannotDecide(_("Your role may not decide compliance cases."))
    if case.author_id == by.pk:
        raise CannotDecide(_("You wrote this text, so somebody else must decide on it."))
    if case.status != Case.Status.OPEN:
        raise CannotDecide(_("This case is no longer open."))
    if choice == Decision.Choice.APPROVE and case.verdict.outcome == Outcome.BLOCK:
        raise CannotDecide(_("What must be fixed cannot be approved as it is: ask for a fix or reject it."))
