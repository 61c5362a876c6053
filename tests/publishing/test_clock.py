"""The clock is fair, two clocks do no harm, and the same message ten times sends one post."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from networks.models import Account
from publishing import actions, queries, rates
from publishing.actions.claim import claim_in
from publishing.clock import Clock
from publishing.models import Publication
from publishing.tasks import publish_batch
from tests.publishing.post_office import PostOffice
from workspaces.models import Member
from workspaces.tenancy import entered

State = Publication.State


def in_a_thread(work: object, *arguments: object) -> None:
    try:
        work(*arguments)  # type: ignore[operator]  # a function
    finally:
        connection.close()


def test_the_same_message_ten_times_at_once_sends_one_post(office: PostOffice) -> None:
    account = office.account()
    post = office.schedule(account)
    with ThreadPoolExecutor(10) as pool:
        for _ in range(10):
            pool.submit(in_a_thread, publish_batch, [(post.pk, post.workspace_id)])
    assert office.now(post).state == State.PUBLISHED
    assert len(office.live(account)) == 1
    assert len(office.attempts(post)) == 1


def test_two_clocks_hand_out_each_post_once(office: PostOffice) -> None:
    account = office.account()
    posts = [office.schedule(account, f"Cangkir {number}") for number in range(12)]
    other = Clock(broker=False)
    with ThreadPoolExecutor(2) as pool:
        for clock in (office.clock, other):
            pool.submit(in_a_thread, clock.tick)
    for post in posts:
        office.until(post, State.PUBLISHED)
    assert len(office.live(account)) == 12
    assert all(len(office.attempts(post)) == 1 for post in posts)


def test_a_full_queue_of_one_workspace_delays_nobody_else(office: PostOffice) -> None:
    crowd = office.account()
    for number in range(30):
        office.schedule(crowd, f"Ramai {number}", due_at=datetime.now(UTC) - timedelta(minutes=30))
    elsewhere = office.cast.elsewhere
    with entered(elsewhere.pk):
        charlie = Member.objects.get(user=office.cast.charlie)
        single = Account.objects.create(network="x", uid="single", name="Sendiri")
        lonely = actions.enqueue(office.words("Satu saja"), account=single, due_at=datetime.now(UTC), by=charlie)

    first = queries.take_due(4)

    assert lonely.pk in [due.id for due in first][:2]
    assert {due.workspace_id for due in first} == {office.cast.workspace.pk, elsewhere.pk}


def test_what_is_handed_out_is_not_handed_out_again_at_once(office: PostOffice) -> None:
    office.schedule(office.account())
    assert len(queries.take_due(10)) == 1
    assert queries.take_due(10) == []
    assert queries.clock().hinted == 1


@pytest.mark.parametrize("obstacle", ["later", "paused account", "paused workspace", "waiting parent", "put off"])
def test_what_may_not_leave_yet_is_not_handed_out(office: PostOffice, obstacle: str) -> None:
    account = office.account()
    hour = timedelta(hours=1)
    post = office.schedule(account, due_at=datetime.now(UTC) + hour if obstacle == "later" else None)
    expected = []
    with entered(office.cast.workspace.pk):
        if obstacle == "paused account":
            actions.pause_account(account, by=office.cast.alice)
        if obstacle == "paused workspace":
            actions.pause_workspace(office.cast.workspace, by=office.cast.alice)
        if obstacle == "waiting parent":
            office.schedule(account, "Dua", parent=post, target=office.thread())
            expected = [post.pk]
        if obstacle == "put off":
            Publication.objects.filter(pk=post.pk).update(not_before=datetime.now(UTC) + hour)
    assert [due.id for due in queries.take_due(10)] == expected


def test_the_clock_wakes_at_the_next_due_moment(office: PostOffice) -> None:
    account = office.account()
    office.schedule(account, due_at=datetime.now(UTC) + timedelta(seconds=0.4))
    assert 0 < queries.clock().wait(1) < 0.5
    assert queries.clock().wait(0.1) == 0.1


def test_a_budget_that_is_used_up_spreads_the_rest_and_loses_none(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "ACCOUNT", rates.Budget(burst=2, rate=4))
    account = office.account()
    posts = [office.schedule(account, f"Cangkir {number}") for number in range(6)]
    office.turn()
    assert len(office.live(account)) == 2
    for post in posts:
        office.until(post, State.PUBLISHED)
    times = [office.now(post).published_at for post in posts]
    first, last = min(times), max(times)
    assert last - first >= timedelta(seconds=0.9)


def test_what_the_network_says_of_its_budget_is_heeded(office: PostOffice) -> None:
    account = office.account()
    in_a_minute = str(int(datetime.now(UTC).timestamp()) + 60)
    rates.learn(account.pk, "x", {"rate_remaining": "0", "rate_reset": in_a_minute})
    post = office.schedule(account)
    office.turn()
    assert office.now(post).state == State.SCHEDULED
    assert office.now(post).not_before - datetime.now(UTC) > timedelta(seconds=50)
    assert office.live(account) == []


def test_with_redis_away_the_database_spaces_the_sends_of_each_account(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> list[float]:
        raise rates.Away

    monkeypatch.setattr(rates, "take", away)
    monkeypatch.setattr(rates, "ACCOUNT", rates.Budget(burst=3, rate=0.01))
    account, other = office.account(), office.account()
    posts = [office.schedule(account, f"Cangkir {number}") for number in range(5)]
    elsewhere = office.schedule(other, "Di tempat lain")
    ids = [post.pk for post in posts]

    together = claim_in(office.cast.workspace.pk, ids[:2])
    later = claim_in(office.cast.workspace.pk, ids)

    assert (len(together), len(later)) == (2, 1), "three at once, however they are claimed"
    waiting = [office.now(post) for post in posts if office.now(post).state == State.SCHEDULED]
    waits = sorted((post.not_before - datetime.now(UTC)).total_seconds() for post in waiting)
    assert 80 < waits[0] < 100 < waits[1] < 200, "and the others one after another"
    assert claim_in(office.cast.workspace.pk, [elsewhere.pk]), "no other account waits for it"


def test_a_check_that_cannot_be_made_lets_nothing_pass(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    account = office.account()
    fresh = office.schedule(account, "Baru")
    old = office.schedule(account, "Lama", due_at=datetime.now(UTC) - timedelta(minutes=10))

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the rules do not load")

    monkeypatch.setattr("compliance.registry.rules_version", broken)
    office.turn()

    assert office.live(account) == []
    assert office.now(fresh).state == State.SCHEDULED
    assert office.now(fresh).reason == "The compliance check could not be made."
    assert (office.now(old).state, office.now(old).held_for) == (State.HELD, Publication.Hold.CUSTOMS)


def test_what_continues_a_refused_post_waits_for_a_person_and_goes_on_when_it_is_mended(office: PostOffice) -> None:
    account = office.account()
    office.sandbox.fault("x", "policy", account.uid, times=1)
    first = office.schedule(account, "Satu")
    second = office.schedule(account, "Dua", parent=first, target=office.thread())
    third = office.schedule(account, "Tiga", parent=second, target=office.thread())

    first = office.until(first, State.REFUSED)
    for part in (office.now(second), office.now(third)):
        assert (part.state, part.held_for) == (State.HELD, Publication.Hold.PARENT)
    assert first.reason
    fourth = office.schedule(account, "Empat", parent=office.now(third), target=office.thread())  # queued afterwards
    assert (office.now(fourth).state, office.now(fourth).held_for) == (State.HELD, Publication.Hold.PARENT)

    with entered(office.cast.workspace.pk):
        actions.release(first, by=office.cast.bob)
    for part in (first, second, third, fourth):
        office.until(part, State.PUBLISHED)
    assert len(office.live(account)) == 4


def test_called_back_means_not_sent_and_so_are_its_children(office: PostOffice) -> None:
    account = office.account()
    soon = datetime.now(UTC) + timedelta(seconds=0.5)
    first = office.schedule(account, "Satu", due_at=soon)
    second = office.schedule(account, "Dua", parent=first, target=office.thread())
    with entered(office.cast.workspace.pk):
        actions.cancel(first, by=office.cast.bob)
    assert office.now(second).state == State.CANCELLED
    office.turn()
    assert office.live(account) == []
