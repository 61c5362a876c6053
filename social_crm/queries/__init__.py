"""Reads of the reply desk: the queue, one thread with all that hangs on it, and what the clock must do."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from social_crm.queries.choosing import PAGE, VIEWS, Choice, Page, Place, behind, due_soon, page
from social_crm.queries.clock import (
    accounts_to_poll,
    events_to_do,
    overdue,
    posts_to_watch,
    to_fold,
    to_settle,
    to_wake,
)
from social_crm.queries.counting import all_numbers, fold, numbers
from social_crm.queries.opening import (
    Line,
    Thread,
    acts_on,
    draft_of,
    history,
    room_of,
    seen_by,
    thread,
    written_since,
)
from social_crm.queries.searching import search
from workspaces.models import Member

__all__ = [
    "PAGE",
    "VIEWS",
    "Choice",
    "Line",
    "Page",
    "Place",
    "Thread",
    "accounts_to_poll",
    "acts_on",
    "all_numbers",
    "behind",
    "counts",
    "draft_of",
    "due_soon",
    "events_to_do",
    "fold",
    "history",
    "look",
    "numbers",
    "overdue",
    "page",
    "posts_to_watch",
    "room_of",
    "search",
    "seen_by",
    "thread",
    "to_fold",
    "to_settle",
    "to_wake",
    "written_since",
]


def look(choice: Choice, *, member: Member, now: datetime | None = None) -> Page:
    """One page of what somebody asked to see."""
    now = now or timezone.now()
    return search(choice, member=member, now=now) if choice.search else page(choice, member=member, now=now)


def counts(member: Member) -> dict[str, int]:
    """How many wait behind the nav's entry. One query."""
    return numbers(["unread"])
