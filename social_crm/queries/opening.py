"""One conversation with all that hangs on it: what was said, who said it, what may be done, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from networks import registry
from networks.protocol import Act, Acts, EventKind, Likes, Moderates, Windows
from social_crm import rules
from social_crm.models import Conversation, Draft, Message, Note, Seen
from social_crm.rules import Room
from workspaces.models import AuditEntry, Member

LINES = 60
EVENTS = (
    "assigned",
    "moved to team",
    "resolved",
    "reopened",
    "snoozed",
    "woke",
    "escalated",
    "missed a promise",
    "marked as spam",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in a thread, in its place: a message, a note between colleagues, or something that was done."""

    at: datetime
    message: Message | None = None
    note: Note | None = None
    event: AuditEntry | None = None
    acts: frozenset[Act] = frozenset()
    new: bool = False  # to the person who looks

    @property
    def known_by(self) -> str:
        """Its name on the page."""
        return f"m{self.message.pk}" if self.message else f"n{self.note.pk}" if self.note else ""


@dataclass(frozen=True, slots=True)
class Thread:
    """The newest lines, oldest first; `earlier`: the message before which there are more, 0 when that is all."""

    lines: Sequence[Line]
    earlier: int = 0


def thread(conversation: Conversation, *, member: Member, before: int = 0) -> Thread:
    """What was said, noted and done, in four queries; `before`: the message before which one wants to read."""
    said = Message.objects.filter(conversation=conversation).select_related(
        "author", "by__user", "publication", "account"
    )
    if before:
        edge = Message.objects.filter(conversation=conversation, pk=before).values_list("network_at", flat=True).first()
        if edge is not None:
            said = said.filter(Q(network_at__lt=edge) | Q(network_at=edge, pk__lt=before), network_at__lte=edge)
    newest = list(said.order_by("-network_at", "-pk")[: LINES + 1])
    more = len(newest) > LINES
    messages = newest[:LINES]
    for message in messages:
        message.conversation = conversation  # so that asking what may be done costs no query
    since = messages[-1].network_at if more else None
    until = messages[0].network_at if before and messages else None
    seen = Seen.objects.filter(conversation=conversation, member=member).values_list("message", flat=True).first()
    lines = [
        Line(at=m.network_at, message=m, acts=acts_on(m), new=seen is not None and m.pk > seen and m.direction == "in")
        for m in messages
    ]
    lines += _beside(conversation, since, until)
    return Thread(sorted(lines, key=lambda line: line.at), messages[-1].pk if more else 0)


def _beside(conversation: Conversation, since: datetime | None, until: datetime | None) -> list[Line]:
    notes = Note.objects.filter(conversation=conversation).select_related("by__user")
    done = AuditEntry.objects.filter(thing=f"conversation:{conversation.pk}", verb__in=EVENTS)
    if since is not None:
        notes, done = notes.filter(at__gte=since), done.filter(at__gte=since)
    if until is not None:
        notes, done = notes.filter(at__lt=until), done.filter(at__lt=until)
    lines = [Line(at=each.at, note=each) for each in notes.order_by("-at")[:LINES]]
    return lines + [Line(at=each.at, event=each) for each in done.order_by("-number")[:LINES]]


def acts_on(message: Message) -> frozenset[Act]:
    """What the network lets us do to a customer's word; nothing to our own, or to what is gone."""
    theirs = message.direction == Message.Direction.IN
    if not theirs or message.remote_id is None or message.removed_at is not None:
        return frozenset()
    if message.conversation.kind != EventKind.COMMENT:
        return frozenset()
    network = registry.get(message.account.network)
    if not isinstance(network, Moderates):
        return frozenset()
    offered = network.acts if isinstance(network, Acts) else frozenset({Act.HIDE, Act.REMOVE})
    return offered if isinstance(network, Likes) else offered - {Act.LIKE}


def room_of(conversation: Conversation, now: datetime | None = None) -> Room:
    """Until when a private answer may go, as the network says it; a public one always may."""
    network = registry.get(conversation.network)
    if conversation.kind != EventKind.MESSAGE or not isinstance(network, Windows):
        return Room()
    return rules.room(network.reply_windows, customer_at=conversation.customer_at, now=now or timezone.now())


def draft_of(conversation: Conversation, member: Member) -> str:
    """What `member` has begun to answer."""
    draft = Draft.objects.filter(conversation=conversation, member=member).first()
    return draft.text if draft else ""


def history(conversation: Conversation) -> list[Conversation]:
    """The contact's other conversations, newest first, over all networks. One query."""
    if conversation.contact_id is None:
        return []
    others = Conversation.objects.filter(contact_id=conversation.contact_id).exclude(pk=conversation.pk)
    return list(others.order_by("-last_activity", "-id")[:8])


def written_since(conversation: Conversation, last_seen: int) -> list[Message]:
    """What came after the newest message a person had on the screen. One query."""
    newer = Message.objects.filter(conversation=conversation, pk__gt=last_seen)
    return list(newer.select_related("author", "by__user").order_by("network_at", "pk")[:20])


def seen_by(rows: Sequence[Conversation], member: Member) -> set[int]:
    """Which of these conversations hold nothing new for `member`. One query."""
    seen = Seen.objects.filter(member=member, conversation__in=[row.pk for row in rows])
    known = dict(seen.values_list("conversation_id", "message"))
    return {row.pk for row in rows if known.get(row.pk, -1) >= row.newest_message}
