"""The queue's page: an account's coming openings, what stands in them, and its week of slots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from campaigns.actions.queueing import waiting_in
from campaigns.models import Post, Slot
from campaigns.queries import channels
from campaigns.queries.besttime import DEFAULTS, best_time
from campaigns.queries.room import plan_of, planned_near, slots_of
from campaigns.rules import wall_time
from campaigns.rules.slots import openings
from networks.models import Account
from networks.queries import limits_of
from workspaces.models import Workspace

AHEAD = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a wall time, and the post that goes out then; None: the slot is free. `moves`: it may change places."""

    local: datetime
    post: Post | None = None
    moves: bool = False
    best: bool = False
    first: bool = False
    last: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """How full an account's day is: its limit, how many are planned in the fullest day ahead, and the source."""

    posts: int
    fullest: int
    zone: str
    source: str
    read_on: str


def queue_page(account: Account, workspace: Workspace) -> dict[str, Any]:
    """Everything on the page of one account's queue. Any: a template's context. About ten queries."""
    now = timezone.now()
    week = Slot.objects.filter(account=account)
    best = best_time([account])
    return {
        "account": account,
        "channels": channels(),
        "days": _days(account, workspace, now, best),
        "week": [(day, label, [slot for slot in week if slot.weekday == day]) for day, label in Slot.Weekday.choices],
        "has_slots": bool(week),
        "best": best,
        "load": _load(account, now),
        "zone": workspace.zone,
        "defaults": DEFAULTS,
    }


def _days(account: Account, workspace: Workspace, now: datetime, best: Any) -> list[tuple[date, list[Row]]]:
    zone, until = workspace.zone, now + AHEAD
    queued = waiting_in(account)
    order = {post.pk: place for place, post in enumerate(queued)}
    found = Post.objects.filter(variants__account=account, due_at__gt=now, due_at__lt=until)
    posts = list(found.exclude(stage=Post.Stage.MODEL).told().order_by("due_at", "id"))
    rows = [
        Row(
            wall_time(post.due_at, zone),
            post,
            moves=post.pk in order,
            first=order.get(post.pk) == 0,
            last=order.get(post.pk) == len(order) - 1,
        )
        for post in posts
        if post.due_at is not None
    ]
    busy = {post.due_at for post in posts}
    for one in openings(slots_of([account]).get(account.pk, []), after=now, until=until):
        if one.at not in busy:
            local = wall_time(one.at, zone)
            rows.append(Row(local, best=best.covers(local)))
    days: dict[date, list[Row]] = {}
    for row in sorted(rows, key=lambda row: row.local):
        days.setdefault(row.local.date(), []).append(row)
    return list(days.items())


def _load(account: Account, now: datetime) -> Load | None:
    plan, limits = plan_of(account), limits_of(account.network)
    if not plan.posts:
        return None
    planned = planned_near(account, now - timedelta(days=1), now + AHEAD)
    fullest = max((plan.count(planned, at) + bool(plan.zone == "") for at in planned), default=0)
    fact = limits.facts["posts_a_day"]
    return Load(plan.posts, min(fullest, len(planned)), plan.zone, fact.source, fact.read_on)
