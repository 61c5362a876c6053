"""What is done with conversations, one or many: close, open, snooze, hand over, label, press; each can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from social_crm.actions.standing import restand
from social_crm.actions.telling import tell_assigned, tell_escalated
from social_crm.models import Conversation, Deed, Label, Labelled, Team
from social_crm.protocol import INBOX
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member

Status = Conversation.Status
MOST = 500  # conversations in one deed
TIMES = ("snoozed_until", "resolved_at", "opened_at")
KEPT = (
    "status",
    "assignee_id",
    "team_id",
    "priority",
    "escalated_to",
    "unread",
    "woke",
    "resolve_left",
    "snoozed_by_id",
    *TIMES,
)
Snapshot = dict[str, Any]  # Any: JSON values of every kind


@dataclass(frozen=True)
class Change:
    """One thing to do with a conversation: its name in the audit trail, and how it is done to the object in hand."""

    verb: str
    apply: Callable[[Conversation, Member], None]
    facts: tuple[tuple[str, str], ...] = ()
    label: Label | None = None
    off: bool = False


def resolving() -> Change:
    """Nothing more to do here, until the customer writes again."""

    def apply(conversation: Conversation, by: Member) -> None:
        conversation.status, conversation.resolved_at = Status.RESOLVED, timezone.now()
        conversation.unread, conversation.woke, conversation.snoozed_until = 0, "", None
        conversation.escalated_to = ""

    return Change(gettext_noop("resolved"), apply)


def reopening() -> Change:
    """Back to work; what the customer still waits for is owed from now on."""

    def apply(conversation: Conversation, by: Member) -> None:
        if conversation.status == Status.RESOLVED:
            conversation.opened_at, conversation.resolve_left = timezone.now(), None
        conversation.status = Status.OPEN
        conversation.snoozed_until, conversation.woke = None, ""

    return Change(gettext_noop("reopened"), apply)


def snoozing(until: datetime) -> Change:
    """Out of sight until a moment. Raises ValueError when that is over."""
    if until <= timezone.now():
        raise ValueError(_("Choose a moment that is still to come."))

    def apply(conversation: Conversation, by: Member) -> None:
        conversation.status, conversation.snoozed_until = Status.SNOOZED, until
        conversation.snoozed_by, conversation.woke = by, ""

    return Change(gettext_noop("snoozed"), apply, (("until", until.isoformat()),))


def spamming() -> Change:
    """Not worth anybody's time; new words of it stay out of sight as well."""

    def apply(conversation: Conversation, by: Member) -> None:
        conversation.status, conversation.unread = Status.SPAM, 0
        conversation.snoozed_until = None

    return Change(gettext_noop("marked as spam"), apply)


def assigning(to: Member | None) -> Change:
    """Hand over to somebody, or to nobody."""

    def apply(conversation: Conversation, by: Member) -> None:
        conversation.assignee = to

    return Change(gettext_noop("assigned"), apply, (("to", str(to.user) if to else ""),))


def moving_to(team: Team | None) -> Change:
    """Hand over to a team; who held it holds it no more."""

    def apply(conversation: Conversation, by: Member) -> None:
        conversation.team, conversation.assignee = team, None

    return Change(gettext_noop("moved to team"), apply, (("to", team.name if team else ""),))


def pressing(priority: int) -> Change:
    """How much it matters. Raises ValueError for a priority nobody defined."""
    chosen = Conversation.Priority(priority)

    def apply(conversation: Conversation, by: Member) -> None:
        conversation.priority = chosen

    return Change(gettext_noop("prioritised"), apply, (("to", chosen.name.lower()),))


def labelling(label: Label, *, off: bool = False) -> Change:
    """Put a label on, or take it off."""
    verb = gettext_noop("unlabelled") if off else gettext_noop("labelled")
    return Change(verb, lambda conversation, by: None, (("label", label.name),), label=label, off=off)


def escalating(to: str) -> Change:
    """Ask for somebody else's word: compliance, marketing; "" takes the question back."""
    if to not in ("", "compliance", "marketing"):
        raise ValueError(_("There is nobody of that name to ask."))

    def apply(conversation: Conversation, by: Member) -> None:
        conversation.escalated_to = to

    return Change(gettext_noop("escalated"), apply, (("to", to),))


