"""When the rules of a time zone change, what is planned keeps its wall time: its moment is worked out anew."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from campaigns.actions.placing import move
from campaigns.models import Post
from campaigns.protocol import NotPossible
from campaigns.queries import told
from campaigns.rules import due_at
from publishing.protocol import NotPossible as TooLate
from publishing.protocol import Overtaken
from workspaces.actions import notify
from workspaces.protocol import Note
from workspaces.queries import members_who_may
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)
BATCH = 5000
FOLLOWED = Note(
    slug="zone-rules-changed",
    title=_("The clocks of %(zone)s have new rules, and your posts follow them"),
    body=_("Everything planned there keeps the time on the wall that you chose; the moment behind it has moved."),
    action=_("Look at the calendar"),
    about=_("The clocks of a time zone have new rules"),
)
STAYED = Note(
    slug="zone-rules-not-followed",
    title=_("A post could not follow the new clocks of %(zone)s"),
    body=_("It was planned for %(at)s there and keeps the moment it had. %(reason)s"),
    action=_("Choose its time"),
    about=_("A post could not follow a time zone's new rules"),
)


def rezone() -> int:
    """Move every planned post whose wall time falls on another moment than before. How many; safe at any time."""
    ZoneInfo.clear_cache()
    after, moved = 0, 0
    while rows := _planned(after):
        for post_id, workspace_id, local, zone, due in rows:
            after = post_id
            moved += _differs(local, zone, due) and _move(post_id, workspace_id, local, zone)
    return moved


def _planned(after: int) -> list[tuple[int, int, datetime, str, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM posts_on_the_wall(%s, %s)", [after, BATCH])
        return [(row[0], row[1], row[2], row[3], row[4].astimezone(UTC)) for row in cursor.fetchall()]


def _differs(local: datetime, zone: str, due: datetime) -> bool:
    try:
        return due_at(local, zone) != due
    except (ZoneInfoNotFoundError, ValueError):
        logger.warning("the zone %s is not known any more", zone)
        return False


def _move(post_id: int, workspace_id: int, local: datetime, zone: str) -> bool:
    """Whether it follows its wall time. Either way people are told, in the same transaction as what was done."""
    with entered(workspace_id):
        post = told(post_id)
        if not post.is_open:  # it went out earlier than planned, or is going out
            return False
        try:
            with transaction.atomic():
                move(post, at=local, zone=zone, by=None, queued=post.queued)
        except (NotPossible, TooLate, Overtaken) as refusal:
            logger.warning("post %s keeps its moment: %s", post_id, refusal)
            _tell_that_it_stays(post, local, zone, str(refusal))
            return False
        _tell_that_they_follow(post, zone)
    return True


def _tell_that_they_follow(post: Post, zone: str) -> None:
    """Once a day, however many posts of the zone follow."""
    notify(
        members_who_may("schedule"),
        note=FOLLOWED,
        key=f"zone:{zone}:{timezone.now():%Y%m%d}",
        url=reverse("campaigns:calendar", args=[post.workspace.slug]),
        zone=zone,
    )


def _tell_that_it_stays(post: Post, local: datetime, zone: str, reason: str) -> None:
    notify(
        members_who_may("schedule"),
        note=STAYED,
        key=f"zone:{zone}:post:{post.pk}:{local:%Y%m%dT%H%M%S}",
        url=reverse("campaigns:edit", args=[post.workspace.slug, post.pk]),
        zone=zone,
        at=f"{date_format(local, 'SHORT_DATE_FORMAT')} {local:%H:%M}",
        reason=reason,
    )
