"""Somebody takes the access back: the account asks to be connected again, and what waited goes out afterwards."""

from __future__ import annotations

from networks.models import Account
from publishing.models import Publication
from tests.publishing.post_office import PostOffice

State = Publication.State


def test_a_revoked_token_asks_for_reconnection_and_loses_nothing(office: PostOffice) -> None:
    brand = office.sandbox.account("x")
    account = office.connect("x", brand)
    first, second = office.schedule(account, "Satu"), office.schedule(account, "Dua")
    office.sandbox.control("revoke", network="x", account=account.uid)

    first, second = office.until(first, State.HELD), office.until(second, State.HELD)

    assert first.account.health == Account.Health.RECONNECT
    assert first.held_for == second.held_for == Publication.Hold.ACCOUNT
    assert first.reason
    assert office.live(account) == []

    office.connect("x", brand)
    office.until(first, State.PUBLISHED)
    office.until(second, State.PUBLISHED)
    assert sorted(post["text"] for post in office.live(account)) == ["Dua", "Satu"]


def test_a_post_in_question_waits_for_the_reconnection_and_is_then_found(office: PostOffice) -> None:
    brand = office.sandbox.account("x")
    account = office.connect("x", brand)
    office.sandbox.fault("x", "reset_after", account.uid, times=1)
    office.sandbox.fault("x", "token_revoked", account.uid, on=["list"])
    post = office.until(office.schedule(account), State.RECONCILING)
    office.wait_for(lambda: office.now(post).account.health == "reconnect", "the lost account", post)

    office.sandbox.control("faults/clear", network="x", account=account.uid)
    office.connect("x", brand)
    office.until(post, State.PUBLISHED)
    assert len(office.live(account)) == 1