@transaction.atomic
def deal(pks: Iterable[int], change: Change, *, by: Member) -> Deed:
    """Do one thing with these conversations, all or none. The deed can be given to `undo`. Raises ValueError: too many.

    Conversations that are not in this workspace are left out.
    """
    wanted = sorted(set(pks))
    if len(wanted) > MOST:
        raise ValueError(_("That is too many at once. Choose fewer."))
    locked = list(Conversation.objects.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",)))
    labels = _labels_of(locked)
    before = {str(each.pk): _snapshot(each, labels[each.pk]) for each in locked}
    if change.label is not None:
        _label(locked, change.label, off=change.off)
    for conversation in locked:
        change.apply(conversation, by)
        _save(conversation)
        facts = {name: value for name, value in change.facts if value}
        record(conversation.workspace_id, by=by, verb=change.verb, thing=f"conversation:{conversation.pk}", **facts)
    labels = _labels_of(locked)
    after = {str(each.pk): _snapshot(each, labels[each.pk]) for each in locked}
    tell_assigned(locked, before, by=by)
    tell_escalated(locked, before, by=by)
    deed: Deed = Deed.objects.create(member=by, verb=change.verb, before=before, after=after)
    return deed


@transaction.atomic
def undo(deed: Deed, *, by: Member) -> int:
    """Put back how it was; what somebody changed meanwhile stays. How many were put back; twice is harmless."""
    locked_deed = Deed.objects.select_for_update().get(pk=deed.pk)
    if locked_deed.undone_at is not None or locked_deed.member_id != by.pk:
        return 0
    pks = [int(pk) for pk in locked_deed.before]
    locked = list(Conversation.objects.filter(pk__in=pks).order_by("pk").select_for_update(of=("self",)))
    labels = _labels_of(locked)
    back = 0
    for conversation in locked:
        was, left = locked_deed.before[str(conversation.pk)], locked_deed.after[str(conversation.pk)]
        if _snapshot(conversation, labels[conversation.pk]) != left:
            continue
        _put_back(conversation, was, labels[conversation.pk])
        record(conversation.workspace_id, by=by, verb="undid", thing=f"conversation:{conversation.pk}", what=deed.verb)
        back += 1
    locked_deed.undone_at = timezone.now()
    locked_deed.save(update_fields=["undone_at"])
    return back


def one(conversation: Conversation, change: Change, *, by: Member) -> Deed:
    """The same for the conversation in hand, which afterwards is as it is now."""
    deed = deal([conversation.pk], change, by=by)
    conversation.refresh_from_db()
    return deed


def _put_back(conversation: Conversation, was: Snapshot, labels: list[int]) -> None:
    for name in KEPT:
        setattr(conversation, name, parse_datetime(was[name]) if name in TIMES and was[name] else was[name])
    Labelled.objects.filter(conversation=conversation).exclude(label_id__in=was["labels"]).delete()
    wanted = Label.objects.filter(pk__in=set(was["labels"]) - set(labels))
    Labelled.objects.bulk_create([_labelled(conversation, label) for label in wanted])
    _save(conversation)


def _save(conversation: Conversation) -> None:
    restand(conversation)
    conversation.version += 1
    conversation.save()
    touch(conversation.workspace_id, INBOX)


def _label(conversations: list[Conversation], label: Label, *, off: bool) -> None:
    here = Labelled.objects.filter(conversation__in=conversations, label=label)
    if off:
        here.delete()
        return
    known = set(here.values_list("conversation_id", flat=True))
    Labelled.objects.bulk_create([_labelled(each, label) for each in conversations if each.pk not in known])


def _labelled(conversation: Conversation, label: Label) -> Labelled:
    return Labelled(workspace_id=conversation.workspace_id, conversation=conversation, label=label)


def _labels_of(conversations: list[Conversation]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {each.pk: [] for each in conversations}
    rows = Labelled.objects.filter(conversation__in=conversations).order_by("label_id")
    for conversation_id, label_id in rows.values_list("conversation_id", "label_id"):
        found[conversation_id].append(label_id)
    return found


def _snapshot(conversation: Conversation, labels: list[int]) -> Snapshot:
    kept = {name: getattr(conversation, name) for name in KEPT}
    for name in TIMES:
        kept[name] = kept[name].isoformat() if kept[name] else None
    return {**kept, "labels": labels}
