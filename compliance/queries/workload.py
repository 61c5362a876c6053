"""How the officers are doing: who has how much, how long a decision takes, and how much was decided in time."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from compliance.models import Case, Decision, DeskTerms
from compliance.queries.desk import UNDECIDED
from workspaces.models import Member
from workspaces.permissions import PERMISSIONS, Role


def terms() -> DeskTerms:
    """What this workspace's desk promises; the usual when nothing was set."""
    return DeskTerms.objects.first() or DeskTerms()


def officers() -> list[Member]:
    """Who may decide here: officers first, then owners."""
    found = Member.objects.filter(role__in=list(PERMISSIONS["decide_cases"])).select_related("user", "workspace")
    return sorted(found, key=lambda member: (member.role != Role.OFFICER, member.pk))


@dataclass(frozen=True, slots=True)
class Load:
    """One officer's work: open cases, those due today, decided today, and how long a decision takes them."""

    member: Member
    open: int
    due_today: int
    decided_today: int
    median: timedelta | None


def workload(now: datetime) -> list[Load]:
    """Every officer's load, the busiest first. Three queries. `median` is over the last thirty days."""
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    end = start + timedelta(days=1)
    held = Case.objects.filter(status__in=UNDECIDED).values_list("assignee_id", "due_at")
    took = list(_times(now - timedelta(days=30)))
    waiting = [(assignee, due) for assignee, due in held if assignee]
    loads = [
        Load(
            member=member,
            open=sum(assignee == member.pk for assignee, _due in waiting),
            due_today=sum(assignee == member.pk and due is not None and due < end for assignee, due in waiting),
            decided_today=sum(by == member.pk and at >= start for by, at, _took in took),
            median=_median(seconds for by, _at, seconds in took if by == member.pk),
        )
        for member in officers()
    ]
    return sorted(loads, key=lambda load: -load.open)


def _times(since: datetime) -> Iterable[tuple[int | None, datetime, float]]:
    """(who, when, seconds since the case was opened) of each word on a case."""
    rows = Decision.objects.filter(decided_at__gte=since, case__isnull=False, answers=None)
    for by, at, opened in rows.values_list("by_id", "decided_at", "case__opened_at"):
        yield by, at, (at - opened).total_seconds()


def _median(seconds: Iterable[float]) -> timedelta | None:
    found = list(seconds)
    return timedelta(seconds=statistics.median(found)) if found else None


@dataclass(frozen=True, slots=True)
class Today:
    """The line above the queue: decided today, the median time to decide, and the share decided in time."""

    decided: int
    median: timedelta | None
    in_time: int | None


def today(now: datetime) -> Today:
    """How the desk does today; `in_time` is a percentage of the last thirty days. Two queries."""
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    took = [(at, seconds) for _by, at, seconds in _times(start)]
    kept: dict[str, Any] = Case.objects.filter(  # Any: numbers by name
        closed_at__gte=now - timedelta(days=30), decide_by__isnull=False
    ).aggregate(all=Count("pk"), good=Count("pk", filter=Q(closed_at__lte=F("decide_by"))))
    share = round(100 * kept["good"] / kept["all"]) if kept["all"] else None
    return Today(len(took), _median(seconds for _at, seconds in took), share)
