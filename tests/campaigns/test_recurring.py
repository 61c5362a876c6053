"""Rules fall on the right days at the right moments, in every zone of the world; rotations keep their distance."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.rules.likeness import closest
from campaigns.rules.recurring import Every, Rule, Used, next_in_turn
from campaigns.rules.slots import Plan, Weekly, openings

ZONES = sorted(zoneinfo.available_timezones())


def rule(**changes: object) -> Rule:
    given = {"every": Every.WEEK, "at": time(9), "zone": "Asia/Jakarta", "starts_on": date(2027, 1, 1), **changes}
    return Rule(**given)  # type: ignore[arg-type]


def days(one: Rule, until: date = date(2027, 12, 31)) -> list[str]:
    return [day.isoformat() for day in one.days(one.starts_on, until)]


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (rule(weekdays=(0, 3), count=3), ["2027-01-04", "2027-01-07", "2027-01-11"]),
        (rule(count=2), ["2027-01-01", "2027-01-08"]),
        (rule(every=Every.DAY, interval=3, ends_on=date(2027, 1, 8)), ["2027-01-01", "2027-01-04", "2027-01-07"]),
        (rule(every=Every.MONTH, monthday=31, count=4), ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
        (rule(every=Every.MONTH, monthday=30, count=2), ["2027-01-30", "2027-02-28"]),
        (rule(every=Every.MONTH, weekdays=(4,), nth=-1, count=2), ["2027-01-29", "2027-02-26"]),
        (rule(every=Every.MONTH, weekdays=(0,), nth=1, count=2), ["2027-01-04", "2027-02-01"]),
        (rule(count=3, skips=frozenset({date(2027, 1, 8)})), ["2027-01-01", "2027-01-15"]),
    ],
)
def test_a_rule_falls_on_these_days(one: Rule, expected: list[str]) -> None:
    assert days(one) == expected


def test_every_zone_and_every_change_of_its_clock_gives_each_day_one_right_moment() -> None:
    """All zones, all their gaps and overlaps of two years, at the minute before, in and after: 0 wrong, 0 double."""
    wrong, gaps, overlaps = [], 0, 0
    for name in ZONES:
        zone = zoneinfo.ZoneInfo(name)
        for change, before, after in _changes(zone):
            gaps, overlaps = gaps + (after > before), overlaps + (after < before)
            wall = (change + before).replace(tzinfo=None)
            for minutes in (-61, -1, 0, 1, 29, 59, 60):
                at = (wall + timedelta(minutes=minutes)).time().replace(second=0)
                one = Rule(every=Every.DAY, at=at, zone=name, starts_on=wall.date() - timedelta(days=1))
                wrong += _wrong(one, wall.date(), zone)
    assert (gaps > 100, overlaps > 100) == (True, True)
    assert wrong == []


def _changes(zone: zoneinfo.ZoneInfo) -> list[tuple[datetime, timedelta, timedelta]]:
    """(moment in UTC, offset before, offset after) of each change in 2026 and 2027, found by halving."""
    found = []
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    while moment < datetime(2028, 1, 1, tzinfo=UTC):
        later = moment + timedelta(days=13)
        a, b = _offset(zone, moment), _offset(zone, later)
        if a != b:
            low, high = moment, later
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if _offset(zone, middle) == a else (low, middle)
            found.append((high.replace(second=0, microsecond=0), a, b))
        moment = later
    return found


def _offset(zone: zoneinfo.ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)


def _wrong(one: Rule, around: date, zone: zoneinfo.ZoneInfo) -> list[str]:
    """Three days round a change: one moment each, in order, showing the wall time, or just after the gap."""
    found = list(one.days(around - timedelta(days=1), around + timedelta(days=1)))
    moments = [one.moment(day) for day in found]
    errors = [] if len(found) == 3 and moments == sorted(set(moments)) else [f"{one}: {moments}"]
    for day, moment in zip(found, moments, strict=True):
        meant = datetime.combine(day, one.at)
        shown = moment.astimezone(zone).replace(tzinfo=None)
        exists = any(
            meant.replace(tzinfo=zone, fold=fold).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == meant
            for fold in (0, 1)
        )
        if exists and (shown != meant or moment != meant.replace(tzinfo=zone, fold=0).astimezone(UTC)):
            errors.append(f"{one} on {day}: {shown}")  # a time that comes twice is the first
        if not exists and not meant < shown <= meant + timedelta(hours=24):
            errors.append(f"{one} on {day} in a gap: {shown}")
    return errors


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), st.integers(0, 6), st.times(), st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_a_slot_opens_once_a_week_in_any_zone(zone: str, weekday: int, at: time, day: date) -> None:
    at = at.replace(second=0, microsecond=0, tzinfo=None)
    start = datetime.combine(day, time(), tzinfo=UTC)
    found = openings([Weekly(weekday, at, zone)], after=start, until=start + timedelta(days=28))
    assert 3 <= len({one.at for one in found}) <= 5 and found == sorted(found)


def test_a_limit_of_a_day_counts_any_24_hours_or_the_networks_own_day() -> None:
    noon = datetime(2027, 1, 5, 12, tzinfo=UTC)
    planned = [noon + timedelta(minutes=one) for one in range(100)]
    rolling = Plan(100)
    assert not rolling.has_room(planned, noon + timedelta(hours=23))
    assert rolling.has_room(planned, noon + timedelta(hours=24))
    assert not rolling.has_room(planned, noon - timedelta(hours=22))
    free = next(at for at in rolling.frees(planned, noon + timedelta(hours=2)) if rolling.has_room(planned, at))
    assert free == noon + timedelta(hours=24)
    pacific = Plan(100, "America/Los_Angeles")
    assert not pacific.has_room(planned, noon)
    free = next(at for at in pacific.frees(planned, noon) if pacific.has_room(planned, at))
    assert free == datetime(2027, 1, 6, 8, tzinfo=UTC)  # midnight in California
    assert Plan(0).has_room(planned, noon, 10_000)


def test_a_rotation_takes_the_one_that_waited_longest_and_keeps_the_gap() -> None:
    now = datetime(2027, 1, 5, tzinfo=UTC)
    ago = [now - timedelta(days=days) for days in (40, 31, 5)]
    posts = [Used(1, ago[0]), Used(2, ago[1]), Used(3, ago[2])]
    gap = timedelta(days=30)
    assert next_in_turn(posts, now, gap) == 1
    assert next_in_turn([Used(1, ago[0], again=False), *posts[1:]], now, gap) == 2
    assert next_in_turn([*posts, Used(4, None)], now, gap) == 4
    assert next_in_turn(posts[2:], now, gap) is None


@pytest.mark.parametrize(
    ("text", "close"),
    [
        ("Biji kopi Gayo baru datang pagi ini. Mampir ke Kemang!", True),
        ("BIJI KOPI GAYO baru datang pagi ini… mampir ke Kemang 👉 https://trs.kopi/1", True),
        ("Biji kopi Gayo baru datang sore ini. Mampir ke Kemang!", True),
        ("Besok kami libur. Sampai jumpa hari Senin di Kemang.", False),
        ("Kopi", False),
    ],
)
def test_a_repetition_is_known_by_its_words(text: str, close: bool) -> None:
    others = [(7, "Biji kopi Gayo baru datang pagi ini. Mampir ke Kemang."), (8, "Tebak rasa: gula aren?")]
    found = closest(text, others)
    assert (found is not None) == close
    assert found is None or found[0] == 7
