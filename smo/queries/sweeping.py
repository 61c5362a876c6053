"""Looks across workspaces, for the clock: which links to look at, whose days are over, whose site it is."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


def days_to_forget(now: datetime) -> list[int]:
    """The workspaces that still hold hashes of a day that is over there."""
    return [row[0] for row in _rows("SELECT workspace_id FROM days_to_forget(%s)", now)]


def links_to_check(batch: int, before: datetime) -> list[tuple[int, int]]:
    """(workspace id, link id) of links in use whose target nobody looked at since `before`."""
    return [
        (row[0], row[1]) for row in _rows("SELECT workspace_id, link_id FROM links_to_check(%s, %s)", batch, before)
    ]


def visited_site(key: str) -> tuple[int, int] | None:
    """(workspace id, site id) of the site with `key`; None when nobody has it, or it is paused."""
    return next(((row[0], row[1]) for row in _rows("SELECT workspace_id, site_id FROM visited_site(%s)", key)), None)


def _rows(sql: str, *parameters: int | str | datetime) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
