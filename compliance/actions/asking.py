"""Asking an endorser to mend a post: the request, its reminders, and how it ended."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.actions.desk import TOPIC, lapse_cases
from compliance.actions.watching import tell_of
from compliance.models import Ask, Case, Decision, Sighting
from compliance.queries import pace
from compliance.queries.asking import Message, compose, last_ask
from compliance.queries.verdicts import standing
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member, Workspace
from workspaces.protocol import Note
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)
State = Sighting.State
ASKABLE = frozenset({State.MISSING, State.REVIEW, State.ASKED, State.ESCALATED})
SETTLED_BY_HAND = frozenset({State.DISMISSED, State.REFUSED, State.SILENT, State.ESCALATED})

SILENT = Note(
    slug="endorser_silent",
    title=gettext_lazy("%(name)s does not answer"),
    body=gettext_lazy("The post about %(brand)s on %(where)s is still as it was, after every reminder."),
    action=gettext_lazy("Decide what to do"),
    about=gettext_lazy("An endorser does not answer when asked to mend a post"),
)
BY_HAND = Note(
    slug="endorser_remind",
    title=gettext_lazy("Remind %(name)s"),
    body=gettext_lazy("You asked by a message of your own, so only you can remind. The words are ready to be copied."),
    action=gettext_lazy("Copy the reminder"),
    about=gettext_lazy("An endorser must be reminded by hand"),
)


class CannotAsk(Exception):
    """The request or the outcome is refused; the text says why, for the person."""


def ask(sighting: Sighting, message: Message, *, way: str, to: str, by: Member | None, reminder: bool = False) -> Ask:
    """Keep what is asked, exactly as it goes out; by mail it leaves once the clock or the caller sends it.

    Raises CannotAsk when there is nothing to mend, or no address to mail to.
    """
    to = to.strip()
    if way == Ask.Way.MAIL:
        _check_address(to)
    with transaction.atomic():
        sighting = Sighting.objects.select_for_update(of=("self",)).select_related("endorser").get(pk=sighting.pk)
        if sighting.state not in ASKABLE:
            raise CannotAsk(_("There is nothing to mend in this post any more."))
        now = timezone.now()
        mailed = way == Ask.Way.MAIL
        made = Ask.objects.create(
            sighting=sighting,
            kind=Ask.Kind.REMINDER if reminder else Ask.Kind.FIRST,
            way=way,
            to=to,
            language=message.language,
            subject=message.subject[:200],
            body=message.body,
            codes=list(message.codes),
            by=by,
            by_name=str(by.user) if by else "",
            made_at=now,
            mail=Ask.Mail.DUE if mailed else Ask.Mail.NONE,
            mail_due_at=now if mailed else None,
        )
        sighting.asks += 1
        sighting.asked_at = sighting.asked_at or now
        sighting.state = State.ASKED if sighting.state != State.ESCALATED else State.ESCALATED
        sighting.remind_at = pace.next_reminder(_reminders(sighting), now)
        sighting.look_at = pace.next_look(
            sighting.state, posted_at=sighting.posted_at, asked_at=sighting.asked_at, now=now
        )
        sighting.save()
        record(
            sighting.workspace_id,
            by=by,
            verb="asked_to_fix",
            thing=f"sighting:{sighting.pk}",
            kind=made.kind,
            way=way,
            to=to,
            subject=made.subject,
            body=made.body,
        )
    touch(sighting.workspace_id, TOPIC)
    return made


def _check_address(to: str) -> None:
    try:
        validate_email(to)
    except Exception as error:
        raise CannotAsk(_("There is no e-mail address to write to.")) from error


def _reminders(sighting: Sighting) -> int:
    return Ask.objects.filter(sighting=sighting, kind=Ask.Kind.REMINDER).count()


def remind(sighting: Sighting) -> Ask | None:
    """What is due now for a post that somebody was asked to mend: a reminder, or giving up. Safe to call twice.

    A reminder leaves by mail when the request did; else people are told to send it themselves.
    """
    now = timezone.now()
    with transaction.atomic():
        sighting = Sighting.objects.select_for_update(of=("self",)).select_related("endorser").get(pk=sighting.pk)
        due = sighting.remind_at is not None and sighting.remind_at <= now
        if not due or sighting.state != State.ASKED:
            return None
        if pace.is_over(sighting.asked_at or now, _reminders(sighting), now):
            _gave_up(sighting)
            return None
        last, version = last_ask(sighting), sighting.versions.filter(gone=False).order_by("-number").first()
        assert last is not None and version is not None  # ASKED means there are both
        workspace = Workspace.objects.get(pk=sighting.workspace_id)
        message = compose(sighting, version, workspace=workspace, language=last.language, reminder=True)
        if last.way == Ask.Way.MAIL:
            return ask(sighting, message, way=Ask.Way.MAIL, to=last.to, by=None, reminder=True)
        sighting.remind_at = pace.next_reminder(1, now)
        sighting.save(update_fields=["remind_at"])
        tell_of(sighting, BY_HAND, again=str(now.date()))
    return None


def _gave_up(sighting: Sighting) -> None:
    sighting.state, sighting.closed_at, sighting.remind_at = State.SILENT, timezone.now(), None
    sighting.save()
    record(sighting.workspace_id, by=None, verb="settled_post", thing=f"sighting:{sighting.pk}", outcome=State.SILENT)
    tell_of(sighting, SILENT)


def settle(sighting: Sighting, *, outcome: str, reason: str, by: Member) -> Sighting:
    """How it ended, by a person's word: found in order after all, refused, no answer, or handed to whoever decides.

    Raises CannotAsk without a reason, for an outcome that only the post itself can show, or by who may not decide.
    """
    if outcome not in SETTLED_BY_HAND:
        raise CannotAsk(_("Whether a post is fixed or gone is seen by looking at it."))
    if not by.may("decide_cases"):
        raise CannotAsk(_("Your role may not decide compliance cases."))
    if not reason.strip():
        raise CannotAsk(_("Give a reason: it is kept with the decision."))
    with transaction.atomic():
        sighting = Sighting.objects.select_for_update(of=("self",)).get(pk=sighting.pk)
        if sighting.state not in {*Sighting.UNSETTLED, State.SILENT, State.REFUSED}:
            raise CannotAsk(_("This is settled already."))
        now = timezone.now()
        sighting.state, sighting.remind_at = outcome, None
        sighting.closed_at = now if outcome in Sighting.CLOSED else None
        sighting.save()
        if outcome == State.DISMISSED:
            lapse_cases(sighting.case_key)
        record(
            sighting.workspace_id,
            by=by,
            verb="settled_post",
            thing=f"sighting:{sighting.pk}",
            outcome=outcome,
            reason=reason.strip(),
        )
    touch(sighting.workspace_id, TOPIC)
    return sighting


def heed_desk() -> int:
    """Carry out what officers decided at the desk about endorsers' posts, once it can no longer be undone.

    A fix asked for is asked of the endorser, by mail where there is an address; approved means found in order;
    rejected means handed on. How many posts were moved. The workspace must be entered; safe to call twice.
    """
    decided = [Case.Status.WAITING, Case.Status.DECIDED]
    rows = Sighting.objects.filter(state__in=[State.MISSING, State.REVIEW], case__status__in=decided)
    moved = 0
    for sighting in rows.select_related("endorser", "case__verdict"):
        assert sighting.case is not None  # the filter above
        word = standing(sighting.case.verdict)
        if not word.pending and word.last in DONE_AT_DESK:
            DONE_AT_DESK[word.last](sighting)
            moved += 1
    return moved


def _ask_as_decided(sighting: Sighting) -> None:
    """Without an address the state says so by itself: the post still waits for somebody to write."""
    version = sighting.versions.filter(gone=False).order_by("-number").first()
    if version is not None and sighting.endorser.email:
        workspace = Workspace.objects.get(pk=sighting.workspace_id)
        message = compose(sighting, version, workspace=workspace)
        ask(sighting, message, way=Ask.Way.MAIL, to=sighting.endorser.email, by=_decider(sighting))
    elif sighting.state == State.REVIEW:
        Sighting.objects.filter(pk=sighting.pk).update(state=State.MISSING)


def _decider(sighting: Sighting) -> Member | None:
    decision = Decision.objects.filter(case=sighting.case_id).order_by("-pk").select_related("by__user").first()
    return decision.by if decision else None


def _end(sighting: Sighting, outcome: str) -> None:
    closed = timezone.now() if outcome in Sighting.CLOSED else None
    Sighting.objects.filter(pk=sighting.pk).update(state=outcome, closed_at=closed, remind_at=None)
    thing = f"sighting:{sighting.pk}"
    record(sighting.workspace_id, by=None, verb="settled_post", thing=thing, outcome=outcome, case=sighting.case_id)
    touch(sighting.workspace_id, TOPIC)


def _found_in_order(sighting: Sighting) -> None:
    _end(sighting, State.DISMISSED)


def _handed_on(sighting: Sighting) -> None:
    _end(sighting, State.ESCALATED)


DONE_AT_DESK: Mapping[str, Callable[[Sighting], None]] = {
    Decision.Choice.ASK: _ask_as_decided,
    Decision.Choice.APPROVE: _found_in_order,
    Decision.Choice.CONSENT: _found_in_order,
    Decision.Choice.REJECT: _handed_on,
}


def send(workspace_id: int, ask_id: int) -> None:
    """Mail one request, outside any transaction, at most one worker at a time; later again when it does not go."""
    now = timezone.now()
    with entered(workspace_id):
        turn = Ask.objects.filter(pk=ask_id, mail=Ask.Mail.DUE, mail_due_at__lte=now)
        if not turn.update(mail_due_at=now + pace.LEASE):
            return
        made = Ask.objects.get(pk=ask_id)
        asker = Member.objects.filter(pk=made.by_id).select_related("user").first() if made.by_id else None
    mail = EmailMessage(
        made.subject,
        made.body,
        settings.DEFAULT_FROM_EMAIL,
        [made.to],
        reply_to=[asker.user.email] if asker else None,
        headers={"Message-ID": f"<ask-{workspace_id}-{ask_id}@{settings.PUBLIC_URL.rpartition('/')[2]}>"},
    )
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        logger.warning("ask %s could not be mailed: %s", ask_id, error)
        again = pace.MAIL_PAUSES[made.mail_tries : made.mail_tries + 1]
        told = {
            "mail": Ask.Mail.DUE if again else Ask.Mail.FAILED,
            "mail_due_at": timezone.now() + again[0] if again else None,
            "mail_tries": made.mail_tries + 1,
        }
    else:
        told = {"mail": Ask.Mail.SENT, "mail_due_at": None, "mail_tries": made.mail_tries + 1}
    with entered(workspace_id):
        Ask.objects.filter(pk=ask_id).update(**told)
        touch(workspace_id, TOPIC)
