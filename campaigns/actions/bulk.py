"""Many posts moved at once: later by a while, to a day, or spread over some; and back again with one press."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.actions.placing import move
from campaigns.models import Batch, Post
from campaigns.protocol import NotPossible
from campaigns.queries import told
from publishing.protocol import NotPossible as TooLate
from publishing.protocol import Overtaken
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member

Where = Callable[[Post, int, int], datetime]
"""A post, its place and how many there are: the wall time it moves to."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of it: the batch (None when nothing moved), and why some stayed, by post id."""

    batch: Batch | None
    stayed: dict[int, str]


def later(by_minutes: int) -> Where:
    """Each as much later (or, below nought, earlier) on the wall."""
    return lambda post, _place, _many: _local(post) + timedelta(minutes=by_minutes)


def to_day(day: date) -> Where:
    """Each to `day`, at its own time of the day."""
    return lambda post, _place, _many: datetime.combine(day, _local(post).time())


def spread(first: datetime, last: datetime) -> Where:
    """Evenly from `first` to `last` (wall times), in the order of their times."""

    def where(post: Post, place: int, many: int) -> datetime:
        share = (last - first) * place / (many - 1) if many > 1 else timedelta(0)
        at = first + share
        return at.replace(second=0, microsecond=0)

    return where


def move_many(ids: Iterable[int], where: Where, *, by: Member) -> Moved:
    """Move every post of `ids` that can be; each goes through the same door as one moved by hand."""
    timed = Post.objects.filter(pk__in=list(ids), due_at__isnull=False).order_by("due_at", "pk")
    posts = [told(pk) for pk in timed.values_list("pk", flat=True)]
    stayed: dict[int, str] = {}
    moves = []
    with transaction.atomic():
        for place, post in enumerate(posts):
            before = [_local(post).isoformat(), post.zone]
            wanted = where(post, place, len(posts))
            reason = _try(post, wanted, post.zone, by)
            if reason:
                stayed[post.pk] = reason
            else:
                moves.append({"post": post.pk, "before": before, "after": [wanted.isoformat(), post.zone]})
        batch = _keep(moves, by) if moves else None
    return Moved(batch, stayed)


def undo(batch: Batch, *, by: Member) -> Moved:
    """Put every post of the batch back, unless somebody moved it meanwhile. Raises NotPossible the second time."""
    if not Batch.objects.filter(pk=batch.pk, undone_at__isnull=True).update(undone_at=timezone.now()):
        raise NotPossible(_("It was undone already."))
    stayed: dict[int, str] = {}
    with transaction.atomic():
        for one in batch.moves:
            post = Post.objects.filter(pk=one["post"]).first()
            if post is None or [post.local_at and post.local_at.isoformat(), post.zone] != one["after"]:
                continue
            local, zone = one["before"]
            if reason := _try(told(post.pk), datetime.fromisoformat(local), zone, by):
                stayed[post.pk] = reason
        record(batch.workspace_id, by=by, verb="undid moves", thing=f"batch:{batch.pk}", stayed=len(stayed))
    touch(batch.workspace_id, "calendar")
    return Moved(batch, stayed)


def _try(post: Post, at: datetime, zone: str, by: Member) -> str:
    """Why it stays, or nothing."""
    try:
        with transaction.atomic():
            move(post, at=at, zone=zone, by=by)
    except (NotPossible, TooLate, Overtaken) as refusal:
        return str(refusal)
    return ""


def _keep(moves: Sequence[dict[str, object]], by: Member) -> Batch:
    count = len(moves)
    label = ngettext("%(n)d post moved", "%(n)d posts moved", count) % {"n": count}
    batch: Batch = Batch.objects.create(label=label, moves=list(moves), by=by)
    record(by.workspace_id, by=by, verb="moved many", thing=f"batch:{batch.pk}", posts=count)
    touch(by.workspace_id, "calendar")
    return batch


def _local(post: Post) -> datetime:
    assert post.local_at is not None  # only posts with a time are asked for
    local: datetime = post.local_at
    return local
