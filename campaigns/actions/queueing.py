"""The queue: a week's slots for each account, posts that take the next free one, and another order among them."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actions.placing import move, schedule
from campaigns.models import Post, Slot
from campaigns.protocol import NotPossible
from campaigns.queries import told
from campaigns.queries.room import free_slots
from campaigns.rules import wall_time
from campaigns.rules.slots import Opening
from networks.models import Account
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member

SOONEST = timedelta(minutes=2)


def set_slots(account: Account, week: Iterable[tuple[int, time]], *, by: Member, zone: str = "") -> list[Slot]:
    """The account's week from now on: (weekday, wall time) pairs. What is queued already stays where it is."""
    wanted = sorted(set(week))
    with transaction.atomic():
        Slot.objects.filter(account=account).delete()
        slots = Slot.objects.bulk_create(
            Slot(workspace_id=account.workspace_id, account=account, weekday=day, at=at, zone=zone)
            for day, at in wanted
        )
        record(
            account.workspace_id,
            by=by,
            verb="set slots",
            thing=f"account:{account.pk}",
            slots=[f"{day} {at:%H:%M}" for day, at in wanted],
        )
    touch(account.workspace_id, "calendar")
    return list(slots)


def add_to_queue(post: Post, *, by: Member, after: datetime | None = None) -> Post:
    """Schedule it for the next free slot that suits all its channels, through the same gate as any other.

    Raises NotPossible when its channels have no slots or no free one within eight weeks, NotReady like `schedule`.
    """
    opening = next_slot(post, after=after)
    zone = post.workspace.zone
    placed = schedule(post, at=wall_time(opening.at, zone), zone=zone, by=by)
    Post.objects.filter(pk=post.pk).update(queued=True)
    return told(placed.pk)


def next_slot(post: Post, *, after: datetime | None = None) -> Opening:
    """The next free opening for the post's channels. Raises NotPossible with what to do."""
    accounts = [variant.account for variant in post.variants.all()]
    if not accounts:
        raise NotPossible(_("Choose at least one channel."))
    free = free_slots(accounts, after=max(after or timezone.now(), timezone.now() + SOONEST), besides=post.pk)
    if not free:
        if Slot.objects.filter(account__in=accounts).exists():
            raise NotPossible(_("No slot is free within the next eight weeks. Add slots, or choose a time."))
        raise NotPossible(_("These channels have no slots yet. Set them on the queue page, or choose a time."))
    return free[0]


def reorder(account: Account, order: Sequence[int], *, by: Member) -> list[Post]:
    """Give the account's queued posts their times anew, in the order of the post ids; the times stay the same.

    Raises NotPossible when they are not the queued ones, because somebody changed the queue meanwhile.
    """
    queued = waiting_in(account)
    there = {post.pk: post for post in queued}
    if set(order) != set(there) or len(order) != len(queued):
        raise NotPossible(_("The queue has changed meanwhile. Look again."))
    times = [(post.local_at, post.zone) for post in queued]
    with transaction.atomic():
        for number, (local, zone) in zip(order, times, strict=True):
            post = there[number]
            if (post.local_at, post.zone) != (local, zone) and local is not None:
                move(post, at=local, zone=zone, by=by, queued=True)
        record(account.workspace_id, by=by, verb="reordered", thing=f"account:{account.pk}", order=list(order))
    return waiting_in(account)


def shuffle(account: Account, *, by: Member) -> list[Post]:
    """Another order by chance."""
    order = [post.pk for post in waiting_in(account)]
    random.shuffle(order)
    return reorder(account, order, by=by)


def swap(account: Account, post_id: int, step: int, *, by: Member) -> list[Post]:
    """Let a queued post change places with the one before (-1) or after it (1); at the end nothing happens."""
    order = [post.pk for post in waiting_in(account)]
    place = order.index(post_id) if post_id in order else -1
    other = place + step
    if place < 0 or not 0 <= other < len(order):
        return waiting_in(account)
    order[place], order[other] = order[other], order[place]
    return reorder(account, order, by=by)


def waiting_in(account: Account) -> list[Post]:
    """The account's posts that the queue placed and that have not gone out, by time."""
    found = Post.objects.filter(
        queued=True, stage=Post.Stage.PLACED, variants__account=account, due_at__gt=timezone.now()
    )
    posts = list(found.told().order_by("due_at", "id"))
    return [post for post in posts if post.is_open and _still_goes(post)]


def _still_goes(post: Post) -> bool:
    gone: Collection[str] = {"cancelled", "refused"}
    return any(v.publication and v.publication.state not in gone for v in post.variants.all())
