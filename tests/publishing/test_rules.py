"""What follows a send or a look: decided without clock, database or network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from networks.protocol import (
    Content,
    Listed,
    Listing,
    Media,
    MediaKind,
    NetworkError,
    Reconcile,
    Reconnect,
    Refused,
    TryLater,
    Unsure,
)
from publishing.rules import (
    Question,
    Step,
    Terms,
    after,
    after_absence,
    backoff,
    evidence,
    match,
    remote_id_of,
    too_late,
    without_a_look,
)

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TERMS = Terms()
LAG = timedelta(seconds=30)


class Plain:
    """A network that changes no text."""

    reconcile = Reconcile.LISTABLE

    def recent(self, sender: Any, *, since: datetime, target: Any = None) -> Listing:
        raise AssertionError("rules ask no network")

    def same(self, content: Content, listed: Listed) -> bool:
        return content.text == listed.text


@dataclass
class Blind:
    reconcile: Reconcile


def listed(id: str, text: str = "Halo", *, at: datetime = NOW) -> Listed:
    return Listed(remote_id=id, url=f"https://example.test/{id}", text=text, created_at=at)


@pytest.mark.parametrize(
    ("error", "step"),
    [
        (Refused("no"), Step.REFUSED),
        (TryLater("busy"), Step.AGAIN),
        (Reconnect("gone"), Step.RECONNECT),
        (Unsure("what?"), Step.LOOK),
        (NetworkError("new kind"), Step.LOOK),
    ],
)
def test_each_error_names_what_follows(error: NetworkError, step: Step) -> None:
    assert after(error, 1, jitter=0.5, terms=TERMS).step is step


def test_what_the_network_asked_for_is_waited_at_least() -> None:
    decided = after(TryLater("busy", after=timedelta(seconds=600)), 7, jitter=0.9, terms=TERMS)
    assert timedelta(seconds=600) <= decided.wait < timedelta(seconds=602)


@given(tries=some.integers(0, 10_000), jitter=some.floats(0, 1, exclude_max=True))
def test_backoff_grows_and_stays_within_its_bounds(tries: int, jitter: float) -> None:
    wait = backoff(tries, jitter, TERMS).total_seconds()
    assert TERMS.backoff / 2 <= wait <= TERMS.backoff_most
    assert backoff(tries + 1, jitter, TERMS).total_seconds() >= wait


def test_the_lease_outlasts_one_request_and_grows_with_the_media() -> None:
    video = Media(kind=MediaKind.VIDEO, key="v", mime="video/mp4", sha256="0" * 64, size=50_000_000)
    plain, heavy = TERMS.longest_for(Content(text="x")), TERMS.longest_for(Content(text="x", media=(video,)))
    assert plain > TERMS.request + TERMS.margin
    assert heavy >= plain + 50


def test_the_post_that_is_ours_is_new_the_same_and_nobody_elses() -> None:
    since = NOW - timedelta(minutes=1)
    posts = [
        listed("other", "Lain"),
        listed("old", at=NOW - timedelta(hours=1)),
        listed("taken"),
        listed("second", at=NOW + timedelta(seconds=2)),
        listed("first", at=NOW + timedelta(seconds=1)),
    ]
    ask = {"network": Plain(), "since": since, "taken": {"taken"}}
    found = match(Content(text="Halo"), posts, **ask)
    assert found is not None and found.remote_id == "first"
    named = match(Content(text="Halo"), posts, hint="second", **ask)
    assert named is not None and named.remote_id == "second"
    assert match(Content(text="Halo"), posts[:3], hint="old", **ask) is None


def question(*, asked: float, absences: int = 0, resent: int = 0, code: str = "", ago: float | None = None) -> Question:
    return Question(
        questioned_at=NOW - timedelta(seconds=asked),
        absences=absences,
        absent_at=None if ago is None else NOW - timedelta(seconds=ago),
        looks=3,
        resent=resent,
        code=code,
    )


@pytest.mark.parametrize(
    ("asked", "complete", "ago", "counts"),
    [
        (600, True, None, True),
        (600, False, None, False),
        (TERMS.settle + 29, True, None, False),
        (TERMS.settle + 30, True, None, True),
        (600, True, 29, False),
        (600, True, 30, True),
    ],
)
def test_a_listing_is_evidence_only_when_complete_after_settling_and_a_lag_apart(
    asked: float, complete: bool, ago: float | None, counts: bool
) -> None:
    listing = Listing(posts=(), complete=complete)
    assert evidence(question(asked=asked, ago=ago), listing, now=NOW, lag=LAG, terms=TERMS) is counts


def test_absent_once_looks_again_and_absent_twice_sends_again() -> None:
    once = after_absence(question(asked=600, absences=1), now=NOW, lag=LAG, terms=TERMS)
    assert (once.step, once.wait >= LAG) == (Step.LOOK, True)
    assert after_absence(question(asked=600, absences=2), now=NOW, lag=LAG, terms=TERMS).step is Step.AGAIN


def test_a_person_is_asked_after_too_many_sends_a_duplicate_or_a_day_of_silence() -> None:
    for asked in (
        question(asked=600, absences=2, resent=TERMS.resends),
        question(asked=600, absences=2, code="duplicate"),
        question(asked=TERMS.give_up_looking + 1),
    ):
        assert after_absence(asked, now=NOW, lag=LAG, terms=TERMS).step is Step.ASK


def test_where_nobody_can_look_only_a_key_allows_another_send() -> None:
    ways = {kind: without_a_look(Blind(kind)) for kind in Reconcile}  # type: ignore[arg-type]  # all that is read
    steps = {kind: decided.step if decided else None for kind, decided in ways.items()}
    assert steps.pop(Reconcile.KEYED) is Step.AGAIN
    assert set(steps.values()) == {Step.ASK}
    assert without_a_look(Plain()) is None  # type: ignore[arg-type]  # all that is read


def test_old_news_is_not_sent_without_asking() -> None:
    assert not too_late(NOW - timedelta(minutes=5), NOW, timedelta(minutes=6))
    assert too_late(NOW - timedelta(minutes=7), NOW, timedelta(minutes=6))


@pytest.mark.parametrize(
    ("url", "id"),
    [
        ("https://x.com/teraskopi/status/1900096", "1900096"),
        ("https://x.com/teraskopi/status/1900096?s=20", "1900096"),
        ("https://www.facebook.com/111_222/", "111_222"),
        ("https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A71/", "urn:li:share:71"),
        ("https://www.youtube.com/watch?v=abcDEF12345&t=3", "abcDEF12345"),
        ("https://youtu.be/abcDEF12345", "abcDEF12345"),
        ("nonsense", "nonsense"),
        ("", ""),
    ],
)
def test_a_pasted_address_names_its_post(url: str, id: str) -> None:
    assert remote_id_of(url) == id
