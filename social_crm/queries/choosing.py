"""Which part of the queue somebody looks at, and one page of it: a walk along an index, at any depth and filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Q, prefetch_related_objects

from social_crm.models import Conversation, ConversationQuerySet, Labelled
from social_crm.rules import NEAR
from workspaces.models import Member

PAGE = 40
TOP = 10**16  # what is due has the urgency TOP - microseconds; see migration 0004
MOST_COUNTED = 1000
Lane = Conversation.Lane
LANES = {"snoozed": Lane.SNOOZED, "resolved": Lane.RESOLVED, "spam": Lane.SPAM}
VIEWS = (
    "all",
    "mine",
    "unassigned",
    "due",
    "unread",
    "mentions",
    "pressing",
    "escalated",
    "to_approve",
    "waiting",
    "snoozed",
    "resolved",
    "spam",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue: what stands behind it comes on the next page."""

    urgency: int
    pk: int

    def __str__(self) -> str:
        return f"{self.urgency}.{self.pk}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """What `str` wrote; None when it is anything else."""
        urgency, _dot, pk = text.partition(".")
        return cls(int(urgency), int(pk)) if urgency.isdigit() and pk.isdigit() else None


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody asked to see. Written into an address and read from one."""

    view: str = "all"
    network: str = ""
    kind: str = ""
    status: str = ""
    team: int = 0
    label: int = 0
    agent: int = 0
    search: str = ""
    after: Place | None = field(default=None, compare=False)

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Choice:
        """From an address; what nobody knows is left out."""
        view, kind, status = query.get("view", "all"), query.get("kind", ""), query.get("status", "")
        return cls(
            view=view if view in VIEWS else "all",
            network=query.get("network", "")[:40],
            kind=kind if kind in ("comment", "mention", "message") else "",
            status=status if status in Conversation.Status.values else "",
            team=_number(query.get("team", "")),
            label=_number(query.get("label", "")),
            agent=_number(query.get("agent", "")),
            search=query.get("q", "").strip()[:100],
            after=Place.read(query.get("after", "")),
        )

    def __str__(self) -> str:
        """The query string, without the place."""
        return urlencode(self.as_fields)

    @property
    def as_fields(self) -> list[tuple[str, str]]:
        """What was chosen, as the fields of a form; what was not is left out."""
        said = {
            "view": self.view if self.view != "all" else "",
            "network": self.network,
            "kind": self.kind,
            "status": self.status,
            "team": self.team,
            "label": self.label,
            "agent": self.agent,
            "q": self.search,
        }
        return [(name, str(value)) for name, value in said.items() if value]

    @property
    def lane(self) -> int:
        """Which of the queues the view looks at."""
        return LANES.get(self.view, Lane.ACTIVE)

    @property
    def narrowed(self) -> bool:
        """Whether anything but the view was chosen."""
        return bool(self.network or self.kind or self.status or self.team or self.label or self.agent)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the queue, and the place from which the next goes on; None at the end."""

    rows: list[Conversation]
    next: Place | None = None
    only_newest: bool = False  # a search that stopped at the newest, because the word is too common


def chosen(choice: Choice, *, member: Member, now: datetime) -> ConversationQuerySet:
    """The conversations of a choice, in no order. A label's are found by `page`."""
    rows: ConversationQuerySet = Conversation.objects.filter(lane=choice.lane)
    rows = _viewed(rows, choice, member, now)
    narrowing = {
        "network": choice.network,
        "kind": choice.kind,
        "status": choice.status,
        "team_id": choice.team,
        "assignee_id": choice.agent,
    }
    return rows.filter(**{name: value for name, value in narrowing.items() if value})


def _viewed(rows: ConversationQuerySet, choice: Choice, member: Member, now: datetime) -> ConversationQuerySet:
    if choice.view == "due":
        return rows.filter(urgency__gte=_urgency(now + NEAR))
    only = {
        "mine": Q(assignee=member),
        "unassigned": Q(assignee__isnull=True),
        "unread": Q(unread__gt=0),
        "mentions": Q(kind="mention"),
        "pressing": Q(priority__gt=0),
        "escalated": ~Q(escalated_to=""),
        "to_approve": Q(to_approve=True),
        "waiting": Q(status="waiting"),
    }
    return rows.filter(only[choice.view]) if choice.view in only else rows


def page(choice: Choice, *, member: Member, now: datetime, size: int = PAGE) -> Page:
    """One page in the order of the queue. One query and one for each kind of thing a row shows, however many rows."""
    if choice.label:
        pks = _labelled(choice, size + 1)
        found = list(chosen(choice, member=member, now=now).filter(pk__in=pks).in_queue_order())
        more = len(pks) > size
        last = pks[size - 1] if more else 0
        kept = [row for row in found if not more or row.pk != pks[size]]
        place = _place_of(last) if more else None
        return Page(shown(kept), place)
    rows = chosen(choice, member=member, now=now).in_queue_order()
    if choice.after is not None:
        rows = rows.after(choice.after.urgency, choice.after.pk)
    found = list(rows[: size + 1])
    more = len(found) > size
    kept = found[:size]
    return Page(shown(kept), Place(kept[-1].urgency, kept[-1].pk) if more else None)


def _labelled(choice: Choice, size: int) -> list[int]:
    """The numbers of the next conversations with a label; other filters are looked at afterwards."""
    rows = Labelled.objects.filter(label_id=choice.label, lane=choice.lane)
    if choice.after is not None:
        place = choice.after
        behind = Q(urgency__lt=place.urgency) | Q(urgency=place.urgency, conversation_id__lt=place.pk)
        rows = rows.filter(behind, urgency__lte=place.urgency)
    return list(rows.order_by("-urgency", "-conversation_id").values_list("conversation_id", flat=True)[:size])


def _place_of(pk: int) -> Place:
    urgency, found = Conversation.objects.values_list("urgency", "pk").get(pk=pk)
    return Place(urgency, found)


def shown(rows: list[Conversation]) -> list[Conversation]:
    """The rows with what a list shows of them, so that a row costs no query. One query for each kind of thing."""
    prefetch_related_objects(rows, "contact", "account", "assignee__user", "labelled__label")
    return rows


def behind(conversation: Conversation, choice: Choice, *, member: Member, now: datetime) -> Conversation | None:
    """The conversation that comes after this one in a choice, else its first other: what opens next. Two queries."""
    rows = chosen(choice, member=member, now=now).exclude(pk=conversation.pk).in_queue_order()
    following: Conversation | None = rows.after(conversation.urgency, conversation.pk).first()
    return following or rows.first()


def due_soon(now: datetime, within: timedelta = NEAR) -> int:
    """How many are due within so long, or late; counted to a thousand. One query along the index."""
    rows = Conversation.objects.filter(lane=Lane.ACTIVE, urgency__gte=_urgency(now + within))
    return int(rows.order_by("-urgency", "-id")[:MOST_COUNTED].count())


def _urgency(moment: datetime) -> int:
    return TOP - round(moment.timestamp() * 1_000_000)


def _number(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 18 else 0
