"""What pages and programs read of the watched feeds."""

from __future__ import annotations

from django.db import connection
from django.db.models import Count, Q, QuerySet

from smo.models import Item, Source


def feeds_to_look_at(batch: int) -> list[tuple[int, int]]:
    """(source id, workspace id) of the feeds whose turn it is, over all workspaces, each workspace in turn."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, workspace_id FROM feeds_to_look_at(%s)", [batch])
        return [(int(row[0]), int(row[1])) for row in cursor.fetchall()]


def sources() -> QuerySet[Source]:
    """Every watched feed, with how many of its items wait and were taken."""
    new, taken = Q(items__state=Item.State.NEW), Q(items__state=Item.State.TAKEN)
    return Source.objects.annotate(waiting=Count("items", filter=new), taken=Count("items", filter=taken))


def items_of(source: Source, state: str = "") -> QuerySet[Item]:
    """The newest first."""
    found = Item.objects.filter(source=source).order_by("-published_at", "-pk")
    return found.filter(state=state) if state in Item.State.values else found
