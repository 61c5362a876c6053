"""Where there is still room: free slots of the queue, and days that a network's limit has not filled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from campaigns.models import Post, Slot, Variant
from campaigns.rules import wall_time
from campaigns.rules.slots import Opening, Plan, Weekly, openings
from networks.models import Account
from networks.queries import limits_of
from publishing.models import Publication

P = Publication.State
GONE = [P.CANCELLED, P.REFUSED, P.MISSED]
AHEAD = timedelta(weeks=8)
SPACE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Full:
    """A day on which `account` has no room left: how many it takes, how many are planned, when there is room again."""

    account: Account
    posts: int
    planned: int
    next_free: datetime | None  # UTC


def plan_of(account: Account) -> Plan:
    """How many posts a day the account's network takes."""
    limits = limits_of(account.network)
    return Plan(limits.posts_a_day, limits.day_zone)


def planned_near(account: Account, start: datetime, end: datetime, *, besides: Collection[int] = ()) -> list[datetime]:
    """When posts of `account` that count against its network's limit go out or went out, from `start` to `end`.

    Where the limit is the app's, those of every account of this network in the workspace. One query.
    """
    limits = limits_of(account.network)
    whose = Q(account__network=account.network) if limits.day_is_apps else Q(account=account)
    found = Publication.objects.filter(whose, due_at__gte=start, due_at__lt=end).exclude(state__in=GONE)
    if not limits.answers_count:
        found = found.filter(target_kind="")
    if besides:
        found = found.exclude(Q(pk__in=besides) | Q(parent_id__in=besides))
    return list(found.order_by("due_at").values_list("due_at", flat=True))


def fullness(variants: Iterable[Variant], at: datetime, *, own_zone: str = "") -> list[Full]:
    """The channels whose network takes no more that day. A query for each channel with a limit."""
    full = []
    for variant in variants:
        plan = plan_of(variant.account)
        if not plan.posts:
            continue
        wanted = wanted_of(variant)
        start, end = plan.day_of(at)
        besides = [variant.publication_id] if variant.publication_id else []
        planned = planned_near(variant.account, start, end, besides=besides)
        if not plan.has_room(planned, at, wanted):
            count = plan.count(planned, at)
            full.append(Full(variant.account, plan.posts, count, room_again(variant.account, at, wanted, besides)))
    return full


def wanted_of(variant: Variant) -> int:
    """How many of the network's posts this version uses up: answers of our own count on some."""
    limits = limits_of(variant.account.network)
    return 1 + (bool(variant.first_comment.strip()) if limits.answers_count else 0)


def room_again(account: Account, at: datetime, wanted: int, besides: Collection[int]) -> datetime | None:
    """The earliest moment from `at` on at which the account's network takes `wanted` more."""
    plan = plan_of(account)
    planned = planned_near(account, at - timedelta(days=2), at + AHEAD, besides=besides)
    slots = slots_of([account]).get(account.pk, [])
    for moment in plan.frees(planned, at, wanted):
        if plan.has_room(planned, moment, wanted):
            free = openings(slots, after=moment - SPACE, until=moment + AHEAD)
            return next((one.at for one in free if plan.has_room(planned, one.at, wanted)), moment)
    return None


def slots_of(accounts: Iterable[Account]) -> Mapping[int, list[Weekly]]:
    """The weekly slots of each account that has any, by its id. One query."""
    found: dict[int, list[Weekly]] = defaultdict(list)
    for slot in Slot.objects.filter(account__in=list(accounts)).select_related("workspace"):
        found[slot.account_id].append(Weekly(slot.weekday, slot.at, slot.zone or slot.workspace.zone))
    return found


def taken(accounts: Iterable[Account], start: datetime, end: datetime, *, besides: int = 0) -> dict[int, set[datetime]]:
    """At which moments each account has something planned already. One query."""
    stages = [Post.Stage.PLACED, Post.Stage.IN_REVIEW, Post.Stage.AWAITING_APPROVAL]
    found = Variant.objects.filter(
        account__in=list(accounts), post__stage__in=stages, post__due_at__gte=start, post__due_at__lt=end
    )
    found = found.exclude(publication__state__in=GONE).exclude(post_id=besides)
    busy: dict[int, set[datetime]] = defaultdict(set)
    for account_id, due_at in found.values_list("account_id", "post__due_at"):
        if due_at is not None:
            busy[account_id].add(due_at)
    return busy


def free_slots(
    accounts: Collection[Account], *, after: datetime | None = None, many: int = 1, besides: int = 0
) -> list[Opening]:
    """The next `many` openings that suit every account: in a slot of all that have slots, or else of one of them.

    Nothing else is planned then on any of them, and no network's limit is full. Empty when no account has slots.
    """
    accounts = list(accounts)
    after = after or timezone.now()
    until = after + AHEAD
    slots = slots_of(accounts)
    if not slots:
        return []
    each = {pk: openings(found, after=after, until=until) for pk, found in slots.items()}
    busy = set().union(*taken(accounts, after, until, besides=besides).values())
    common = set.intersection(*({one.at for one in found} for found in each.values()))
    offered = sorted({one for found in each.values() for one in found if one.at in common or not common})
    plans = [(plan_of(account), planned_near(account, after - timedelta(days=2), until)) for account in accounts]
    free: list[Opening] = []
    for one in offered:
        if one.at not in busy and all(plan.has_room(planned, one.at) for plan, planned in plans):
            free.append(one)
            if len(free) == many:
                break
    return free


def local_of(moment: datetime, zone: str) -> datetime:
    """`moment` on the wall in `zone`, on the full minute that follows when it has seconds."""
    local = wall_time(moment, zone)
    return local if not (local.second or local.microsecond) else local.replace(second=0, microsecond=0) + SPACE
