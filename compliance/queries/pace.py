"""When to look again, and when to remind: pure decisions about watching."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from compliance.models import Sighting
from compliance.protocol import Outcome

State = Sighting.State

EVERY = timedelta(minutes=15)  # how often a source is looked at, when nothing is wrong
FEED_EVERY = timedelta(minutes=30)
FIRST_LOOK = timedelta(days=30)  # how far back a new source is read
LEASE = timedelta(minutes=5)  # how long a look may take before somebody else takes it up
LONGEST_PAUSE = timedelta(days=1)
TROUBLED_AFTER = 5  # failures in a row, before people are told

REMINDERS: Sequence[timedelta] = (timedelta(days=3), timedelta(days=4))
"""How long after the request, and then after each reminder, the next one is due."""
GIVE_UP = timedelta(days=7)  # after the last reminder: no answer

# The FTC's staff advise to go on monitoring for the contract and a few months more.
WATCHED_FOR = timedelta(days=120)
MAIL_PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))


def after_failure(failures: int, *, every: timedelta, asked: timedelta | None) -> timedelta:
    """How long to stay away after `failures` in a row; `asked`: what the other side wants."""
    pause: timedelta = min(every * 2 ** min(failures, 8), LONGEST_PAUSE)
    return max(pause, min(asked or timedelta(), timedelta(days=2)))


def next_look(state: str, *, posted_at: datetime, asked_at: datetime | None, now: datetime) -> datetime | None:
    """When to look at a post again; None: no more. Often while somebody waits for a fix, then ever more seldom."""
    if state == State.REMOVED:
        return None
    if state in Sighting.UNSETTLED:
        waited = now - (asked_at or now)
        return now + (timedelta(minutes=30) if waited < timedelta(days=3) else timedelta(hours=6))
    age = now - posted_at
    if age > WATCHED_FOR:
        return None
    if age < timedelta(days=2):
        return now + timedelta(hours=6)
    return now + (timedelta(days=1) if age < timedelta(days=14) else timedelta(days=7))


def next_reminder(reminders: int, now: datetime) -> datetime:
    """When something is due after so many reminders: the next one, or giving up."""
    return now + (REMINDERS[reminders] if reminders < len(REMINDERS) else GIVE_UP)


def is_over(asked_at: datetime, reminders: int, now: datetime) -> bool:
    """Whether everything was tried: all reminders went out, or would have by now."""
    return reminders >= len(REMINDERS) or now >= asked_at + sum(REMINDERS, GIVE_UP)


def state_after(state: str | None, outcome: str) -> str:
    """What becomes of a sighting in `state` (None: seen for the first time) once its words are judged."""
    if outcome == Outcome.ALLOW:
        was_wrong = state in {*Sighting.UNSETTLED, State.REFUSED, State.SILENT, State.FIXED}
        return State.FIXED if was_wrong else State.FINE
    if state in {State.ASKED, State.ESCALATED}:
        return state  # they tried, and it is not enough: the request still stands
    return State.MISSING if outcome == Outcome.BLOCK else State.REVIEW
