"""What waits for a person is on one page with one thing to do each, and that thing works."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from networks.models import Account
from publishing import actions
from publishing.models import Publication
from tests.publishing.post_office import PostOffice
from workspaces.tenancy import entered

State = Publication.State


@pytest.fixture
def bob(client: Client, office: PostOffice) -> Client:
    client.force_login(office.cast.bob.user)
    return client


def address(office: PostOffice, name: str, **more: object) -> str:
    return reverse(f"publishing:{name}", kwargs={"workspace": office.cast.workspace.slug, **more})


def unsure(office: PostOffice, account: Account) -> Publication:
    """One that needs attention: the network never said whether it is live, and never lists anything."""
    office.sandbox.fault("x", "error_before", account.uid)
    post = office.schedule(account)
    post = office.until(post, State.NEEDS_ATTENTION, seconds=40)
    office.sandbox.control("faults/clear", network="x", account=account.uid)
    return post


def test_each_waiting_post_is_listed_with_its_reason_and_one_action(office: PostOffice, bob: Client) -> None:
    account = office.account()
    with entered(office.cast.workspace.pk):
        held = actions.hold(office.schedule(account, "Ditahan"), reason="Tunggu foto", by=office.cast.bob)
    late = office.schedule(account, "Terlambat", due_at=datetime.now(UTC) - timedelta(days=2))
    office.until(late, State.MISSED)

    page = bob.get(address(office, "attention")).content.decode()

    assert "Ditahan" in page and "Tunggu foto" in page
    assert "Terlambat" in page
    assert address(office, "release", pk=held.pk) in page
    assert page.count('<li class="panel" id="publication-') == 2
    assert address(office, "publication", pk=late.pk) in page


def test_a_missed_post_is_sent_only_when_somebody_says_so(office: PostOffice, bob: Client) -> None:
    account = office.account()
    late = office.schedule(account, due_at=datetime.now(UTC) - timedelta(days=2))
    office.until(late, State.MISSED)
    assert office.live(account) == []

    bob.post(address(office, "release", pk=late.pk))

    office.until(late, State.PUBLISHED)
    assert len(office.live(account)) == 1


@pytest.mark.parametrize("word", ["live", "send_again", "cancel"])
def test_a_persons_word_settles_it(office: PostOffice, bob: Client, word: str) -> None:
    account = office.account()
    post = unsure(office, account)
    page = bob.get(address(office, "publication", pk=post.pk)).content.decode()
    assert "Is it live?" in page

    url = "https://x.com/teraskopi/status/4711" if word == "live" else ""
    bob.post(address(office, "settle", pk=post.pk), {"word": word, "url": url})

    settled = office.now(post)
    if word == "live":
        assert (settled.state, settled.remote_id, settled.url) == (State.PUBLISHED, "4711", url)
        assert office.live(account) == []
    elif word == "send_again":
        office.until(post, State.PUBLISHED)
        assert len(office.live(account)) == 1
    else:
        assert settled.state == State.CANCELLED
        assert office.live(account) == []


def test_live_needs_the_address(office: PostOffice, bob: Client) -> None:
    post = unsure(office, office.account())
    answer = bob.post(address(office, "settle", pk=post.pk), {"word": "live"}, follow=True)
    assert "Paste the address" in answer.content.decode()
    assert office.now(post).state == State.NEEDS_ATTENTION


def test_the_history_tells_what_happened_in_words(office: PostOffice, bob: Client) -> None:
    account = office.account()
    office.sandbox.fault("x", "reset_after", account.uid, times=1)
    post = office.until(office.schedule(account), State.PUBLISHED)

    page = bob.get(address(office, "publication", pk=post.pk)).content.decode()

    assert "Found live. It was not sent again." in page
    assert post.url in page


def test_the_brake_stops_a_workspace_and_lets_it_go_on(office: PostOffice, client: Client) -> None:
    account = office.account()
    client.force_login(office.cast.alice.user)
    client.post(address(office, "pause"))
    post = office.schedule(account)
    for _ in range(3):
        office.turn()
    assert office.now(post).state == State.SCHEDULED
    assert "Publishing is paused" in client.get(address(office, "attention")).content.decode()

    client.post(address(office, "resume"))
    office.until(post, State.PUBLISHED)


def test_only_who_may_settles_and_pauses(office: PostOffice, client: Client) -> None:
    post = office.schedule(office.account(), due_at=datetime.now(UTC) + timedelta(hours=1))
    client.force_login(office.cast.dewi.user)
    for name in ("settle", "release", "cancel", "publish_now", "hold"):
        assert client.post(address(office, name, pk=post.pk)).status_code == 403
    assert client.post(address(office, "pause")).status_code == 403
    assert office.now(post).state == State.SCHEDULED


def test_the_api_tells_every_attempt(office: PostOffice, bob: Client) -> None:
    account = office.account()
    post = office.until(office.schedule(account), State.PUBLISHED)
    office.schedule(account, "Nanti", due_at=datetime.now(UTC) + timedelta(hours=1))

    every = bob.get(address(office, "api-publications")).json()
    live = bob.get(address(office, "api-publications"), {"state": "published"}).json()
    one = bob.get(address(office, "api-publication", publication=post.pk)).json()

    assert len(every) == 2
    assert [found["id"] for found in live] == [post.pk]
    assert one["remote_id"] == post.remote_id
    assert [attempt["result"] for attempt in one["attempts"]] == ["succeeded"]
    assert bob.get(address(office, "api-publications"), {"state": "nonsense"}).status_code == 400
