"""Facebook's adapter reading, listening, answering and moderating against a real sandbox over real sockets."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from networks.adapters.facebook import Adapter
from networks.protocol import (
    AppKey,
    BadSignature,
    Content,
    Delivery,
    EventKind,
    Refused,
    Sender,
    Target,
    TargetKind,
    TryLater,
    Unsure,
)
from networks.wire import Reach
from tests.networks.doorbell import Doorbell, a_doorbell
from tests.networks.facebook_cast import APP, LONG_AGO, made_sender, opener, say
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def facebook(sandbox: SandboxProcess) -> Adapter:
    return Adapter(APP, Reach(sandbox.url, connect=1.0, read=3.0))


@pytest.fixture
def page(sandbox: SandboxProcess) -> Sender:
    return made_sender(sandbox.account("facebook"))


@pytest.fixture
def bell(facebook: Adapter, page: Sender) -> Iterator[Doorbell]:
    """The Page's webhooks, subscribed to the way the app does it."""
    with a_doorbell(facebook) as bell:
        facebook.subscribe(page, callback_url=bell.url)
        yield bell


# -- looking ---------------------------------------------------------------------------------------


def test_a_listing_cut_short_is_no_evidence(facebook: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    for place in range(4):
        say(facebook, page, f"post {place}")
    assert len(facebook.recent(page, since=LONG_AGO).posts) == 4
    sandbox.fault("facebook", "listing_partial", page.uid)
    partial = facebook.recent(page, since=LONG_AGO)
    assert len(partial.posts) < 4 and not partial.complete


def test_a_long_listing_is_read_to_its_end(facebook: Adapter, page: Sender) -> None:
    for place in range(105):
        say(facebook, page, f"post {place}")
    listing = facebook.recent(page, since=LONG_AGO)
    assert listing.complete and len({post.remote_id for post in listing.posts}) == 105
    assert listing.posts[0].text == "post 104"


def test_only_the_pages_own_posts_are_listed(facebook: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    mine = say(facebook, page, "ours")
    sandbox.control("say", network="facebook", author="rinamaharani", to=page.uid, text="a visitor's")
    assert [post.remote_id for post in facebook.recent(page, since=LONG_AGO).posts] == [mine]
    assert facebook.recent(page, since=datetime.now(UTC) + timedelta(minutes=1)).posts == ()


@pytest.mark.parametrize("fault", ["listing_503", "rate_limited", "reset_before", "bad_gateway"])
def test_a_failed_listing_is_tried_later(facebook: Adapter, sandbox: SandboxProcess, page: Sender, fault: str) -> None:
    sandbox.fault("facebook", fault, page.uid, on=["list"], times=1)
    with pytest.raises(TryLater):
        facebook.recent(page, since=LONG_AGO)


def test_a_listing_that_breaks_on_its_second_page_is_incomplete(
    facebook: Adapter, sandbox: SandboxProcess, page: Sender
) -> None:
    for place in range(101):
        say(facebook, page, f"post {place}")
    sandbox.fault("facebook", "listing_503", page.uid, rate=0.5, seed=3)
    listing = None
    for _ in range(20):
        try:
            listing = facebook.recent(page, since=LONG_AGO)
        except TryLater:
            continue
        if len(listing.posts) == 100:
            break
    assert listing is not None and len(listing.posts) == 100 and not listing.complete


def test_deleting_twice_is_no_error(facebook: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    id = say(facebook, page, "gone soon")
    facebook.delete(page, id)
    facebook.delete(page, id)
    assert sandbox.posts("facebook", page.uid) == []


def test_counts(facebook: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    id, gone = say(facebook, page, "counted"), say(facebook, page, "gone")
    facebook.delete(page, gone)
    counts = {"reactions": 7, "post_media_view": 900, "shares": 2, "post_clicks": 4}
    sandbox.control("metrics", network="facebook", post=id, metrics=counts)
    sandbox.control("say", network="facebook", author="rinamaharani", parent=id, text="Enak!")
    [counted] = facebook.measure(page, [id, gone])
    assert counted.remote_id == id
    assert (counted.views, counted.likes, counted.comments, counted.shares, counted.clicks) == (900, 7, 1, 2, 4)


# -- listening -------------------------------------------------------------------------------------


def test_a_complaint_rings_and_is_answered_under_the_post(
    facebook: Adapter, sandbox: SandboxProcess, page: Sender, bell: Doorbell
) -> None:
    post = say(facebook, page, "Menu baru")
    bell.wait(0)
    comment = sandbox.control("say", network="facebook", author="rinamaharani", parent=post, text="Kopi saya dingin! ☹")
    [event] = bell.wait(1)
    assert (event.kind, event.text) == (EventKind.COMMENT, "Kopi saya dingin! ☹")
    assert (event.account_uid, event.post_id, event.message_id) == (page.uid, post, comment["id"])
    assert event.author.name == "Rina Maharani" and event.parent_id == post
    target = Target(TargetKind.COMMENT_REPLY, post, event.message_id, event.author.uid)
    receipt = facebook.reply(page, Content("Maaf, kami ganti."), target=target, open_media=opener({}))
    answers = [one for one in sandbox.ask("posts", network="facebook", root=post) if one["parent"] == comment["id"]]
    assert [one["id"] for one in answers] == [receipt.remote_id]
    echo = bell.wait(2)[-1]
    assert (echo.author.uid, echo.message_id) == (page.uid, receipt.remote_id)


def test_an_edit_and_a_deletion_are_heard_as_such(
    facebook: Adapter, sandbox: SandboxProcess, page: Sender, bell: Doorbell
) -> None:
    post = say(facebook, page, "Menu baru")
    said = sandbox.control("say", network="facebook", author="rinamaharani", parent=post, text="Dingin")
    bell.wait(1)
    sandbox.control("edit", network="facebook", post=said["id"], text="Dingin sekali")
    bell.wait(2)
    sandbox.control("remove", network="facebook", post=said["id"])
    kinds = [(event.kind, event.text) for event in bell.wait(3)]
    assert kinds == [
        (EventKind.COMMENT, "Dingin"),
        (EventKind.EDITED, "Dingin sekali"),
        (EventKind.DELETED, ""),
    ]
    assert len({event.key for event in bell.events}) == 3
    assert {event.message_id for event in bell.events} == {said["id"]}


def test_a_mention_and_a_message_ring(facebook: Adapter, sandbox: SandboxProcess, page: Sender, bell: Doorbell) -> None:
    sandbox.control("say", network="facebook", author="dewilestari", to=page.uid, text="Kopi terbaik")
    bell.wait(1)
    sandbox.control("message", network="facebook", author="andiwijaya", to=page.uid, text="Halo")
    mention, message = bell.wait(2)
    assert (mention.kind, mention.text, mention.author.name) == (EventKind.MENTION, "Kopi terbaik", "Dewi Lestari")
    assert (message.kind, message.text, message.post_id) == (EventKind.MESSAGE, "Halo", message.author.uid)


def test_the_same_event_has_the_same_key_by_webhook_and_by_poll(
    facebook: Adapter, sandbox: SandboxProcess, page: Sender, bell: Doorbell
) -> None:
    post = say(facebook, page, "Menu baru")
    sandbox.fault("facebook", "hook_twice", on=["reply"], times=1)
    comment = sandbox.control("say", network="facebook", author="rinamaharani", parent=post, text="Dingin!")
    nested = sandbox.control("say", network="facebook", author="bagusprakoso", parent=comment["id"], text="Saya juga")
    sandbox.control("say", network="facebook", author="dewilestari", to=page.uid, text="Menu teh?")
    sandbox.control("message", network="facebook", author="andiwijaya", to=page.uid, text="Halo")
    rung = {event.key: event for event in bell.wait(5)}
    polled = {event.key: event for event in facebook.poll(page, since=LONG_AGO)}
    assert rung.keys() == polled.keys() and len(rung) == 4
    for key, event in polled.items():
        ours = ("kind", "message_id", "post_id", "text", "parent_id")
        assert [getattr(event, name) for name in ours] == [getattr(rung[key], name) for name in ours]
    assert polled[f"{nested['id']}:add"].parent_id == comment["id"]
    assert facebook.poll(page, since=datetime.now(UTC) + timedelta(minutes=1), post_ids=[post]) == []


def test_a_forged_delivery_is_refused(facebook: Adapter, sandbox: SandboxProcess, page: Sender, bell: Doorbell) -> None:
    post = say(facebook, page, "Menu baru")
    sandbox.fault("facebook", "hook_forged", on=["reply"], times=1)
    sandbox.control("say", network="facebook", author="rinamaharani", parent=post, text="Palsu")
    sandbox.wait_quiet()
    assert bell.refused == 1 and bell.events == []


def test_handshakes_want_our_word(facebook: Adapter) -> None:
    asked = {"hub.mode": "subscribe", "hub.challenge": "42", "hub.verify_token": APP.verify_token}
    assert facebook.handshake(Delivery("GET", {}, asked, b"")) == "42"
    assert facebook.handshake(Delivery("POST", {}, {}, b"{}")) is None
    with pytest.raises(BadSignature):
        facebook.handshake(Delivery("GET", {}, {**asked, "hub.verify_token": "guess"}, b""))
    wordless = Adapter(AppKey("id", "secret"), Reach())
    with pytest.raises(BadSignature):
        wordless.handshake(Delivery("GET", {}, {**asked, "hub.verify_token": ""}, b""))


def test_subscribing_twice_shakes_hands_once(
    facebook: Adapter, sandbox: SandboxProcess, page: Sender, bell: Doorbell
) -> None:
    before = len(sandbox.ask("ledger", network="facebook", does="hook", kind="call"))
    facebook.subscribe(page, callback_url=bell.url)
    calls = sandbox.ask("ledger", network="facebook", does="hook", kind="call")[: -before or None]
    assert [(call["method"], call["path"].rsplit("/", 1)[1]) for call in calls] == [
        ("POST", "subscribed_apps"),
        ("GET", "subscriptions"),
    ]


def test_an_address_that_does_not_answer_cannot_be_subscribed(facebook: Adapter, page: Sender) -> None:
    with pytest.raises(TryLater):
        facebook.subscribe(page, callback_url="http://127.0.0.1:9/hooks/")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"object":"user","entry":[]}', b'{"object":"page","entry":[{}]}'])
def test_a_body_nobody_understands_is_a_value_error(facebook: Adapter, body: bytes) -> None:
    proof = hmac.new(APP.client_secret.encode(), body, hashlib.sha256).hexdigest()
    with pytest.raises(ValueError):
        facebook.hear(Delivery("POST", {"x-hub-signature-256": f"sha256={proof}"}, {}, body))


# -- answering and moderating ----------------------------------------------------------------------


def test_a_message_is_answered_within_its_window(facebook: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    person = next(p for p in sandbox.ask("state")["networks"]["facebook"]["people"] if p["handle"] == "andiwijaya")
    target = Target(TargetKind.MESSAGE, person["id"], author_uid=person["id"])
    with pytest.raises(Refused):
        facebook.reply(page, Content("Unasked"), target=target, open_media=opener({}))
    sandbox.control("message", network="facebook", author="andiwijaya", to=page.uid, text="Halo")
    facebook.reply(page, Content("Halo Andi"), target=target, open_media=opener({}))
    sandbox.control("settings", advance=25 * 3600)
    with pytest.raises(Refused) as late:
        facebook.reply(page, Content("Too late"), target=target, open_media=opener({}))
    assert "24 hours" in late.value.reason
    by_person = Content("A person answers", options={"human_agent": True})
    facebook.reply(page, by_person, target=target, open_media=opener({}))
    texts = [message["text"] for message in sandbox.ask("messages", network="facebook", account=page.uid)]
    assert texts == ["Halo", "Halo Andi", "A person answers"]


def test_a_message_lost_on_its_way_back_is_found(facebook: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    sent = sandbox.control("message", network="facebook", author="andiwijaya", to=page.uid, text="Halo")
    target = Target(TargetKind.MESSAGE, sent["sender"], sent["id"], sent["sender"])
    sandbox.fault("facebook", "reset_after", page.uid, on=["message"], times=1)
    with pytest.raises(Unsure):
        facebook.reply(page, Content("Halo Andi"), target=target, open_media=opener({}))
    listing = facebook.recent(page, since=LONG_AGO, target=target)
    assert listing.complete and [facebook.same(Content("Halo Andi"), one) for one in listing.posts] == [True]


def test_a_comment_is_hidden_shown_and_removed(facebook: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    post = say(facebook, page, "Menu baru")
    said = sandbox.control("say", network="facebook", author="rinamaharani", parent=post, text="Spam!")
    for hidden in (True, False):
        facebook.hide(page, said["id"], hidden=hidden)
        [now] = [one for one in sandbox.ask("posts", network="facebook", root=post) if one["id"] == said["id"]]
        assert now["hidden"] is hidden
    facebook.remove(page, said["id"])
    facebook.remove(page, said["id"])
    assert [one for one in sandbox.ask("posts", network="facebook", root=post) if one["id"] == said["id"]] == []


def test_a_comment_under_a_post_that_is_gone_is_refused(facebook: Adapter, page: Sender) -> None:
    post = say(facebook, page, "soon gone")
    facebook.delete(page, post)
    with pytest.raises(Refused):
        facebook.reply(page, Content("x"), target=Target(TargetKind.COMMENT, post), open_media=opener({}))
    assert facebook.recent(page, since=LONG_AGO, target=Target(TargetKind.COMMENT, post)).posts == ()
