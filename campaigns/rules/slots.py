"""When an account's posting slots fall, and whether a day still has room: decisions from numbers alone."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """One slot on one day: the moment (UTC), and what the clock on the wall shows then (naive)."""

    at: datetime
    local: datetime


@dataclass(frozen=True, slots=True)
class Weekly:
    """A slot: a weekday (0 is Monday), a wall time, and the zone it is meant in."""

    weekday: int
    at: time
    zone: str


def openings(slots: Iterable[Weekly], *, after: datetime, until: datetime) -> list[Opening]:
    """Every occurrence of `slots` after `after` and before `until` (UTC), by time, each moment once.

    A time that the clock skips shifts forward by the gap; one that comes twice is taken the first time.
    """
    found: dict[datetime, Opening] = {}
    for slot in slots:
        zone = ZoneInfo(slot.zone)
        day = after.astimezone(zone).date() - timedelta(days=1)
        last = until.astimezone(zone).date() + timedelta(days=1)
        day += timedelta(days=(slot.weekday - day.weekday()) % 7)
        while day <= last:
            at = datetime.combine(day, slot.at, tzinfo=zone).astimezone(UTC)
            if after < at < until:
                found.setdefault(at, Opening(at, at.astimezone(zone).replace(tzinfo=None)))
            day += timedelta(days=7)
    return sorted(found.values())


@dataclass(frozen=True, slots=True)
class Plan:
    """How many posts a day a network takes: in calendar days of `zone`, or in any 24 hours when there is none."""

    posts: int
    zone: str = ""

    def day_of(self, at: datetime) -> tuple[datetime, datetime]:
        """The moments (UTC) between which posts can share a limit with one at `at`."""
        if not self.zone:
            return at - DAY, at + DAY
        zone = ZoneInfo(self.zone)
        start = datetime.combine(at.astimezone(zone).date(), time(), tzinfo=zone)
        end = datetime.combine(start.date() + timedelta(days=1), time(), tzinfo=zone)
        return start.astimezone(UTC), end.astimezone(UTC)

    def count(self, planned: Sequence[datetime], at: datetime) -> int:
        """The most of `planned` (sorted) that share a day with one at `at`."""
        start, end = self.day_of(at)
        if self.zone:
            return bisect_left(planned, end) - bisect_left(planned, start)
        near = [moment for moment in planned if start < moment < end]
        insort(near, at)
        fullest = max(bisect_left(near, first + DAY) - i for i, first in enumerate(near) if first <= at)
        return fullest - 1

    def has_room(self, planned: Sequence[datetime], at: datetime, wanted: int = 1) -> bool:
        """Whether `wanted` more fit at `at`."""
        return not self.posts or self.count(planned, at) + wanted <= self.posts

    def frees(self, planned: Sequence[datetime], at: datetime, wanted: int = 1) -> Iterator[datetime]:
        """Moments from `at` on, the earliest first, from which `wanted` more may fit; check each with `has_room`."""
        yield at
        if self.zone:
            start = at
            for _day in range(60):
                start = self.day_of(start)[1]
                yield start
            return
        for moment in planned[bisect_right(planned, at - DAY) :]:
            yield moment + DAY
