"""Reads of checked pages: which are due, which were left lying, and how one changed over time."""

from __future__ import annotations

from django.db import connection

from smo.models import PageLook, State

HISTORY = 60


def pages_due(batch: int) -> list[tuple[int, int]]:
    """(page, workspace) of pages whose weekly look is due, over all workspaces."""
    return _rows("SELECT page_id, workspace_id FROM pages_due(%s)", batch)


def looks_left(batch: int) -> list[tuple[int, int]]:
    """(look, workspace) of looks that nobody began, or began and never ended."""
    return _rows("SELECT look_id, workspace_id FROM page_looks_left(%s)", batch)


def walks_left(batch: int) -> list[tuple[int, int]]:
    """(walk, workspace) of site maps left lying likewise."""
    return _rows("SELECT walk_id, workspace_id FROM page_walks_left(%s)", batch)


def history(page_id: int) -> list[PageLook]:
    """The looks that ended, newest first, without their bulk. One query."""
    ended = PageLook.objects.filter(page_id=page_id, ended_at__isnull=False).defer("kept", "found", "thumb")
    return list(ended.order_by("-id")[:HISTORY])


def _rows(query: str, batch: int) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(query, [batch])
        return [(row[0], row[1]) for row in cursor.fetchall()]


def newest(page_id: int, *, before: int | None = None) -> PageLook | None:
    """The newest look that succeeded; with `before`, the one before that look."""
    done = PageLook.objects.filter(page_id=page_id, state=State.DONE).defer("thumb").order_by("-id")
    found: PageLook | None = (done.filter(pk__lt=before) if before else done).first()
    return found
