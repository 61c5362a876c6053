"""Where a conversation stands: since when the customer waits, what we owe by when, and which status follows.

Worked out anew from the thread at each write, so that the order in which a network tells things does not matter.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time

from django.utils import timezone

from publishing.models import Publication
from social_crm import rules
from social_crm.models import Conversation, DeskRules, Message, Promise
from social_crm.rules import Debt, Hours, Terms
from workspaces.models import Workspace

Status = Conversation.Status
UNSAID = (Publication.State.AWAITING_APPROVAL, Publication.State.CANCELLED)
MOST = 200  # words of a thread that are looked at; what is older was answered or let go


def heard(conversation: Conversation, message: Message, *, now: datetime | None = None) -> None:
    """The customer said something: back to work, unless it only says thanks. Changes the object, does not save it."""
    now = now or timezone.now()
    thanks = rules.is_thanks(message.text) and conversation.messages.filter(direction=Message.Direction.OUT).exists()
    if not thanks and conversation.status not in (Status.OPEN, Status.SPAM):
        _reopen(conversation, message, now)
    restand(conversation, now=now)


def _reopen(conversation: Conversation, message: Message, now: datetime) -> None:
    if conversation.status == Status.SNOOZED:
        conversation.woke, conversation.snoozed_until = "customer", None
    if conversation.status == Status.RESOLVED:
        conversation.woke, conversation.opened_at, conversation.resolve_left = "customer", message.network_at, None
    conversation.status = Status.OPEN


def restand(conversation: Conversation, *, now: datetime | None = None) -> None:
    """Work out what is owed. Changes the object, does not save it. Four queries at most."""
    now = now or timezone.now()
    if conversation.status in (Status.RESOLVED, Status.SPAM):
        return _owe(conversation, Debt())
    words = _words(conversation)
    opened_at = conversation.opened_at or conversation.created_at
    since = rules.waits_since(words, resolved_at=conversation.resolved_at)
    if since is None and conversation.resolved_at and opened_at > conversation.resolved_at:
        since = opened_at if rules.waits_since(words, resolved_at=None) else None  # opened again by hand
    terms, hours = terms_of(conversation), hours_of(conversation.workspace)
    if since is None:
        before = Debt(resolve_due_at=conversation.resolve_due_at, resolve_left=conversation.resolve_left)
        return _owe(conversation, rules.paused(before, now=now, opened_at=opened_at, terms=terms, hours=hours))
    answered = any(word.ours for word in words)
    left = conversation.resolve_left
    owed = rules.debt(
        waiting_since=since,
        answered=answered,
        opened_at=opened_at,
        resolve_left=left,
        terms=terms,
        hours=hours,
    )
    return _owe(conversation, owed)


def _owe(conversation: Conversation, debt: Debt) -> None:
    if conversation.due_at != debt.due_at:
        conversation.missed_at = None  # another promise: it can be missed anew
    for name, value in asdict(debt).items():
        setattr(conversation, name, value)


def _words(conversation: Conversation) -> list[rules.Word]:
    said = Message.objects.filter(conversation=conversation, removed_at__isnull=True, failed_at__isnull=True)
    newest = said.exclude(publication__state__in=UNSAID).order_by("-network_at", "-id")
    rows = newest.values_list("direction", "network_at", "ingested_at", "text")[:MOST]
    return [rules.Word(direction == Message.Direction.OUT, at, told_at, text) for direction, at, told_at, text in rows]


def terms_of(conversation: Conversation) -> Terms:
    """What the workspace promises for such a conversation. One query."""
    offers = [
        (
            Terms(promise.first_minutes, promise.next_minutes, promise.resolve_minutes),
            promise.networks,
            promise.kinds,
            promise.priority,
        )
        for promise in Promise.objects.all()
    ]
    return rules.fitting(offers, network=conversation.network, kind=conversation.kind, priority=conversation.priority)


def hours_of(workspace: Workspace) -> Hours:
    """When the workspace's desk is open. One query."""
    found = DeskRules.objects.first()
    if found is None or found.always_open:
        return Hours(zone=workspace.zone)
    week = {
        int(day): [(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in spans]
        for day, spans in found.week.items()
    }
    holidays = frozenset(date.fromisoformat(each["date"]) for each in found.holidays)
    return Hours(zone=workspace.zone, week=week, holidays=holidays)
