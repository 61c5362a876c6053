"""Retry-After is honoured to the second, and an hour's outage fails nothing."""

from __future__ import annotations

from datetime import timedelta

from publishing.models import Publication
from tests.publishing.post_office import PostOffice

State = Publication.State


def test_retry_after_is_honoured(office: PostOffice) -> None:
    account = office.account()
    office.sandbox.fault("x", "rate_limited", account.uid, on=["publish"], times=1, params={"retry_after": 3})
    post = office.schedule(account)
    office.wait_for(lambda: bool(office.attempts(post)), "the first attempt", post)

    post = office.until(post, State.PUBLISHED)

    first, second = office.attempts(post)
    assert first.result == "later"
    assert second.started_at - first.ended_at >= timedelta(seconds=3)
    assert len(office.live(account)) == 1


def test_ten_minutes_asked_for_are_ten_minutes_waited(office: PostOffice) -> None:
    account = office.account()
    office.sandbox.fault("x", "rate_limited", account.uid, on=["publish"], times=1, params={"retry_after": 600})
    post = office.schedule(account)
    office.wait_for(lambda: len(office.attempts(post)) == 1, "the first attempt", post)

    for _ in range(5):
        office.turn()

    post = office.now(post)
    assert post.state == State.SCHEDULED
    assert post.not_before - office.attempts(post)[0].ended_at >= timedelta(seconds=590)
    assert len(office.attempts(post)) == 1


def test_many_refusals_to_talk_fail_nothing(office: PostOffice) -> None:
    account = office.account()
    office.sandbox.fault("x", "rate_limited_silent", account.uid, on=["publish"], times=4)
    post = office.schedule(account)

    post = office.until(post, State.PUBLISHED, seconds=40)

    assert [attempt.result for attempt in office.attempts(post)] == ["later"] * 4 + ["succeeded"]
    assert len(office.live(account)) == 1
