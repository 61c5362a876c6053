"""What the clock has to do, over all workspaces: ids only, found along indexes."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from networks.models import Account
from publishing.models import Publication

WATCHED = timedelta(days=7)
AT_ONCE = 500
FOLD_ABOVE = 300  # rows of a workspace's tally


def posts_to_watch(account: Account) -> list[str]:
    """The network's ids of the account's recent posts, for networks that must be asked post by post."""
    live = Publication.objects.filter(
        account=account, remote_id__isnull=False, published_at__gte=timezone.now() - WATCHED, target_kind=""
    )
    newest = live.order_by("-published_at").values_list("remote_id", flat=True)[:50]
    return [remote_id for remote_id in newest if remote_id]


def events_to_do() -> list[tuple[int, int]]:
    """(workspace id, event id) of kept events that nobody has processed yet."""
    return _pairs("SELECT workspace_id, event_id FROM inbound_events_to_do(%s)")


def overdue() -> list[tuple[int, int]]:
    """(workspace id, conversation id) whose promised time has passed unnoticed, the oldest first."""
    return _pairs("SELECT workspace_id, conversation_id FROM conversations_overdue(%s)")


def to_wake() -> list[tuple[int, int]]:
    """(workspace id, conversation id) that were snoozed until now, however long ago that was."""
    return _pairs("SELECT workspace_id, conversation_id FROM conversations_to_wake(%s)")


def to_settle() -> list[tuple[int, int]]:
    """(workspace id, message id) of our answers of which the post office knows the end."""
    return _pairs("SELECT workspace_id, message_id FROM answers_to_settle(%s)")


def to_fold() -> list[int]:
    """Workspaces whose numbers are summed from too many rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id FROM tallies_to_fold(%s)", [FOLD_ABOVE])
        return [row[0] for row in cursor.fetchall()]


def accounts_to_poll() -> list[tuple[int, int]]:
    """(workspace id, account id) of connected accounts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, account_id FROM accounts_to_poll()")
        return [(workspace_id, account_id) for workspace_id, account_id in cursor.fetchall()]


def _pairs(sql: str) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [AT_ONCE])
        return [(workspace_id, pk) for workspace_id, pk in cursor.fetchall()]
