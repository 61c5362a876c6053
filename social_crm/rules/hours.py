"""Open hours: when the desk works, and how far a promise reaches over nights, weekends and holidays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOOK_AHEAD = 370  # days; a week without any open hour never ends otherwise
Span = tuple[time, time]


@dataclass(frozen=True)
class Hours:
    """When the desk is open, in its own zone. `week`: weekday (0 Monday) to spans of wall time; empty: always open.

    A span that ends at 00:00 ends at midnight. Holidays are closed all day.
    """

    zone: str = "UTC"
    week: Mapping[int, Sequence[Span]] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()

    @property
    def always(self) -> bool:
        """Whether there is no closing time at all."""
        return not any(self.week.values())


def after(start: datetime, minutes: int, hours: Hours) -> datetime:
    """The moment when `minutes` of open time have passed since `start`; it always lies in (or ends) an open span.

    Counted in real minutes: an hour that a clock change takes away is not worked. Takes and gives UTC.
    """
    if hours.always:
        return start + timedelta(minutes=minutes)
    left = timedelta(minutes=minutes)
    for opens, closes in _spans(start, hours):
        begin = max(opens, start)
        if begin + left <= closes:
            return begin + left
        left -= closes - begin
    return start + timedelta(days=LOOK_AHEAD)


def between(start: datetime, end: datetime, hours: Hours) -> int:
    """Open minutes from `start` until `end`, rounded down; 0 when `end` is earlier."""
    if end <= start:
        return 0
    if hours.always:
        return int((end - start).total_seconds() // 60)
    worked = timedelta()
    for opens, closes in _spans(start, hours):
        if opens >= end:
            break
        worked += min(closes, end) - max(opens, start)
    return int(worked.total_seconds() // 60)


def is_open(at: datetime, hours: Hours) -> bool:
    """Whether somebody works at `at`."""
    if hours.always:
        return True
    opens, _closes = next(_spans(at, hours), (None, None))
    return opens is not None and opens <= at


def _spans(start: datetime, hours: Hours) -> Iterator[tuple[datetime, datetime]]:
    """The open spans that end after `start`, in order, in UTC."""
    zone = ZoneInfo(hours.zone)
    first = start.astimezone(zone).date() - timedelta(days=1)  # a span may reach over midnight
    for step in range(LOOK_AHEAD):
        day = first + timedelta(days=step)
        if day in hours.holidays:
            continue
        for opens, closes in sorted(hours.week.get(day.weekday(), ())):
            begin, end = _moment(day, opens, zone), _moment(day + timedelta(days=closes <= opens), closes, zone)
            if end > max(start, begin):
                yield begin, end


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
