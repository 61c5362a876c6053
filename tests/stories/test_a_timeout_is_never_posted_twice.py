"""Whatever goes wrong on the way back, a post is live once: we look, and only what is proved absent is sent again."""

from __future__ import annotations

import time

import pytest

from publishing import pipeline
from publishing.actions.claim import claim
from publishing.models import Publication
from tests.publishing.post_office import PostOffice

State = Publication.State

STORED = [
    "late_reply",
    "error_after",
    "bad_gateway_after",
    "gateway_timeout_after",
    "reset_after",
    "truncated",
    "bad_json",
    "empty_body",
    "no_id",
]
NOT_STORED = ["error_before", "bad_gateway", "gateway_timeout", "reset_before"]


@pytest.mark.parametrize("fault", STORED)
def test_a_post_whose_answer_was_lost_is_found_and_not_sent_again(office: PostOffice, fault: str) -> None:
    account = office.account()
    office.sandbox.fault("x", fault, account.uid, times=1, params={"seconds": 2.5})
    post = office.schedule(account)

    post = office.until(post, State.PUBLISHED)

    (seen,) = office.live(account)
    assert post.remote_id == seen["id"]
    assert len(office.attempts(post)) == 1


@pytest.mark.parametrize("fault", NOT_STORED)
def test_a_post_that_never_arrived_is_sent_again_only_after_looking_twice(office: PostOffice, fault: str) -> None:
    account = office.account()
    office.sandbox.fault("x", fault, account.uid, times=1)
    post = office.schedule(account)

    post = office.until(post, State.PUBLISHED)

    assert len(office.live(account)) == 1
    assert [attempt.result for attempt in office.attempts(post)] == ["absent", "succeeded"]
    calls = list(reversed(office.sandbox.ask("ledger", network="x", account=account.uid, kind="call")))
    does = [call["does"] for call in calls if call["does"] in {"publish", "list"}]
    assert does[0] == does[-1] == "publish"
    assert does.count("publish") == 2
    assert does.count("list") >= 2


@pytest.mark.parametrize("fault", ["listing_503", "listing_partial"])
def test_a_listing_that_failed_or_has_gaps_is_no_evidence(office: PostOffice, fault: str) -> None:
    account = office.account()
    office.until(office.schedule(account, "Kemarin"), State.PUBLISHED)
    office.sandbox.fault("x", "error_before", account.uid, times=1)
    office.sandbox.fault("x", fault, account.uid)
    post = office.schedule(account)
    post = office.until(post, State.RECONCILING)

    office.wait_for(lambda: office.now(post).looks >= 4, "four looks", post)
    assert office.now(post).state == State.RECONCILING
    assert office.now(post).absences == 0

    office.sandbox.control("faults/clear", network="x", account=account.uid)
    office.until(post, State.PUBLISHED)
    assert len(office.live(account)) == 2


def test_a_network_that_never_shows_it_leaves_the_word_to_a_person(office: PostOffice) -> None:
    account = office.account()
    office.sandbox.fault("x", "error_before", account.uid)
    post = office.schedule(account)

    post = office.until(post, State.NEEDS_ATTENTION, seconds=40)

    assert office.live(account) == []
    assert [attempt.result for attempt in office.attempts(post)] == ["absent", "absent", "absent", "unknown"]


def test_a_duplicate_error_is_evidence_of_success(office: PostOffice) -> None:
    """The network stored it, we never heard, and it calls our next try a duplicate: one post, shown as published."""
    account = office.account()
    office.sandbox.fault("x", "reset_after", account.uid, times=1)
    office.sandbox.fault("x", "listing_empty", account.uid)
    post = office.schedule(account)
    office.wait_for(lambda: len(office.attempts(post)) == 2, "a second attempt", post)

    office.sandbox.control("faults/clear", network="x", account=account.uid)
    post = office.until(post, State.PUBLISHED)

    (seen,) = office.live(account)
    assert post.remote_id == seen["id"]


def test_a_frozen_sender_that_wakes_after_its_lease_writes_nothing(office: PostOffice) -> None:

    account = office.account()
    post = office.schedule(account)
    claimed = claim(office.ref(post))
    assert claimed is not None
    time.sleep(6.2)
    post = office.until(post, State.RECONCILING)
    late = pipeline.send(claimed)
    pipeline.settle(claimed, late)

    assert office.live(account) == [], "no byte left after the lease"
    assert office.now(post).state == State.RECONCILING
    post = office.until(post, State.PUBLISHED)
    assert len(office.live(account)) == 1
