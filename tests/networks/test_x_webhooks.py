"""X's webhooks from the sandbox to a receiver that answers with the adapter."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from networks.adapters.x import Adapter
from networks.protocol import BadSignature, Content, Delivery, Event, EventKind, Sender, TryLater
from networks.wire import Reach
from tests.networks.x_cast import APP, LONG_AGO, made_sender, opener, say
from tests.sandbox.receiver import Receiver, receiving
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def x(sandbox: SandboxProcess) -> Adapter:
    return Adapter(APP, Reach(sandbox.url, connect=3.0, read=12.0))


@pytest.fixture
def brand(sandbox: SandboxProcess) -> Sender:
    return made_sender(sandbox.account("x"))


@pytest.fixture
def receiver(x: Adapter, brand: Sender) -> Iterator[Receiver]:
    """A subscribed receiver."""

    def answer(delivery: Delivery) -> tuple[int, str]:
        proved = x.handshake(delivery)
        return 200, proved or "ok"

    with receiving(answer) as made:
        x.subscribe(brand, callback_url=made.url + "/hooks/x/")
        yield made


@pytest.fixture(autouse=True)
def forget_webhooks(sandbox: SandboxProcess) -> Iterator[None]:
    """X allows an app five webhook addresses; each test here registers its own."""
    yield
    sandbox.control("reset")


def heard(x: Adapter, receiver: Receiver, count: int) -> list[Event]:
    return [event for delivery in receiver.wait_for(count) for event in x.hear(delivery)]


def test_a_complaint_arrives_signed_within_two_seconds(
    x: Adapter, sandbox: SandboxProcess, brand: Sender, receiver: Receiver
) -> None:
    id = say(x, brand, "Menu baru")
    started = time.monotonic()
    comment = sandbox.control(
        "say", network="x", author="rinamaharani", parent=id, text="Kopi saya dingin! 😠 & <sedih>"
    )
    [event] = heard(x, receiver, 1)
    assert receiver.times[0] - started < 2
    assert (event.kind, event.text, event.account_uid) == (
        EventKind.COMMENT,
        "Kopi saya dingin! 😠 & <sedih>",
        brand.uid,
    )
    assert (event.message_id, event.post_id, event.parent_id) == (comment["id"], id, id)
    assert event.author.name == "Rina Maharani"
    [polled] = x.poll(brand, since=LONG_AGO, post_ids=[id])
    assert (polled.key, polled.text, polled.at) == (event.key, event.text, event.at)


def test_mentions_messages_and_deletions_arrive(
    x: Adapter, sandbox: SandboxProcess, brand: Sender, receiver: Receiver
) -> None:
    said = sandbox.control("say", network="x", author="dewilestari", to=brand.uid, text="ada menu teh?")
    receiver.wait_for(1)
    sandbox.control("message", network="x", author="andiwijaya", to=brand.uid, text="Halo")
    receiver.wait_for(2)
    sandbox.control("remove", network="x", post=said["id"])
    events = heard(x, receiver, 3)
    assert [event.kind for event in events] == [EventKind.MENTION, EventKind.MESSAGE, EventKind.DELETED]
    assert events[2].message_id == said["id"] and events[2].key != events[0].key
    assert events[1].post_id == "-".join(sorted((brand.uid, events[1].author.uid), key=int))


def test_our_own_words_do_not_come_back_as_somebodys(
    x: Adapter, sandbox: SandboxProcess, brand: Sender, receiver: Receiver
) -> None:
    id = say(x, brand, "1/2")
    comment = sandbox.control("say", network="x", author="rinamaharani", parent=id, text="Halo")
    receiver.wait_for(1)
    x.publish(brand, Content(f"kami @{brand.handle}"), open_media=opener({}))
    sandbox.control("say", network="x", author="rinamaharani", parent=comment["id"], text="Lagi")
    sandbox.wait_quiet()
    assert {event.author.handle for event in heard(x, receiver, 2)} == {"rinamaharani"}


def test_subscribing_twice_subscribes_once(
    x: Adapter, sandbox: SandboxProcess, brand: Sender, receiver: Receiver
) -> None:
    x.subscribe(brand, callback_url=receiver.url + "/hooks/x/")
    sandbox.control("say", network="x", author="dewilestari", to=brand.uid, text="sekali?")
    receiver.wait_for(1)
    sandbox.wait_quiet()
    assert len(receiver.deliveries) == 1


def test_an_address_that_fails_the_challenge_is_not_taken(x: Adapter, brand: Sender) -> None:
    with receiving(lambda delivery: (200, '{"response_token": "sha256=guess"}')) as wrong:
        with pytest.raises(Exception, match=r"CrcValidationFailed|Webhook URL"):
            x.subscribe(brand, callback_url=wrong.url)
        assert wrong.deliveries == []


def test_a_delivery_that_fails_comes_again(x: Adapter, sandbox: SandboxProcess, brand: Sender) -> None:
    refusals = [503, 503]

    def answer(delivery: Delivery) -> tuple[int, str]:
        if delivery.method == "POST" and refusals:
            return refusals.pop(), "later"
        return 200, x.handshake(delivery) or "ok"

    with receiving(answer) as receiver:
        x.subscribe(brand, callback_url=receiver.url)
        sandbox.control("say", network="x", author="dewilestari", to=brand.uid, text="coba lagi")
        receiver.wait_for(1, seconds=8)
    tries = sandbox.ask("ledger", network="x", kind="hook", account=brand.uid)
    assert [entry["status"] for entry in tries] == [200, 503, 503]


@pytest.mark.parametrize(
    ("fault", "count"), [("hook_twice", 2), ("hook_lost", 0), ("hook_forged", 1), ("hook_shuffled", 2)]
)
def test_webhooks_can_go_wrong(
    x: Adapter, sandbox: SandboxProcess, brand: Sender, receiver: Receiver, fault: str, count: int
) -> None:
    sandbox.fault("x", fault, brand.uid, params={"seconds": 0.5})
    sandbox.control("say", network="x", author="dewilestari", to=brand.uid, text="satu")
    if fault == "hook_shuffled":
        sandbox.control("say", network="x", author="dewilestari", to=brand.uid, text="dua")
    sandbox.wait_quiet()
    assert len(receiver.deliveries) == count
    if fault == "hook_forged":
        with pytest.raises(BadSignature):
            x.hear(receiver.deliveries[0])
    elif fault == "hook_twice":
        first, second = heard(x, receiver, 2)
        assert first.key == second.key
    elif fault == "hook_shuffled":
        first, second = heard(x, receiver, 2)
        assert first.at > second.at


def test_a_webhook_can_overtake_the_answer(
    x: Adapter, sandbox: SandboxProcess, brand: Sender, receiver: Receiver
) -> None:
    other = made_sender(sandbox.account("x"))
    sandbox.fault("x", "hook_early", brand.uid, on=["publish"])
    sandbox.fault("x", "hook_early", other.uid, on=["publish"])
    say(x, other, f"halo @{brand.handle}")
    answered = time.monotonic()
    receiver.wait_for(1)
    assert receiver.times[0] < answered


def test_webhooks_need_the_app(sandbox: SandboxProcess, brand: Sender) -> None:
    stranger = Adapter(type(APP)("sandbox-x-client", "wrong"), Reach(sandbox.url))
    with pytest.raises(TryLater):
        stranger.subscribe(brand, callback_url="http://127.0.0.1:9/")
