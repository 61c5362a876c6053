"""What happens at the officers' desk: a case is opened, given to somebody, or lapses."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from compliance.models import Case, DeskTerms, Endorser, ReasonText, Verdict
from compliance.queries import UNDECIDED, officers, terms
from networks.protocol import Content
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member
from workspaces.permissions import Role

TOPIC = "compliance"
Status = Case.Status


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

    Safe to call twice. `author`: who wrote the text, and therefore may not decide on it. `due_at`: its slot; the desk
    promises a word some time before it (DeskTerms).
    """
    now = timezone.now()
    promised = terms()
    times = {
        "due_at": due_at,
        "decide_by": decide_by(due_at, promised, now=now),
        "tend_at": now if due_at else None,
    }
    with transaction.atomic():
        same = Case.objects.filter(key=key, verdict=verdict, status__in=UNDECIDED).first()
        if same is not None:
            moved = times if same.due_at != due_at else {}
            fresh = {"alarm": Case.Alarm.NONE, "missed_at": None} if moved else {}
            Case.objects.filter(pk=same.pk).update(title=title[:200], link=link, **moved, **fresh)
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
            assignee=_whose_turn(author) if promised.in_turn else None,
            **times,
        )
        record(case.workspace_id, by=by, verb="opened_case", thing=f"case:{case.pk}", key=key, verdict=verdict.pk)
    touch(case.workspace_id, TOPIC)
    return case


def decide_by(due_at: datetime | None, promised: DeskTerms, *, now: datetime) -> datetime | None:
    """When the desk owes its word: so long before the slot, or half of the time left when that is already over."""
    if due_at is None:
        return None
    usual = due_at - timedelta(minutes=promised.decide_before_minutes)
    return usual if usual > now or due_at <= now else now + (due_at - now) / 2


def lapse_cases(key: str, *, now: datetime | None = None) -> int:
    """Close what is open about `key`: its text changed or is gone. Answers how many there were."""
    waiting = Case.objects.filter(key=key, status__in=[*UNDECIDED, Status.WAITING])
    return waiting.update(status=Status.LAPSED, closed_at=now or timezone.now(), tend_at=None)


def assign_case(case: Case, *, to: Member | None, by: Member) -> Case:
    """Give the case to `to`, or to nobody. Raises CannotDecide for somebody who could not decide it."""
    if not by.may("decide_cases"):
        raise CannotDecide(_("Your role may not decide compliance cases."))
    if to is not None and not to.may("decide_cases"):
        raise CannotDecide(_("%(who)s may not decide compliance cases.") % {"who": to.user})
    if to is not None and case.author_id == to.pk:
        raise CannotDecide(_("%(who)s wrote this text, so somebody else must decide on it.") % {"who": to.user})
    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(assignee=to)
        case.assignee = to
        record(
            case.workspace_id,
            by=by,
            verb="assigned_case",
            thing=f"case:{case.pk}",
            to=str(to.user) if to else "",
        )
    touch(case.workspace_id, TOPIC)
    return case


def set_terms(terms: DeskTerms, *, by: Member) -> DeskTerms:
    """What the desk promises from now on; cases opened later go by it."""
    with transaction.atomic():
        terms.save()
        record(
            terms.workspace_id,
            by=by,
            verb="set_desk_terms",
            thing=f"workspace:{terms.workspace_id}",
            decide_before_minutes=terms.decide_before_minutes,
            warn_minutes=terms.warn_minutes,
            in_turn=terms.in_turn,
            override_days=terms.override_days,
        )
    touch(terms.workspace_id, TOPIC)
    return terms


def word_reason(*, reason: str, language: str, text: str, by: Member) -> None:
    """What authors who read `language` are told for `reason` from now on; empty: Gardu's own words again."""
    with transaction.atomic():
        if text.strip():
            ReasonText.objects.update_or_create(reason=reason, language=language, defaults={"text": text.strip()})
        else:
            ReasonText.objects.filter(reason=reason, language=language).delete()
        record(by.workspace_id, by=by, verb="worded_reason", thing=f"reason:{reason}", language=language, text=text)


def _whose_turn(author: Member | None) -> Member | None:
    """The officer with the fewest open cases, never the author; owners only where there is no officer."""
    able = [member for member in officers() if author is None or member.pk != author.pk]
    able = [member for member in able if member.role == Role.OFFICER] or able
    rows = Case.objects.order_by().values_list("assignee_id")
    held = dict(rows.annotate(n=Count("pk", filter=Q(status__in=UNDECIDED))))
    last = dict(rows.annotate(n=Count("pk")))
    return min(able, key=lambda member: (held.get(member.pk, 0), last.get(member.pk, 0), member.pk), default=None)
