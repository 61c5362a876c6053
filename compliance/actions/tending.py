"""What the clock does for the desk: warns before a slot, holds what nobody decided, and tells authors the outcome."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import override as in_zone
from django.utils.translation import gettext_lazy as _

from compliance.actions.desk import TOPIC, Status
from compliance.models import Case, Decision
from compliance.queries import UNDECIDED, officers, standing, terms
from workspaces.actions import notify, record
from workspaces.live import touch
from workspaces.models import Member
from workspaces.protocol import Note

Alarm = Case.Alarm

NEAR = Note(
    "case_due_soon",
    _("%(case)s should be decided soon"),
    _("“%(title)s” goes out %(slot)s. The desk owes its word by %(by)s."),
    _("Open the case"),
    _("A case that should be decided soon"),
)
LATE = Note(
    "case_late",
    _("%(case)s is late"),
    _("“%(title)s” goes out %(slot)s, and nobody has decided. If nobody does, it is held."),
    _("Open the case"),
    _("A case that nobody decided in time"),
)
MISSED = Note(
    "case_slot_missed",
    _("“%(title)s” is held: its time passed"),
    _("Its slot was %(slot)s, and compliance had not decided. It does not go out by itself any more."),
    _("Choose another time"),
    _("A post whose time passed while it was with compliance"),
)
ASKED = Note(
    "case_fix_asked",
    _("Please change “%(title)s”"),
    "%(message)s",
    _("Open the post"),
    _("A post of yours that compliance wants changed"),
)
REJECTED = Note(
    "case_rejected",
    _("“%(title)s” will not go out"),
    "%(message)s",
    _("Open the post"),
    _("A post of yours that compliance rejected"),
)
APPROVED_LATE = Note(
    "case_approved_late",
    _("“%(title)s” is approved, but its time has passed"),
    _("It stays held until you choose another time or send it now."),
    _("Open the post"),
    _("A post of yours that was approved after its time"),
)
SECOND = Note(
    "case_override_asked",
    _("%(who)s asks you to consent to an override"),
    _("“%(title)s” is stopped. %(who)s: %(reason)s"),
    _("Open the case"),
    _("An override that needs a second officer"),
)


def tend(case_id: int, *, now: datetime) -> None:
    """Do what is due for one case, and note when to look again. The workspace must be entered. Safe to call twice."""
    with transaction.atomic():
        found = Case.objects.select_for_update(of=("self",), skip_locked=True).select_related(
            "verdict", "workspace", "author__user", "assignee__user"
        )
        case = found.filter(pk=case_id).first()
        if case is None:
            return
        if case.status in UNDECIDED:
            _watch_time(case, now=now)
        elif case.told_at is None and case.status in {Status.WAITING, Status.DECIDED}:
            _tell_author(case, now=now)
        case.tend_at = next_look(case, now=now)
        case.save(update_fields=["alarm", "missed_at", "told_at", "tend_at"])


def next_look(case: Case, *, now: datetime) -> datetime | None:
    """The next moment at which something is due for `case`."""
    if case.status not in UNDECIDED or case.due_at is None:
        return None
    moments = [case.due_at]
    if case.decide_by is not None:
        moments += [case.decide_by, case.decide_by - timedelta(minutes=terms().warn_minutes)]
    return min((moment for moment in moments if moment > now), default=None)


def tell_second_officer(case: Case, request: Decision) -> None:
    """Ask the other officers for their word on an override."""
    able = [member for member in officers() if member.pk not in {request.by_id, case.author_id}]
    notify(
        able,
        note=SECOND,
        key=f"override:{request.pk}",
        url=_page(case),
        who=request.by_name,
        title=case.title,
        reason=request.reason,
    )


def _watch_time(case: Case, *, now: datetime) -> None:
    """Warn the one who has it and a second officer; when late, everybody; when its slot passes, its author too."""
    if case.status == Status.SECOND:
        request = standing(case.verdict).request
        if request is not None:
            tell_second_officer(case, Decision.objects.get(pk=request))
    if case.decide_by is not None and case.alarm < Alarm.MISSED:
        if now >= case.decide_by:
            case.alarm = Alarm.MISSED
            _alarm(case, LATE, _may_decide(case))
        elif case.alarm < Alarm.NEAR and now >= case.decide_by - timedelta(minutes=terms().warn_minutes):
            case.alarm = Alarm.NEAR
            _alarm(case, NEAR, _two(case))
    if case.due_at is not None and case.missed_at is None and now >= case.due_at:
        case.missed_at = now
        people = [*_may_decide(case), *([case.author] if case.author else [])]
        url = case.link or _page(case)
        notify(people, note=MISSED, key=f"case:{case.pk}:missed:{_stamp(case.due_at)}", url=url, **_facts(case))
        record(case.workspace_id, by=None, verb="held_case", thing=f"case:{case.pk}", key=case.key, due_at=case.due_at)
        touch(case.workspace_id, TOPIC)


def _tell_author(case: Case, *, now: datetime) -> None:
    """Once a decision can no longer be undone, its author hears of it in their own language."""
    words = Decision.objects.filter(verdict=case.verdict_id).exclude(choice=Decision.Choice.WITHDRAW)
    decision = words.exclude(answered_by__choice=Decision.Choice.WITHDRAW).order_by("-pk").first()
    if decision is None or decision.takes_effect_at > now:
        return
    case.told_at = now
    notes = {Decision.Choice.ASK: ASKED, Decision.Choice.REJECT: REJECTED}
    late = case.missed_at is not None and decision.choice in {Decision.Choice.APPROVE, Decision.Choice.CONSENT}
    note = APPROVED_LATE if late else notes.get(Decision.Choice(decision.choice))
    if note is not None and case.author is not None:
        url, key = case.link or _page(case), f"decision:{decision.pk}:{case.pk}"
        notify([case.author], note=note, key=key, url=url, message=decision.message, **_facts(case))


def _alarm(case: Case, note: Note, people: Iterable[Member]) -> None:
    key = f"case:{case.pk}:{note.slug}:{_stamp(case.decide_by)}"
    notify(people, note=note, key=key, url=_page(case), **_facts(case))
    touch(case.workspace_id, TOPIC)


def _may_decide(case: Case) -> list[Member]:
    return [member for member in officers() if member.pk != case.author_id]


def _two(case: Case) -> list[Member]:
    """The one who has the case and a second officer; with nobody on it, everybody."""
    able = _may_decide(case)
    if case.assignee_id is None:
        return able
    second = next((member for member in able if member.pk != case.assignee_id), None)
    mine = [member for member in able if member.pk == case.assignee_id]
    return [*mine, *([second] if second else [])]


def _facts(case: Case) -> dict[str, str]:
    with in_zone(case.workspace.zone):
        return {
            "case": str(case),
            "title": case.title,
            "slot": date_format(case.due_at, "j M H:i", use_l10n=False) if case.due_at else "",
            "by": date_format(case.decide_by, "j M H:i", use_l10n=False) if case.decide_by else "",
        }


def _stamp(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0


def _page(case: Case) -> str:
    return reverse("compliance:case", args=[case.workspace.slug, case.pk])
