"""When the rules of a time zone change, what is planned keeps its wall time: its moment is worked out anew."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import connection
from django.utils import timezone

from campaigns.actions.placing import move
from campaigns.protocol import NotPossible
from campaigns.queries import told
from campaigns.rules import due_at
from publishing.protocol import NotPossible as TooLate
from publishing.protocol import Overtaken
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)
BATCH = 5000


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
    with entered(workspace_id):
        post = told(post_id)
        if due_at(local, zone) <= timezone.now():
            return False
        try:
            move(post, at=local, zone=zone, by=None, queued=post.queued)
        except (NotPossible, TooLate, Overtaken) as refusal:
            logger.warning("post %s keeps its moment: %s", post_id, refusal)
            return False
    return True
