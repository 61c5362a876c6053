"""On which days a series falls, and which post of a rotation comes next: decisions from a rule alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule
from dateutil.rrule import weekdays as WEEKDAYS

from campaigns.rules import due_at

FAR = timedelta(days=366 * 10)  # nobody plans further


class Every(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


FREQUENCY = {Every.DAY: DAILY, Every.WEEK: WEEKLY, Every.MONTH: MONTHLY}


@dataclass(frozen=True, slots=True)
class Rule:
    """When a series falls: every `interval` days, weeks or months from `starts_on`, at the wall time `at` in `zone`.

    `weekdays` (0 is Monday) for weeks; for months the `monthday` (31: the last day of a shorter month too), or with
    `nth` (1 to 4, -1 the last) the nth of the one weekday. It ends after `ends_on`, or after `count` days, or never;
    days in `skips` are left out and still counted.
    """

    every: Every
    at: time
    zone: str
    starts_on: date
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    monthday: int = 0
    nth: int = 0
    ends_on: date | None = None
    count: int = 0
    skips: frozenset[date] = field(default_factory=frozenset)

    def days(self, first: date, last: date) -> Iterator[date]:
        """The days it falls on from `first` to `last` (both included), in order."""
        end = min(last, self.ends_on) if self.ends_on else last
        if end < self.starts_on:
            return
        for moment in self._all(end):
            day = moment.date()
            if day > end:
                return
            if day >= first and day not in self.skips:
                yield day

    def moment(self, day: date) -> datetime:
        """When (UTC) it goes out on `day`: a time that the clock skips shifts forward, a double one is the first."""
        return due_at(datetime.combine(day, self.at), self.zone)

    def _all(self, end: date) -> rrule:
        start = datetime.combine(self.starts_on, time())
        until = min(end, self.starts_on + FAR)
        by: dict[str, object] = {}
        if self.every is Every.WEEK:
            by["byweekday"] = [WEEKDAYS[one] for one in self.weekdays or (self.starts_on.weekday(),)]
        elif self.every is Every.MONTH and self.nth and self.weekdays:
            by["byweekday"] = [WEEKDAYS[self.weekdays[0]](self.nth)]
        elif self.every is Every.MONTH:
            wanted = self.monthday or self.starts_on.day
            # The 31st of a month with 30 days is its 30th: of the days up to the wanted one, the last there is.
            by["bymonthday"], by["bysetpos"] = list(range(28, wanted + 1)) if wanted > 28 else [wanted], -1
        ending: dict[str, object] = {"count": self.count} if self.count else {"until": datetime.combine(until, time())}
        return rrule(FREQUENCY[self.every], dtstart=start, interval=self.interval, **by, **ending)  # type: ignore[arg-type]  # by name


@dataclass(frozen=True, slots=True)
class Used:
    """One post of a rotation: when it last went out or will (None: never), and whether it may go out again."""

    post_id: int
    last: datetime | None
    again: bool = True


def next_in_turn(posts: Sequence[Used], at: datetime, gap: timedelta, *, left_out: Collection[int] = ()) -> int | None:
    """Which post takes the slot at `at`: the one that waited longest, at least `gap` after its last time.

    None when every one of them is too fresh, or may not be repeated.
    """
    ripe = [
        one
        for one in posts
        if one.post_id not in left_out and (one.last is None or (one.again and at - one.last >= gap))
    ]
    order = {one.post_id: place for place, one in enumerate(posts)}
    first = min(ripe, key=lambda one: (one.last is not None, one.last or at, order[one.post_id]), default=None)
    return first.post_id if first else None
