"""A customer complains below a post; the inbox hears it, an agent answers, and the answer stands below the post."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from networks import registry
from networks.actions import sender
from networks.models import Account
from networks.protocol import Listens
from networks.queries import webhook_url
from publishing.models import Publication
from social_crm import actions, tasks
from social_crm.models import Conversation, InboundEvent, Message
from tests.publishing.post_office import PostOffice
from tests.sandbox_process import running_sandbox
from workspaces.tenancy import entered

PUSHING = ["facebook", "x", "linkedin"]
COMPLAINT = "Dua botol saya pecah. Tolong!"


@pytest.fixture
def house(office: PostOffice, live_server: LiveServer, settings: Settings) -> Iterator[PostOffice]:
    """The post office, with a sandbox of its own that knows where our door for webhooks is."""
    with running_sandbox(app_url=live_server.url) as sandbox:
        settings.SANDBOX_URL, settings.PUBLIC_URL = sandbox.url, live_server.url
        yield PostOffice(office.cast, sandbox)


def live_post(house: PostOffice, account: Account) -> Publication:
    post = house.schedule(account, "Cold brew baru, mulai hari ini.", due_at=datetime.now(UTC))
    return house.until(post, Publication.State.PUBLISHED)


def listen(account: Account) -> None:
    network = registry.get(account.network)
    assert isinstance(network, Listens)
    network.subscribe(sender(account), callback_url=webhook_url(account.network))


def wait_for_events(house: PostOffice, count: int) -> None:
    end = time.monotonic() + 5
    while True:
        with entered(house.cast.workspace.pk):
            if InboundEvent.objects.count() >= count:
                return
        assert time.monotonic() < end, house.sandbox.ask("ledger", kind="hook")
        time.sleep(0.05)


def process_all(house: PostOffice) -> None:
    with entered(house.cast.workspace.pk):
        for pk in InboundEvent.objects.exclude(state="processed").values_list("pk", flat=True):
            row = actions.process(pk)
            assert row is not None and row.state == "processed", row and row.error


def customer(house: PostOffice, network: str) -> str:
    people = house.sandbox.control("accounts", network=network, kind="person", prefix="rina")["accounts"]
    return str(people[0]["id"])


@pytest.mark.parametrize("network", PUSHING)
def test_a_comment_arrives_by_signed_webhook_and_the_answer_appears_below_the_post(
    house: PostOffice, network: str
) -> None:
    account = house.account(network)
    listen(account)
    post = live_post(house, account)
    house.sandbox.control(
        "say", network=network, author=customer(house, network), parent=post.remote_id, text=COMPLAINT
    )
    wait_for_events(house, 1)
    process_all(house)
    with entered(house.cast.workspace.pk):
        conversation = Conversation.objects.select_related("publication").get()
        assert (conversation.preview, conversation.publication) == (COMPLAINT, post)
        newest = Message.objects.get().pk
        actions.answer(conversation, text="Kami kirim ulang hari ini.", last_seen=newest, by=house.cast.dewi)
        answer = Message.objects.get(direction="out").publication
        Publication.objects.filter(pk=answer.pk).update(due_at=datetime.now(UTC))
    answered = house.until(answer, Publication.State.PUBLISHED)
    shown = house.sandbox.ask("posts", network=network, root=post.remote_id)
    assert [said["text"] for said in shown if said["id"] == answered.remote_id or COMPLAINT in said["text"]] == [
        COMPLAINT,
        next(said["text"] for said in shown if "kirim ulang" in said["text"]),
    ]


@pytest.mark.parametrize("network", PUSHING)
def test_an_unsigned_delivery_is_refused_and_keeps_nothing(house: PostOffice, network: str) -> None:
    account = house.account(network)
    forged = requests.post(
        webhook_url(network), json={"object": "page", "entry": [{"id": account.uid, "changes": []}]}, timeout=5
    )
    assert forged.status_code == 403
    with entered(house.cast.workspace.pk):
        assert InboundEvent.objects.count() == 0


@pytest.mark.parametrize("network", PUSHING)
def test_a_lost_webhook_is_made_good_by_asking(office: PostOffice, network: str) -> None:
    account = office.account(network)
    post = live_post(office, account)
    office.sandbox.control(
        "say", network=network, author=customer(office, network), parent=post.remote_id, text=COMPLAINT
    )
    for _ in range(2):
        tasks.poll(office.cast.workspace.pk, account.pk)
    process_all(office)
    with entered(office.cast.workspace.pk):
        assert [m.text for m in Message.objects.filter(direction="in")] == [COMPLAINT]


def test_a_delivery_that_is_too_large_or_for_nobody_is_refused(house: PostOffice) -> None:
    door = webhook_url("facebook")
    assert requests.post(door, data=b"x" * (2 * 1024 * 1024 + 1), timeout=5).status_code == 413
    assert requests.post(door.replace("facebook", "nowhere"), data=b"{}", timeout=5).status_code == 404
