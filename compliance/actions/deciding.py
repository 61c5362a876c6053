"""An officer's word on a case: taken, taken back within its seconds, or taken for several identical cases at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from compliance.actions.desk import TOPIC, CannotDecide, Status
from compliance.models import Case, Decision
from compliance.protocol import Outcome
from compliance.queries import UNDECIDED, signature
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member

Choice = Decision.Choice
PLAIN = (Choice.APPROVE, Choice.ASK, Choice.REJECT)
MOST_AT_ONCE = 200


@transaction.atomic
def decide(
    case: Case,
    *,
    choice: str,
    reason: str,
    by: Member,
    message: str = "",
    reasons: Collection[str] = (),
) -> Decision:
    """The officer's word on the case's verdict, for every open case about the same verdict. Appended, never edited.

    It takes effect when it can no longer be undone (`withdraw`). Raises CannotDecide when `by` wrote the text, may not
    decide, or approves what must be mended first.
    """
    case = _locked(case)
    _check_may_decide(case, choice=choice, by=by)
    decision = append(
        case, choice=choice, by=by, reason=reason.strip(), message=message.strip(), reasons=sorted(set(reasons))
    )
    close(case, decision, Status.WAITING if choice == Choice.ASK else Status.DECIDED)
    record(
        case.workspace_id,
        by=by,
        verb=f"decided_{choice}",
        thing=f"case:{case.pk}",
        verdict=case.verdict_id,
        reason=decision.reason,
        decision=decision.pk,
    )
    return decision


@transaction.atomic
def decide_alike(
    cases: Sequence[Case], *, choice: str, reason: str, by: Member, reasons: Collection[str] = ()
) -> list[Decision]:
    """The same word on cases with identical findings (same rules, same severity): all of them or none.

    Raises CannotDecide when they differ, or when one of them is not `by`'s to decide. No message of one's own goes
    along: each author gets the usual words for the reasons.
    """
    if not cases or len(cases) > MOST_AT_ONCE:
        raise CannotDecide(_("Choose between 1 and %(most)d cases.") % {"most": MOST_AT_ONCE})
    if len({signature(case.verdict) for case in cases}) != 1:
        raise CannotDecide(_("Only cases with identical findings can be decided together."))
    done: dict[int, Decision] = {}
    for case in cases:
        if case.verdict_id not in done:
            done[case.verdict_id] = decide(case, choice=choice, reason=reason, by=by, reasons=reasons)
    return list(done.values())


@transaction.atomic
def withdraw(decision: Decision, *, by: Member) -> Decision:
    """Take a decision back while it is not in effect; its cases stand open again. Appended, like the decision.

    Raises CannotDecide once it is in effect: what may have been sent cannot be unsaid.
    """
    case = _locked(decision.case) if decision.case else None
    try:
        with transaction.atomic():
            word = Decision.objects.create(
                verdict_id=decision.verdict_id,
                case=case,
                choice=Choice.WITHDRAW,
                answers=decision,
                by=by,
                by_name=str(by.user),
            )
    except IntegrityError as refusal:
        raise CannotDecide(_("It is in effect by now and cannot be undone. Decide again if it was wrong.")) from refusal
    _reopen(decision)
    record(
        decision.workspace_id,
        by=by,
        verb="withdrew_decision",
        thing=f"case:{case.pk}" if case else f"verdict:{decision.verdict_id}",
        decision=decision.pk,
        choice=decision.choice,
    )
    touch(decision.workspace_id, TOPIC)
    return word


def _reopen(decision: Decision) -> None:
    """Its cases stand where they stood before it, unless a newer one about the same text is open."""
    if decision.choice == Choice.DECLINE:
        Case.objects.filter(verdict=decision.verdict_id, status=Status.OPEN).update(status=Status.SECOND)
        return
    back = Status.SECOND if decision.choice == Choice.CONSENT else Status.OPEN
    for closed in Case.objects.filter(verdict=decision.verdict_id, closed_at=decision.decided_at):
        if not Case.objects.filter(key=closed.key, status=Status.OPEN).exclude(pk=closed.pk).exists():
            Case.objects.filter(pk=closed.pk).update(status=back, closed_at=None, told_at=None, tend_at=closed.due_at)


def append(case: Case, *, choice: str, by: Member, **said: Any) -> Decision:  # Any: a field's value
    """Write one decision down; the database checks once more who says it, and puts its own time on it."""
    try:
        with transaction.atomic():
            decision = Decision.objects.create(
                verdict_id=case.verdict_id,
                case=case,
                choice=choice,
                by=by,
                by_name=str(by.user),
                undo_seconds=settings.COMPLIANCE_UNDO_SECONDS,
                **said,
            )
    except IntegrityError as refusal:
        raise CannotDecide(_why(refusal)) from refusal
    decision.refresh_from_db(fields=["decided_at", "takes_effect_at"])
    return decision


def close(case: Case, decision: Decision, status: Case.Status) -> None:
    """Take every undecided case about the same verdict off the queue; its author is told once that is for good."""
    Case.objects.filter(verdict=case.verdict_id, status__in=UNDECIDED).update(
        status=status,
        closed_at=None if status == Status.OPEN else decision.decided_at,
        tend_at=decision.takes_effect_at + timedelta(milliseconds=1),
        told_at=None,
    )
    touch(case.workspace_id, TOPIC)


def check_may_speak(case: Case, *, by: Member) -> None:
    """Raises CannotDecide for somebody whose role may not decide, or who wrote a text with this verdict."""
    if not by.may("decide_cases"):
        raise CannotDecide(_("Your role may not decide compliance cases."))
    if Case.objects.filter(verdict=case.verdict_id, author=by).exists():
        raise CannotDecide(_("You wrote this text, so somebody else must decide on it."))


def _locked(case: Case) -> Case:
    return Case.objects.select_for_update(of=("self",)).select_related("verdict").get(pk=case.pk)


def _check_may_decide(case: Case, *, choice: str, by: Member) -> None:
    if choice not in PLAIN:
        raise CannotDecide(_("There is no decision called %(choice)s.") % {"choice": choice})
    check_may_speak(case, by=by)
    if case.status not in UNDECIDED:
        raise CannotDecide(_("This case is no longer open."))
    if choice == Choice.APPROVE and case.verdict.outcome == Outcome.BLOCK:
        raise CannotDecide(_("What must be fixed cannot be approved as it is: ask for a fix or reject it."))


def _why(refusal: IntegrityError) -> str:
    name = getattr(getattr(refusal.__cause__, "diag", None), "constraint_name", "")
    return {
        "nobody_decides_on_their_own_text": _("You wrote this text, so somebody else must decide on it."),
        "an_officer_decides": _("Your role may not decide compliance cases."),
        "an_override_needs_a_second_officer": _("A second officer must consent to an override, not who asked for it."),
    }.get(name, _("It was decided otherwise meanwhile."))
