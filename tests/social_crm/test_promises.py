"""What we owe and when: nights, weekends, holidays and clock changes are not worked; thanks ask for nothing."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social_crm.rules import Terms, Word, debt, fitting, hours, is_thanks, paused, waits_since
from social_crm.rules.hours import Hours

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 09:00 in Jakarta
JAKARTA = Hours(
    zone="Asia/Jakarta",
    week={day: [(time(9), time(12)), (time(13), time(17))] for day in range(5)},
    holidays=frozenset({date(2026, 11, 25)}),
)
NIGHT_SHIFT = Hours(zone="Europe/Berlin", week={day: [(time(22), time(6))] for day in range(7)})
SUNDAYS = Hours(zone="America/New_York", week={6: [(time(0), time(0))]})
DESKS = st.sampled_from([JAKARTA, NIGHT_SHIFT, SUNDAYS, Hours(zone="UTC")])
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
MINUTES = st.integers(0, 4000)


@given(MOMENTS, MINUTES, DESKS)
@settings(max_examples=150, deadline=None)
def test_between_is_the_inverse_of_after(start: datetime, minutes: int, desk: Hours) -> None:
    assert hours.between(start, hours.after(start, minutes, desk), desk) == minutes


@given(MOMENTS, MINUTES, MINUTES, DESKS)
@settings(max_examples=100, deadline=None)
def test_a_promise_in_two_steps_is_the_promise_in_one(start: datetime, first: int, second: int, desk: Hours) -> None:
    in_two = hours.after(hours.after(start, first, desk), second, desk)
    assert hours.between(start, in_two, desk) == first + second
    assert second == 0 or in_two == hours.after(start, first + second, desk)


@given(MOMENTS, st.integers(1, 4000), DESKS)
@settings(max_examples=100, deadline=None)
def test_nothing_is_due_while_the_desk_is_closed(start: datetime, minutes: int, desk: Hours) -> None:
    due = hours.after(start, minutes, desk)
    assert hours.is_open(due - timedelta(seconds=1), desk)
    assert due > start


def test_an_evening_complaint_is_due_the_next_open_day() -> None:
    tuesday_evening = MONDAY + timedelta(days=1, hours=7, minutes=30)  # 16:30
    assert hours.after(tuesday_evening, 60, JAKARTA) == datetime(2026, 11, 26, 2, 30, tzinfo=UTC)  # over the holiday


def test_an_hour_that_the_clock_skips_is_not_worked() -> None:
    desk = Hours(zone="Europe/Berlin", week={6: [(time(1), time(5))]})
    start = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)  # 01:00; at 02:00 it is 03:00
    assert hours.between(start, start + timedelta(hours=10), desk) == 180


@pytest.mark.parametrize("text", ["Makasih kak 🙏", "Thank you so much!", "ok sip", "👍", "Terima kasih banyak ya"])
def test_thanks_ask_for_nothing(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize(
    "text",
    ["Thanks, but it is broken", "ok?", "Makasih, tapi botolnya pecah", "", "kak", "Thanks for nothing"],
)
def test_a_question_or_a_complaint_is_no_thanks(text: str) -> None:
    assert not is_thanks(text)


def said(minute: int, *, ours: bool = False, text: str = "Pecah", told: int | None = None) -> Word:
    at = MONDAY + timedelta(minutes=minute)
    return Word(ours, at, MONDAY + timedelta(minutes=minute if told is None else told), text)


WORDS = st.lists(
    st.builds(said, st.integers(0, 600), ours=st.booleans(), text=st.sampled_from(["Pecah", "Makasih kak"])), max_size=8
)


@given(WORDS, st.randoms())
@settings(max_examples=150, deadline=None)
def test_the_order_in_which_words_arrive_changes_nothing(words: list[Word], dice: object) -> None:
    shuffled = list(words)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert waits_since(words, resolved_at=None) == waits_since(shuffled, resolved_at=None)


@given(WORDS)
@settings(max_examples=100, deadline=None)
def test_after_an_answer_nobody_waits_for_what_was_said_before_it(words: list[Word]) -> None:
    answered = [*words, said(601, ours=True)]
    assert waits_since(answered, resolved_at=None) is None
    assert waits_since([*answered, said(700, text="Makasih kak")], resolved_at=None) is None
    assert waits_since([*answered, said(700)], resolved_at=None) == said(700).at


def test_what_was_settled_stays_settled_and_what_comes_late_does_not() -> None:
    resolved = MONDAY + timedelta(minutes=30)
    assert waits_since([said(5)], resolved_at=resolved) is None
    assert waits_since([said(5), said(6, told=40)], resolved_at=resolved) == said(6).at


def owed(**more: object) -> object:
    usual = {"waiting_since": MONDAY, "answered": False, "opened_at": MONDAY, "resolve_left": None}
    return debt(**{**usual, "terms": Terms(60, 30, 480), "hours": JAKARTA, **more})  # type: ignore[arg-type]


def test_the_first_answer_the_next_and_the_end_are_three_promises() -> None:
    assert (owed().due_at, owed().due_for) == (MONDAY + timedelta(hours=1), "first")
    assert (owed(answered=True).due_at, owed(answered=True).due_for) == (MONDAY + timedelta(minutes=30), "next")
    only_end = owed(terms=Terms(0, 0, 60))
    assert (only_end.due_at, only_end.due_for) == (MONDAY + timedelta(hours=1), "resolution")
    assert owed(waiting_since=None).due_at is None


def test_the_clock_of_the_end_stands_still_while_we_wait_for_the_customer() -> None:
    running = owed()
    rest = {"opened_at": MONDAY, "terms": Terms(60, 30, 480), "hours": JAKARTA}
    waiting = paused(running, now=MONDAY + timedelta(hours=1), **rest)  # an hour of eight was used
    assert (waiting.due_at, waiting.resolve_left) == (None, 420)
    assert paused(waiting, now=MONDAY + timedelta(days=9), **rest).resolve_left == 420
    again = owed(waiting_since=MONDAY + timedelta(days=7), answered=True, resolve_left=420)
    assert hours.between(MONDAY + timedelta(days=7), again.resolve_due_at, JAKARTA) == 420


def test_the_first_promise_that_fits_counts() -> None:
    offers = [(Terms(5), ["n"], [], 2), (Terms(15), [], ["message"], None), (Terms(60), [], [], None)]
    assert fitting(offers, network="n", kind="comment", priority=2).first == 5
    assert fitting(offers, network="n", kind="message", priority=0).first == 15
    assert fitting(offers, network="o", kind="comment", priority=2).first == 60
    assert fitting([], network="o", kind="comment", priority=0) == Terms()
