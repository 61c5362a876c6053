"""LinkedIn's adapter reading, listening, answering and moderating against a real sandbox over real sockets."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from networks.adapters.linkedin import Adapter
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
from tests.networks.doorbell import Doorbell, a_doorbell
from tests.networks.linkedin_cast import APP, LONG_AGO, made_sender, opener, say
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def linkedin(sandbox: SandboxProcess) -> Adapter:
    return Adapter(APP, Reach(sandbox.url, connect=1.0, read=3.0))


@pytest.fixture
def page(sandbox: SandboxProcess) -> Sender:
    return made_sender(sandbox.account("linkedin"))


@pytest.fixture
def bell(linkedin: Adapter, page: Sender) -> Iterator[Doorbell]:
    """The page's webhooks, subscribed to the way the app does it."""
    with a_doorbell(linkedin) as bell:
        linkedin.subscribe(page, callback_url=bell.url)
        yield bell


# -- looking ---------------------------------------------------------------------------------------


def test_a_listing_cut_short_is_no_evidence(linkedin: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    for place in range(4):
        say(linkedin, page, f"post {place}")
    assert len(linkedin.recent(page, since=LONG_AGO).posts) == 4
    sandbox.fault("linkedin", "listing_partial", page.uid)
    partial = linkedin.recent(page, since=LONG_AGO)
    assert len(partial.posts) < 4 and not partial.complete


def test_a_long_listing_is_read_to_its_end(linkedin: Adapter, page: Sender) -> None:
    for place in range(105):
        say(linkedin, page, f"post {place}")
    listing = linkedin.recent(page, since=LONG_AGO)
    assert listing.complete and len({post.remote_id for post in listing.posts}) == 105
    assert listing.posts[0].text == "post 104"
    assert linkedin.recent(page, since=datetime.now(UTC) + timedelta(minutes=1)).posts == ()


@pytest.mark.parametrize("fault", ["listing_503", "rate_limited", "reset_before", "bad_gateway"])
def test_a_failed_listing_is_tried_later(linkedin: Adapter, sandbox: SandboxProcess, page: Sender, fault: str) -> None:
    sandbox.fault("linkedin", fault, page.uid, on=["list"], times=1)
    with pytest.raises(TryLater):
        linkedin.recent(page, since=LONG_AGO)


def test_deleting_twice_is_no_error(linkedin: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    id = say(linkedin, page, "gone soon")
    linkedin.delete(page, id)
    linkedin.delete(page, id)
    assert sandbox.posts("linkedin", page.uid) == []
    assert linkedin.recent(page, since=LONG_AGO, target=Target(TargetKind.COMMENT, id)).posts == ()


def test_counts(linkedin: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    id, gone = say(linkedin, page, "counted"), say(linkedin, page, "gone")
    linkedin.delete(page, gone)
    counts = {"likeCount": 7, "impressionCount": 900, "shareCount": 2, "clickCount": 4}
    sandbox.control("metrics", network="linkedin", post=id, metrics=counts)
    sandbox.control("say", network="linkedin", author="rinamaharani", parent=id, text="Enak!")
    [counted] = linkedin.measure(page, [id, gone])
    assert counted.remote_id == id
    assert (counted.views, counted.likes, counted.comments, counted.shares, counted.clicks) == (900, 7, 1, 2, 4)


# -- listening -------------------------------------------------------------------------------------


def test_a_complaint_rings_and_is_answered_under_the_post(
    linkedin: Adapter, sandbox: SandboxProcess, page: Sender, bell: Doorbell
) -> None:
    post = say(linkedin, page, "Menu baru")
    comment = sandbox.control("say", network="linkedin", author="rinamaharani", parent=post, text="Kopi saya dingin ☹")
    [event] = bell.wait(1)
    assert (event.kind, event.text) == (EventKind.COMMENT, "Kopi saya dingin ☹")
    assert (event.account_uid, event.post_id, event.message_id) == (page.uid, post, comment["id"])
    assert event.author.uid == comment["account"] and event.parent_id == post
    target = Target(TargetKind.COMMENT_REPLY, post, event.message_id, event.author.uid)
    receipt = linkedin.reply(page, Content("Maaf, kami ganti."), target=target, open_media=opener({}))
    answers = [one for one in sandbox.ask("posts", network="linkedin", root=post) if one["parent"] == comment["id"]]
    assert [one["id"] for one in answers] == [receipt.remote_id]
    assert [one.remote_id for one in linkedin.recent(page, since=LONG_AGO, target=target).posts] == [receipt.remote_id]
    echo = bell.wait(2)[-1]
    assert (echo.author.uid, echo.message_id, echo.parent_id) == (page.uid, receipt.remote_id, comment["id"])


def test_an_edit_and_a_deletion_are_heard_as_such(
    linkedin: Adapter, sandbox: SandboxProcess, page: Sender, bell: Doorbell
) -> None:
    post = say(linkedin, page, "Menu baru")
    said = sandbox.control("say", network="linkedin", author="rinamaharani", parent=post, text="Dingin")
    bell.wait(1)
    sandbox.control("edit", network="linkedin", post=said["id"], text="Dingin sekali")
    bell.wait(2)
    sandbox.control("remove", network="linkedin", post=said["id"])
    kinds = [(event.kind, event.text) for event in bell.wait(3)]
    assert kinds == [
        (EventKind.COMMENT, "Dingin"),
        (EventKind.EDITED, "Dingin sekali"),
        (EventKind.DELETED, ""),
    ]
    assert {event.message_id for event in bell.events} == {said["id"]}
    assert len({event.key for event in bell.events}) == 3


def test_the_same_event_has_the_same_key_by_webhook_and_by_poll(
    linkedin: Adapter, sandbox: SandboxProcess, page: Sender, bell: Doorbell
) -> None:
    post = say(linkedin, page, "Menu baru")
    sandbox.fault("linkedin", "hook_twice", on=["reply"], times=1)
    comment = sandbox.control("say", network="linkedin", author="rinamaharani", parent=post, text="Dingin!")
    sandbox.control("say", network="linkedin", author="bagusprakoso", parent=comment["id"], text="Saya juga")
    sandbox.control("say", network="linkedin", author="dewilestari", to=page.uid, text="Kopi terbaik")
    rung = {event.key: event for event in bell.wait(4)}
    polled = {event.key: event for event in linkedin.poll(page, since=LONG_AGO)}
    assert rung.keys() == polled.keys() and len(rung) == 3
    assert {event.kind for event in polled.values()} == {EventKind.COMMENT, EventKind.MENTION}
    for key, event in polled.items():
        ours = ("kind", "message_id", "post_id", "text", "parent_id", "at")
        assert [getattr(event, name) for name in ours] == [getattr(rung[key], name) for name in ours]
    assert linkedin.poll(page, since=datetime.now(UTC) + timedelta(minutes=1)) == []


def test_a_mention_is_answered_below_the_post_that_made_it(
    linkedin: Adapter, sandbox: SandboxProcess, page: Sender
) -> None:
    post = sandbox.control("say", network="linkedin", author="dewilestari", to=page.uid, text="Kopi terbaik")
    [mention] = linkedin.poll(page, since=LONG_AGO)
    target = Target(TargetKind.MENTION_REPLY, mention.post_id, mention.message_id, mention.author.uid)
    receipt = linkedin.reply(page, Content("Terima kasih!"), target=target, open_media=opener({}))
    [answer] = sandbox.ask("posts", network="linkedin", root=post["id"])
    assert (answer["id"], answer["parent"]) == (receipt.remote_id, post["id"])


def test_a_forged_delivery_is_refused(linkedin: Adapter, sandbox: SandboxProcess, page: Sender, bell: Doorbell) -> None:
    post = say(linkedin, page, "Menu baru")
    sandbox.fault("linkedin", "hook_forged", on=["reply"], times=1)
    sandbox.control("say", network="linkedin", author="rinamaharani", parent=post, text="Palsu")
    sandbox.wait_quiet()
    assert bell.refused == 1 and bell.events == []


def signed(body: bytes, *, over_prefix: bool) -> Delivery:
    data = b"hmacsha256=" + body if over_prefix else body
    proof = hmac.new(APP.client_secret.encode(), data, hashlib.sha256).hexdigest()
    return Delivery("POST", {"x-li-signature": f"hmacsha256={proof}"}, {}, body)


@pytest.mark.parametrize("over_prefix", [True, False])
def test_both_ways_of_signing_in_the_wild_are_understood(linkedin: Adapter, over_prefix: bool) -> None:
    body = json.dumps({"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": []}).encode()
    assert linkedin.hear(signed(body, over_prefix=over_prefix)) == []
    with pytest.raises(BadSignature):
        linkedin.hear(Delivery("POST", {"x-li-signature": "hmacsha256="}, {}, body))
    with pytest.raises(BadSignature):
        linkedin.hear(Delivery("POST", {}, {}, body))


@pytest.mark.parametrize("body", [b"", b"[]", b'{"type":"LEAD"}', b'{"type":"X","notifications":[{}]}'])
def test_a_body_nobody_understands_is_a_value_error(linkedin: Adapter, body: bytes) -> None:
    with pytest.raises(ValueError):
        linkedin.hear(signed(body, over_prefix=True))


def test_the_handshake_proves_that_we_know_the_secret(linkedin: Adapter) -> None:
    said = linkedin.handshake(Delivery("GET", {}, {"challengeCode": "890e4665"}, b""))
    assert said is not None
    right = hmac.new(APP.client_secret.encode(), b"890e4665", hashlib.sha256).hexdigest()
    assert json.loads(said) == {"challengeCode": "890e4665", "challengeResponse": right}
    assert linkedin.handshake(Delivery("POST", {}, {}, b"{}")) is None


def test_subscribing_is_safe_to_do_twice_and_needs_an_address_that_answers(
    linkedin: Adapter, page: Sender, bell: Doorbell
) -> None:
    linkedin.subscribe(page, callback_url=bell.url)
    with pytest.raises(Refused):
        linkedin.subscribe(page, callback_url="http://127.0.0.1:9/hooks/")


# -- answering and moderating ----------------------------------------------------------------------


def test_what_linkedin_has_no_room_for_is_refused_before_anything_is_sent(
    linkedin: Adapter, sandbox: SandboxProcess, page: Sender
) -> None:
    post = Target(TargetKind.COMMENT, "urn:li:share:7000000000000000001")
    for target, text in (
        (post, "a" * 1251),
        (Target(TargetKind.THREAD, post.post_id), "x"),
        (Target(TargetKind.MESSAGE, "x"), "x"),
    ):
        with pytest.raises(Refused):
            linkedin.reply(page, Content(text), target=target, open_media=opener({}))
    with pytest.raises(Refused):
        linkedin.hide(page, "urn:li:comment:(urn:li:activity:7000000000000000001,1)", hidden=True)
    assert sandbox.ask("ledger", network="linkedin", account=page.uid) == []


def test_a_customers_comment_is_removed(linkedin: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    post = say(linkedin, page, "Menu baru")
    said = sandbox.control("say", network="linkedin", author="rinamaharani", parent=post, text="Spam!")
    linkedin.remove(page, said["id"])
    linkedin.remove(page, said["id"])
    assert sandbox.ask("posts", network="linkedin", root=post) == []


def test_a_comment_under_a_post_that_is_gone_is_refused(linkedin: Adapter, page: Sender) -> None:
    post = say(linkedin, page, "soon gone")
    linkedin.delete(page, post)
    with pytest.raises(Refused):
        linkedin.reply(page, Content("x"), target=Target(TargetKind.COMMENT, post), open_media=opener({}))
