"""Every registered network keeps the same promises: whoever plugs one in gets these tests for nothing."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django import Settings

from networks import registry
from networks.protocol import (
    BadSignature,
    Connects,
    Content,
    Deletes,
    Delivery,
    EventKind,
    Finds,
    HandsOver,
    Limits,
    Listens,
    Measures,
    MediaKind,
    Moderates,
    Network,
    NotOurs,
    Publishes,
    Reconnect,
    Refused,
    Replies,
    Target,
    TargetKind,
    TryLater,
)
from tests.networks.doorbell import a_doorbell
from tests.networks.every import VERIFIER, Stage, adapter, allow, fresh, redirect_uri
from tests.sandbox_process import SandboxProcess

EVERY = pytest.mark.parametrize("slug", registry.slugs())


@pytest.fixture
def stage(slug: str, sandbox: SandboxProcess, settings: Settings) -> Stage:
    settings.SANDBOX_URL, settings.NETWORKS = sandbox.url, {}
    sandbox.control("settings", processing_seconds=0)
    return Stage(adapter(slug, sandbox.url), sandbox)


def needs(stage: Stage, *abilities: type) -> None:
    for ability in abilities:
        if not isinstance(stage.network, ability):
            pytest.skip(f"{stage.slug} does not have {ability.__name__}")


# -- what it says of itself ------------------------------------------------------------------------


@EVERY
def test_it_satisfies_the_protocol(stage: Stage) -> None:
    assert isinstance(stage.network, Network)
    assert isinstance(stage.network, Publishes) != isinstance(stage.network, HandsOver)  # one way, not both
    assert isinstance(stage.network.limits, Limits)
    assert stage.network.slug == stage.slug
    assert isinstance(stage.network.listing_lag, timedelta)


@EVERY
def test_every_limit_has_a_source_and_a_date(stage: Stage) -> None:
    limits: Limits = stage.network.limits
    blank = Limits(text=0, counting=limits.counting, fold_characters=0)
    stated = {
        name
        for name in Limits.__dataclass_fields__
        if name not in ("facts", "counting") and getattr(limits, name) != getattr(blank, name)
    }
    unsourced = stated - set(limits.facts) - {"text_required_without_media", "links_in_text", "mixes_images_and_video"}
    assert not unsourced, f"no source for {sorted(unsourced)}"
    for fact in limits.facts.values():
        assert fact.source and re.fullmatch(r"\d{4}-\d{2}-\d{2}", fact.read_on)


@EVERY
def test_its_folder_holds_an_icon_a_preview_and_a_readme(slug: str) -> None:
    folder = registry.folder(slug)
    icon = (folder / "icon.svg").read_text()
    assert icon.startswith("<svg") and "style=" not in icon and "<script" not in icon
    assert (folder / "preview.html").exists()
    assert (folder / "README.md").read_text().strip()


@EVERY
def test_what_does_not_fit_is_said_before_anything_is_sent(stage: Stage) -> None:
    limits: Limits = stage.network.limits
    assert stage.network.misfits(stage.content()) == []
    long = Content("a" * (limits.text + 1), title="Judul", media=stage.content().media)
    assert [misfit for misfit in stage.network.misfits(long) if misfit.field == "text"]
    assert stage.network.misfits(Content(""))
    assert stage.network.count("a") == 1
    assert stage.stored() == []


# -- connecting ------------------------------------------------------------------------------------


@EVERY
def test_a_consent_opens_accounts(stage: Stage) -> None:
    needs(stage, Connects)
    back, uri = _consented(stage)
    assert back["state"] == "a-state"
    accounts = stage.network.exchange(code=back["code"], redirect_uri=uri, verifier=VERIFIER)
    assert accounts and all(account.uid and account.name for account in accounts)
    assert set(stage.network.scopes) <= set(accounts[0].credentials.scopes) or not accounts[0].credentials.scopes
    sender = type(stage.sender)(accounts[0].uid, accounts[0].credentials, accounts[0].handle)
    if isinstance(stage.network, Finds):
        assert stage.network.recent(sender, since=stage.began).complete


@EVERY
@pytest.mark.parametrize("spoil", ["code", "redirect_uri", "verifier", "replay"])
def test_a_code_is_good_once_for_the_one_who_asked(stage: Stage, spoil: str) -> None:
    needs(stage, Connects)
    if spoil == "verifier" and not stage.network.uses_pkce:
        pytest.skip(f"{stage.slug} has no PKCE")
    back, uri = _consented(stage)
    asked = {"code": back["code"], "redirect_uri": uri, "verifier": VERIFIER}
    if spoil == "replay":
        stage.network.exchange(**asked)
    else:
        asked[spoil] = asked[spoil] + "x"
    with pytest.raises(NotOurs):
        stage.network.exchange(**asked)


@EVERY
def test_a_declined_consent_comes_back_without_a_code(stage: Stage) -> None:
    needs(stage, Connects)
    back, _uri = _consented(stage, "deny")
    assert "code" not in back and back["error"]


@EVERY
@pytest.mark.parametrize("fault", ["error_before", "bad_gateway", "reset_before", "rate_limited"])
def test_a_disturbed_exchange_may_be_tried_again(stage: Stage, fault: str) -> None:
    needs(stage, Connects)
    back, uri = _consented(stage)
    stage.sandbox.fault(stage.slug, fault, on=["token"], times=1)
    with pytest.raises((TryLater, NotOurs)):
        stage.network.exchange(code=back["code"], redirect_uri=uri, verifier=VERIFIER)


@EVERY
@pytest.mark.parametrize("fault", ["error_before", "bad_gateway", "reset_before", "rate_limited", "refresh_lost"])
def test_a_disturbed_refresh_never_disconnects(stage: Stage, fault: str) -> None:
    credentials = _refreshable(stage)
    stage.sandbox.fault(stage.slug, fault, on=["token"], times=1)
    with pytest.raises(TryLater):
        stage.network.refresh(credentials)


@EVERY
def test_a_refresh_gives_credentials_that_work(stage: Stage) -> None:
    needs(stage, Connects)
    credentials = _refreshable(stage)
    fresh_ones = stage.network.refresh(credentials)
    assert fresh_ones.access_token and fresh_ones.refresh_token and fresh_ones.expires_at
    assert "access_token" not in repr(fresh_ones)


@EVERY
@pytest.mark.parametrize("fault", ["token_revoked", "refresh_replayed"])
def test_a_grant_that_is_gone_asks_for_a_person(stage: Stage, fault: str) -> None:
    credentials = _refreshable(stage)
    stage.sandbox.fault(stage.slug, fault, on=["token"], times=1)
    with pytest.raises(Reconnect):
        stage.network.refresh(credentials)


def _consented(stage: Stage, decision: str = "allow") -> tuple[dict[str, str], str]:
    uri = redirect_uri(stage.sandbox, stage.slug)
    address = stage.network.authorize_url(state="a-state", redirect_uri=uri, verifier=VERIFIER)
    assert address.startswith(stage.sandbox.url)
    assert VERIFIER not in address
    return allow(address, decision), uri


def _refreshable(stage: Stage):  # the credentials of a real consent
    needs(stage, Connects)
    back, uri = _consented(stage)
    credentials = stage.network.exchange(code=back["code"], redirect_uri=uri, verifier=VERIFIER)[0].credentials
    if not credentials.refresh_token:
        pytest.skip(f"{stage.slug} gives no refresh token")
    return credentials


# -- publishing ------------------------------------------------------------------------------------


def _kinds(stage: Stage) -> dict[str, Callable[[], Content]]:
    limits: Limits = stage.network.limits
    image = [lambda colour=colour: stage.media(MediaKind.IMAGE, colour) for colour in ("#7a4a21", "#0b6e66")]
    return {
        "text": stage.content,
        "link": lambda: stage.content(link="https://teraskopi.example.com/menu?utm_source=gardu"),
        "image": lambda: stage.content(media=(image[0](),)) if limits.images else stage.content(),
        "images": lambda: stage.content(media=(image[0](), image[1]())) if limits.images > 1 else stage.content(),
        "video": lambda: stage.content(media=(stage.media(MediaKind.VIDEO),)) if limits.videos else stage.content(),
    }


@EVERY
@pytest.mark.parametrize("kind", ["text", "link", "image", "images", "video"])
def test_what_is_published_is_live_once_and_can_be_found(stage: Stage, kind: str) -> None:
    needs(stage, Publishes)
    content = _kinds(stage)[kind]()
    receipt = stage.publish(content)
    [post] = stage.stored()
    assert receipt.remote_id and receipt.url.startswith("http")
    assert content.text.split()[0] in post["reader"]["text"]
    assert len(post["media"]) == len(content.media)
    if isinstance(stage.network, Finds):
        [listed] = stage.found(content)
        assert listed.remote_id == receipt.remote_id
        assert not stage.network.same(stage.content("Bukan yang ini"), listed)


@EVERY
def test_alt_text_really_arrives(stage: Stage) -> None:
    needs(stage, Publishes)
    if not (stage.network.limits.alt and stage.network.limits.images):
        pytest.skip(f"{stage.slug} has no alt text")
    stage.publish(stage.content(media=(stage.media(MediaKind.IMAGE),)))
    assert stage.stored()[0]["alt"] == ["Secangkir kopi"]


@EVERY
def test_what_is_deleted_is_gone_and_deleting_twice_is_fine(stage: Stage) -> None:
    needs(stage, Deletes)
    content = stage.content()
    receipt = stage.publish(content)
    stage.network.delete(stage.sender, receipt.remote_id)
    stage.network.delete(stage.sender, receipt.remote_id)
    assert stage.stored() == []


@EVERY
def test_counts_are_read_and_what_is_gone_is_left_out(stage: Stage) -> None:
    needs(stage, Measures)
    receipt = stage.publish(stage.content())
    [measured] = stage.network.measure(stage.sender, [receipt.remote_id])
    assert measured.remote_id == receipt.remote_id
    assert any(value is not None for value in (measured.views, measured.likes, measured.comments, measured.shares))


@EVERY
def test_no_token_is_ever_in_an_address_or_a_log(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    needs(stage, Publishes)
    caplog.set_level(logging.DEBUG)
    receipt = stage.publish(stage.content())
    if isinstance(stage.network, Finds):
        stage.network.recent(stage.sender, since=stage.began)
    if isinstance(stage.network, Measures):
        stage.network.measure(stage.sender, [receipt.remote_id])
    if isinstance(stage.network, Deletes):
        stage.network.delete(stage.sender, receipt.remote_id)
    token = stage.sender.credentials.access_token
    calls = stage.sandbox.ask("ledger", network=stage.slug, account=stage.sender.uid, kind="call")
    assert calls
    assert not [call["path"] for call in calls if token in call["path"] or token in json.dumps(call["query"])]
    assert token not in caplog.text


# -- listening, answering, moderating --------------------------------------------------------------


@EVERY
def test_a_comment_is_heard_by_asking_and_answered_once(stage: Stage) -> None:
    needs(stage, Listens, Replies)
    receipt = stage.publish(stage.content())
    said = stage.sandbox.control(
        "say", network=stage.slug, author="rinamaharani", parent=receipt.remote_id, text="Kopi saya dingin!"
    )
    [event] = stage.network.poll(stage.sender, since=stage.began, post_ids=[receipt.remote_id])
    assert (event.message_id, event.kind, event.account_uid) == (said["id"], EventKind.COMMENT, stage.sender.uid)
    assert "Kopi saya dingin!" in event.text and event.author.uid and event.author.name
    again = stage.network.poll(stage.sender, since=stage.began, post_ids=[receipt.remote_id])
    assert [one.key for one in again] == [event.key]
    target = Target(TargetKind.COMMENT_REPLY, event.post_id, event.message_id, event.author.uid)
    assert target.kind in stage.network.answers
    answer = Content(fresh("Maaf, kami ganti"))
    made = stage.network.reply(stage.sender, answer, target=target, open_media=stage.opener())
    assert answer.text in " ".join(post["reader"]["text"] for post in stage.stored())
    if isinstance(stage.network, Finds):
        listing = stage.network.recent(stage.sender, since=stage.began, target=target)
        assert [post.remote_id for post in listing.posts if stage.network.same(answer, post)] == [made.remote_id]


@EVERY
def test_a_first_comment_hangs_below_its_post(stage: Stage) -> None:
    needs(stage, Replies)
    if TargetKind.COMMENT not in stage.network.answers:
        pytest.skip(f"{stage.slug} has no first comments")
    receipt = stage.publish(stage.content())
    target = Target(TargetKind.COMMENT, receipt.remote_id)
    comment = Content(fresh("Alamat ada di bio"))
    made = stage.network.reply(stage.sender, comment, target=target, open_media=stage.opener())
    below = stage.sandbox.ask("posts", network=stage.slug, root=receipt.remote_id)
    assert made.remote_id and comment.text in " ".join(post["reader"]["text"] for post in below)


@EVERY
def test_a_target_it_cannot_answer_is_refused(stage: Stage) -> None:
    needs(stage, Replies)
    for kind in set(TargetKind) - set(stage.network.answers):
        with pytest.raises(Refused):
            stage.network.reply(
                stage.sender, Content("x"), target=Target(kind, "1", "2", "3"), open_media=stage.opener()
            )
    assert stage.stored() == []


@EVERY
def test_a_signed_webhook_is_heard_a_forged_one_refused_and_a_double_one_has_the_same_key(stage: Stage) -> None:
    needs(stage, Listens)
    if not stage.network.pushes:
        with pytest.raises(BadSignature):
            stage.network.hear(Delivery("POST", {}, {}, b"{}"))
        return
    receipt = stage.publish(stage.content())
    asked = {"network": stage.slug, "author": "rinamaharani", "parent": receipt.remote_id}
    with a_doorbell(stage.network) as bell:
        stage.network.subscribe(stage.sender, callback_url=bell.url)
        stage.network.subscribe(stage.sender, callback_url=bell.url)
        heard_by_webhook = stage.sandbox.control("say", **asked, text="Satu")["id"]
        [first] = bell.wait(1)
        assert (first.message_id, first.post_id, first.account_uid) == (
            heard_by_webhook,
            receipt.remote_id,
            stage.sender.uid,
        )
        stage.sandbox.fault(stage.slug, "hook_twice", stage.sender.uid, on=["reply"], times=1)
        stage.sandbox.control("say", **asked, text="Dua")
        assert len({event.key for event in bell.wait(3)}) == 2
        stage.sandbox.fault(stage.slug, "hook_forged", stage.sender.uid, on=["reply"], times=1)
        stage.sandbox.control("say", **asked, text="Tiga")
        _until(lambda: bell.refused == 1)
        assert len(bell.events) == 3
        polled = stage.network.poll(stage.sender, since=stage.began, post_ids=[receipt.remote_id])
        assert first.key in {event.key for event in polled}  # the poll and the webhook agree


@EVERY
def test_a_body_that_is_not_understood_is_said_so(stage: Stage) -> None:
    needs(stage, Listens)
    with pytest.raises((BadSignature, ValueError)):
        stage.network.hear(Delivery("POST", {}, {}, b"\xff\xfe not json"))


@EVERY
def test_a_comment_can_be_hidden_and_shown_again(stage: Stage) -> None:
    needs(stage, Moderates)
    receipt = stage.publish(stage.content())
    said = stage.sandbox.control(
        "say", network=stage.slug, author="bagusprakoso", parent=receipt.remote_id, text="Beli pengikut di sini"
    )
    for hidden in (True, False):
        try:
            stage.network.hide(stage.sender, said["id"], hidden=hidden)
        except Refused:
            pytest.skip(f"{stage.slug} hides nothing")
        [post] = [
            one
            for one in stage.sandbox.ask("posts", network=stage.slug, root=receipt.remote_id)
            if one["id"] == said["id"]
        ]
        assert post["hidden"] is hidden


def _until(happened: Callable[[], bool], seconds: float = 5) -> None:
    until = time.monotonic() + seconds
    while not happened() and time.monotonic() < until:
        time.sleep(0.02)
    assert happened()
