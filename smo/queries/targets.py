"""Where a short address leads, at the pace of visitors: asked of the database once, believed for a second at most.

A process keeps what it was told and asks once a second which links changed. While the database is away it goes on
with what it knows; only a link that it has never seen cannot be followed then.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import DatabaseError, InterfaceError, connection

logger = logging.getLogger(__name__)
KEPT = 50_000  # links a process remembers
MISSING_SECONDS = 2.0  # a code that nobody made is not asked for again so soon
BELIEVED_SECONDS = 300.0  # also what never changed is looked at anew now and then (domains, sites, zones)
ASK_SECONDS = 1.0
LATE_COMMITS = timedelta(seconds=15)  # a change is dated before it is committed

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads and what counting it needs."""

    workspace: int
    link: int
    url: str
    expires_at: datetime | None
    expired_url: str
    flag: str
    network: str
    zone: ZoneInfo
    sites: tuple[str, ...]

    def today(self, now: datetime) -> date:
        """The day it is in the link's workspace."""
        return now.astimezone(self.zone).date()


class Away(Exception):
    """The database does not answer, and this link is not known here."""


class Targets:
    """What one process knows of where links lead. Safe to share between threads."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self.clock = clock
        self._known: dict[tuple[str, str], tuple[float, Target | None]] = {}
        self._asked = clock()
        self._since = datetime.now(UTC)
        self._asking = threading.Lock()

    def find(self, host: str, code: str) -> Target | None:
        """The target of `code` on `host` ("" is the app's own); None when there is none. Raises Away."""
        now = self.clock()
        if now - self._asked >= ASK_SECONDS:
            self._hear_of_changes(now)
        found = self._known.get((host, code))
        if found is not None and now - found[0] < (BELIEVED_SECONDS if found[1] else MISSING_SECONDS):
            return found[1]
        try:
            target = _look_up(host, code)
        except (DatabaseError, InterfaceError) as error:
            if found is not None and found[1] is not None:
                return found[1]
            raise Away from error
        if len(self._known) >= KEPT:
            self._known.clear()
        self._known[(host, code)] = (now, target)
        return target

    def _hear_of_changes(self, now: float) -> None:
        """Forget what changed. One thread asks, the others go on meanwhile."""
        if not self._asking.acquire(blocking=False):
            return
        try:
            self._asked = now
            started = datetime.now(UTC)
            for changed in _changed_since(self._since - LATE_COMMITS):
                self._known.pop(changed, None)
            self._since = started
        except (DatabaseError, InterfaceError) as error:
            logger.warning("links may be a little out of date: %s", type(error).__name__)
        finally:
            self._asking.release()


def _look_up(host: str, code: str) -> Target | None:
    _freshen()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tracked_link(%s, %s)", [host, code])
        row = cursor.fetchone()
    if row is None:
        return None
    workspace, link, url, expires_at, expired_url, flag, network, zone, sites = row
    hosts = tuple((sites or "").split())
    return Target(workspace, link, url, expires_at, expired_url, flag, network, ZoneInfo(zone), hosts)


def _changed_since(since: datetime) -> list[tuple[str, str]]:
    _freshen()
    with connection.cursor() as cursor:
        cursor.execute("SELECT host, code FROM links_changed(%s)", [since])
        return list(cursor.fetchall())


def _freshen() -> None:
    """What Django does before each of its own requests: a connection that broke is opened anew."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
