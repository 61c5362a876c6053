"""An override: a stopped text goes out all the same, for a reason and until a day, when two officers say so."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from compliance.actions.deciding import append, check_may_speak, close
from compliance.actions.desk import CannotDecide, Status
from compliance.models import Case, Decision
from compliance.queries import UNDECIDED, standing, terms
from workspaces.actions import record
from workspaces.models import Member

Choice = Decision.Choice


@transaction.atomic
def ask_override(case: Case, *, reason: str, until: datetime, by: Member) -> Decision:
    """Ask a second officer to let the stopped text pass until `until`. Nothing passes by this alone.

    Raises CannotDecide without a reason, for a time that is past or further off than the desk's terms allow, and for
    whoever wrote the text.
    """
    case = _undecided(case, by=by)
    if standing(case.verdict).request is not None:
        raise CannotDecide(_("An override is asked for already."))
    if len(reason.strip()) < 10:
        raise CannotDecide(_("Say why it may go out although it is stopped: the reason is kept with the post."))
    _check_until(until)
    request = append(case, choice=Choice.OVERRIDE, by=by, reason=reason.strip(), expires_at=until)
    close(case, request, Status.SECOND)
    record(
        case.workspace_id,
        by=by,
        verb="asked_override",
        thing=f"case:{case.pk}",
        verdict=case.verdict_id,
        reason=reason,
        until=until,
    )
    return request


@transaction.atomic
def consent(case: Case, *, by: Member, reason: str = "") -> Decision:
    """The second officer's yes: the text passes until the override ends. The mark of it stays on the post."""
    return _answer(case, Choice.CONSENT, by=by, reason=reason)


@transaction.atomic
def decline(case: Case, *, by: Member, reason: str = "") -> Decision:
    """The second officer's no: the case stands open again, without an override."""
    return _answer(case, Choice.DECLINE, by=by, reason=reason)


def _answer(case: Case, choice: Decision.Choice, *, by: Member, reason: str) -> Decision:
    case = _undecided(case, by=by)
    request = standing(case.verdict).request
    if request is None:
        raise CannotDecide(_("Nobody asks for an override any more."))
    asked = Decision.objects.get(pk=request)
    if asked.by_id == by.pk:
        raise CannotDecide(_("A second officer must consent to an override, not who asked for it."))
    word = append(case, choice=choice, by=by, answers=asked, reason=reason.strip())
    close(case, word, Status.DECIDED if choice == Choice.CONSENT else Status.OPEN)
    record(
        case.workspace_id,
        by=by,
        verb="consented_to_override" if choice == Choice.CONSENT else "declined_override",
        thing=f"case:{case.pk}",
        verdict=case.verdict_id,
        request=request,
        asked_by=asked.by_name,
        until=asked.expires_at,
    )
    return word


def _undecided(case: Case, *, by: Member) -> Case:
    case = Case.objects.select_for_update(of=("self",)).select_related("verdict").get(pk=case.pk)
    check_may_speak(case, by=by)
    if case.status not in UNDECIDED:
        raise CannotDecide(_("This case is no longer open."))
    return case


def _check_until(until: datetime) -> None:
    now, most = timezone.now(), terms().override_days
    if until <= now:
        raise CannotDecide(_("An override ends in the future."))
    if until > now + timedelta(days=most):
        raise CannotDecide(_("Here an override lasts at most %(days)d days.") % {"days": most})
