"""X's adapter reading, listening and answering against a real sandbox process over real sockets, through tweepy."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from networks.adapters.x import Adapter
from networks.adapters.x.webhooks import proof
from networks.protocol import (
    BadSignature,
    Content,
    Delivery,
    EventKind,
    Refused,
    Sender,
    Target,
    TargetKind,
    TryLater,
)
from networks.wire import Reach
from tests.networks.x_cast import APP, LONG_AGO, Files, made_sender, media, opener, say
from tests.sandbox.clips import picture
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def x(sandbox: SandboxProcess) -> Adapter:
    return Adapter(APP, Reach(sandbox.url, connect=3.0, read=12.0))


@pytest.fixture
def brand(sandbox: SandboxProcess) -> Sender:
    return made_sender(sandbox.account("x"))


# -- looking ---------------------------------------------------------------------------------------


def test_a_listing_cut_short_is_no_evidence(x: Adapter, sandbox: SandboxProcess, brand: Sender) -> None:
    for place in range(4):
        say(x, brand, f"post {place}")
    assert len(x.recent(brand, since=LONG_AGO).posts) == 4
    sandbox.fault("x", "listing_partial", brand.uid)
    partial = x.recent(brand, since=LONG_AGO)
    assert len(partial.posts) == 2 and not partial.complete


def test_a_long_listing_is_read_to_its_end(x: Adapter, brand: Sender) -> None:
    for place in range(105):
        say(x, brand, f"post {place}")
    listing = x.recent(brand, since=LONG_AGO)
    assert listing.complete and len({post.remote_id for post in listing.posts}) == 105


@pytest.mark.parametrize("fault", ["listing_503", "rate_limited", "reset_before", "bad_gateway"])
def test_a_failed_listing_is_tried_later(x: Adapter, sandbox: SandboxProcess, brand: Sender, fault: str) -> None:
    sandbox.fault("x", fault, brand.uid, on=["list"], times=1)
    with pytest.raises(TryLater):
        x.recent(brand, since=LONG_AGO)


def test_deleting_twice_is_no_error(x: Adapter, sandbox: SandboxProcess, brand: Sender) -> None:
    id = say(x, brand, "gone soon")
    x.delete(brand, id)
    x.delete(brand, id)
    assert sandbox.posts("x", brand.uid) == []


def test_counts(x: Adapter, sandbox: SandboxProcess, brand: Sender) -> None:
    id, gone = say(x, brand, "counted"), say(x, brand, "gone")
    x.delete(brand, gone)
    counts = {"like_count": 7, "impression_count": 900, "retweet_count": 2, "quote_count": 1}
    sandbox.control("metrics", network="x", post=id, metrics=counts)
    sandbox.control("say", network="x", author="rinamaharani", parent=id, text="Enak!")
    [counted] = x.measure(brand, [id, gone])
    assert (counted.views, counted.likes, counted.comments, counted.shares) == (900, 7, 1, 3)


# -- listening and answering -----------------------------------------------------------------------


def test_polling_hears_answers_mentions_and_messages(x: Adapter, sandbox: SandboxProcess, brand: Sender) -> None:
    id = say(x, brand, "Menu baru")
    comment = sandbox.control("say", network="x", author="rinamaharani", parent=id, text="Kopi saya dingin!")
    nested = sandbox.control("say", network="x", author="bagusprakoso", parent=comment["id"], text="Saya juga")
    sandbox.control("say", network="x", author="dewilestari", to=brand.uid, text="ada menu & teh?")
    sandbox.control("message", network="x", author="andiwijaya", to=brand.uid, text="Halo")
    events = {event.text: event for event in x.poll(brand, since=LONG_AGO, post_ids=[id])}
    assert {text: event.kind for text, event in events.items()} == {
        "Kopi saya dingin!": EventKind.COMMENT,
        "Saya juga": EventKind.COMMENT,
        f"@{brand.handle} ada menu & teh?": EventKind.MENTION,
        "Halo": EventKind.MESSAGE,
    }
    first = events["Kopi saya dingin!"]
    assert (first.message_id, first.post_id, first.parent_id) == (comment["id"], id, id)
    assert (first.author.name, first.author.handle) == ("Rina Maharani", "rinamaharani")
    assert events["Saya juga"].parent_id == comment["id"] and events["Saya juga"].message_id == nested["id"]
    assert x.poll(brand, since=datetime.now(UTC) + timedelta(minutes=1), post_ids=[id]) == []


def test_an_answer_appears_below_the_comment(x: Adapter, sandbox: SandboxProcess, brand: Sender) -> None:
    id = say(x, brand, "Menu baru")
    comment = sandbox.control("say", network="x", author="rinamaharani", parent=id, text="Dingin!")
    target = Target(TargetKind.COMMENT_REPLY, id, comment["id"], comment["account"])
    answer = x.reply(brand, Content("Maaf, kami ganti."), target=target, open_media=opener({}))
    found = {post["id"]: post for post in sandbox.posts("x", brand.uid)}
    assert found[answer.remote_id]["parent"] == comment["id"]


def test_a_stranger_who_did_not_call_us_cannot_be_answered(x: Adapter, sandbox: SandboxProcess, brand: Sender) -> None:
    other = sandbox.account("x")
    theirs = say(x, made_sender(other), "Not to you")
    with pytest.raises(Refused):
        x.reply(brand, Content("Hi"), target=Target(TargetKind.MENTION_REPLY, theirs), open_media=opener({}))


def test_a_message_is_answered_in_its_conversation(x: Adapter, sandbox: SandboxProcess, brand: Sender) -> None:
    files: Files = {}
    sent = sandbox.control("message", network="x", author="andiwijaya", to=brand.uid, text="Halo")
    target = Target(TargetKind.MESSAGE, sent["conversation"], sent["id"], sent["sender"])
    content = Content("Halo Andi", media=(media(picture(), files),))
    receipt = x.reply(brand, content, target=target, open_media=opener(files))
    messages = sandbox.ask("messages", network="x", account=brand.uid)
    assert [(m["text"], m["recipient"]) for m in messages[1:]] == [("Halo Andi", sent["sender"])]
    assert [one.remote_id for one in x.recent(brand, since=LONG_AGO, target=target).posts] == [receipt.remote_id]


def test_hiding_and_removing(x: Adapter, sandbox: SandboxProcess, brand: Sender) -> None:
    id = say(x, brand, "Menu baru")
    rude = sandbox.control("say", network="x", author="rinamaharani", parent=id, text="Rude")["id"]
    for hidden in (True, False):
        x.hide(brand, rude, hidden=hidden)
        assert [p["hidden"] for p in sandbox.ask("posts", network="x", root=id)] == [hidden]
    with pytest.raises(Refused):
        x.remove(brand, rude)


def test_a_signature_is_checked_over_the_bytes(x: Adapter) -> None:
    body = json.dumps({"data": {"event_type": "like.create", "filter": {"user_id": "1"}, "payload": {}}}).encode()
    good = {"x-twitter-webhooks-signature": proof(b"sandbox-x-secret", body)}
    assert x.hear(Delivery("POST", good, {}, body)) == []
    for headers, raw in ((good, body + b" "), ({}, body), ({"x-twitter-webhooks-signature": "sha256=é"}, body)):
        with pytest.raises(BadSignature):
            x.hear(Delivery("POST", headers, {}, raw))


def test_the_challenge_is_answered(x: Adapter) -> None:
    answer = x.handshake(Delivery("GET", {}, {"crc_token": "abc"}, b""))
    assert answer and json.loads(answer) == {"response_token": proof(b"sandbox-x-secret", b"abc")}
    assert x.handshake(Delivery("POST", {}, {}, b"")) is None
