"""Reads of the reply desk: the queue, one thread with all that hangs on it, and what the clock must do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, F, Q
from django.utils import timezone

from networks.models import Account
from publishing.models import Publication
from social_crm.models import Conversation, ConversationQuerySet, Draft, Message, Note
from workspaces.models import Member

PAGE = 40
WATCHED = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in a thread, in its place: a message, or a note between colleagues."""

    at: datetime
    message: Message | None = None
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at the queue. `key` stands in the address."""

    key: str
    count: int


def queue(view: str, *, member: Member, network: str = "", search: str = "") -> list[Conversation]:
    """One page of the queue as `view` shows it: what is due soonest first, then the newest. One query."""
    rows = _filtered(view, member)
    if network:
        rows = rows.filter(account__network=network)
    if search:
        rows = rows.filter(Q(preview__icontains=search) | Q(contact__name__icontains=search))
    found: list[Conversation] = list(
        rows.select_related("account", "contact", "assignee__user").order_by(
            F("due_at").asc(nulls_last=True), "-last_activity", "-pk"
        )[:PAGE]
    )
    return found


def _filtered(view: str, member: Member) -> ConversationQuerySet:
    everything: ConversationQuerySet = Conversation.objects.all()
    if view == "mine":
        return everything.unresolved().held_by(member)
    if view == "unassigned":
        return everything.unresolved().unassigned()
    if view == "resolved":
        return everything.resolved()
    return everything.unresolved()


def counts(member: Member) -> dict[str, int]:
    """How many conversations each view holds. One query."""
    unresolved = ~Q(status=Conversation.Status.RESOLVED)
    numbers: dict[str, int] = Conversation.objects.aggregate(
        all=Count("pk", filter=unresolved),
        mine=Count("pk", filter=unresolved & Q(assignee=member)),
        unassigned=Count("pk", filter=unresolved & Q(assignee__isnull=True)),
        unread=Count("pk", filter=unresolved & Q(unread__gt=0)),
    )
    return numbers


def counts_by_network() -> list[tuple[str, int]]:
    """Unresolved conversations by network slug. One query."""
    rows = (
        Conversation.objects.unresolved()
        .values_list("account__network")
        .annotate(how_many=Count("pk"))
        .order_by("account__network")
    )
    return [(slug, number) for slug, number in rows]


def thread(conversation: Conversation) -> list[Line]:
    """Everything said and noted in a conversation, in the order it happened. Two queries."""
    messages = Message.objects.filter(conversation=conversation).select_related("author", "by__user", "publication")
    notes = Note.objects.filter(conversation=conversation).select_related("by__user")
    lines = [Line(at=m.network_at, message=m) for m in messages] + [Line(at=n.at, note=n) for n in notes]
    return sorted(lines, key=lambda line: line.at)


def draft_of(conversation: Conversation, member: Member) -> str:
    """What `member` has begun to answer."""
    draft = Draft.objects.filter(conversation=conversation, member=member).first()
    return draft.text if draft else ""


def history(conversation: Conversation) -> list[Conversation]:
    """The contact's other conversations, newest first, over all networks. One query."""
    if conversation.contact_id is None:
        return []
    others = Conversation.objects.filter(contact_id=conversation.contact_id).exclude(pk=conversation.pk)
    return list(others.select_related("account").order_by("-last_activity")[:8])


def newest_message_id(conversation: Conversation) -> int:
    """What the person has on the screen, for the send guard."""
    return Message.objects.filter(conversation=conversation).order_by("-pk").values_list("pk", flat=True).first() or 0


def posts_to_watch(account: Account) -> list[str]:
    """The network's ids of the account's recent posts, for networks that must be asked post by post."""
    live = Publication.objects.filter(
        account=account, remote_id__isnull=False, published_at__gte=timezone.now() - WATCHED, target_kind=""
    )
    newest = live.order_by("-published_at").values_list("remote_id", flat=True)[:50]
    return [remote_id for remote_id in newest if remote_id]


def events_to_do() -> list[tuple[int, int]]:
    """(workspace id, event id) of kept events that nobody has processed yet, over all workspaces."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, event_id FROM inbound_events_to_do(500)")
        return [(workspace_id, event_id) for workspace_id, event_id in cursor.fetchall()]


def accounts_to_poll() -> list[tuple[int, int]]:
    """(workspace id, account id) of connected accounts, over all workspaces."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, account_id FROM accounts_to_poll()")
        return [(workspace_id, account_id) for workspace_id, account_id in cursor.fetchall()]
