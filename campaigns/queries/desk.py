"""What lies on the desk: a stretch of the calendar, the tray, the channels and the media library."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Q, QuerySet

from campaigns.models import Campaign, MediaAsset, Post
from campaigns.rules import due_at
from networks.models import Account


def calendar(start: datetime, end: datetime, zone: str) -> list[Post]:
    """Posts with a place between two wall times (naive, `end` excluded) in `zone`, by time. Four queries."""
    found = Post.objects.all().between(due_at(start, zone), due_at(end, zone)).carded().order_by("due_at", "id")
    return list(found)


def day(local: datetime, zone: str) -> list[Post]:
    """The posts of the wall day of `local`."""
    start = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return calendar(start, start + timedelta(days=1), zone)


def calendar_and_tray(start: datetime, end: datetime, zone: str) -> tuple[list[Post], list[Post]]:
    """What `calendar` gives, and the newest hundred ideas and drafts without a time. Three queries for both."""
    loose = Post.objects.all().unplaced().order_by("-changed_at", "-id").values("pk")[:100]
    wanted = Q(due_at__gte=due_at(start, zone), due_at__lt=due_at(end, zone)) | Q(pk__in=loose)
    found = list(Post.objects.filter(wanted).carded().order_by("due_at", "-changed_at", "id"))
    return [post for post in found if post.due_at], [post for post in found if not post.due_at]


def channels() -> list[Account]:
    """The accounts a post may be written for, in the order the composer shows them."""
    return list(Account.objects.exclude(health=Account.Health.DISCONNECTED).order_by("network", "name", "id"))


def library(*, search: str = "", kind: str = "") -> QuerySet[MediaAsset]:
    """The workspace's media, newest first, with how often each is used."""
    found = MediaAsset.objects.all()
    if search:
        found = found.filter(filename__icontains=search) | found.filter(alt__icontains=search)
    return found.filter(kind=kind) if kind else found


def campaigns() -> list[Campaign]:
    """The campaigns in use, by name, each with its number of posts as `told`."""
    return list(Campaign.objects.filter(archived=False).annotate(told=Count("posts")).order_by("name"))


def awaiting() -> list[Post]:
    """Posts that wait for somebody's approval, the most pressing first."""
    waiting = Post.objects.filter(stage=Post.Stage.AWAITING_APPROVAL)
    return list(waiting.told().order_by("due_at", "id"))


def posts_in_review(batch: int) -> list[tuple[int, int]]:
    """(post id, workspace id) of what waits for an officer, over all workspaces, the most pressing first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, workspace_id FROM posts_in_review(%s)", [batch])
        return [(int(row[0]), int(row[1])) for row in cursor.fetchall()]
