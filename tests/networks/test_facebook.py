"""Facebook's adapter against a real sandbox process over real sockets, through facebook-sdk."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from networks.adapters.facebook import Adapter
from networks.protocol import (
    AppKey,
    Connects,
    Content,
    Deletes,
    Finds,
    Listens,
    Measures,
    Media,
    MediaKind,
    Moderates,
    Network,
    NotOurs,
    Publishes,
    Reconnect,
    Refused,
    Replies,
    Sender,
    Target,
    TargetKind,
    TryLater,
    Unsure,
)
from networks.wire import Reach
from tests.networks.facebook_cast import APP, CALLBACK, LONG_AGO, Files, made_sender, media, opener, say
from tests.sandbox.clips import film, picture
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def facebook(sandbox: SandboxProcess) -> Adapter:
    return Adapter(APP, Reach(sandbox.url, connect=1.0, read=3.0))


@pytest.fixture
def page(sandbox: SandboxProcess) -> Sender:
    return made_sender(sandbox.account("facebook"))


def test_it_has_every_ability(facebook: Adapter) -> None:
    for ability in (Network, Connects, Publishes, Finds, Deletes, Measures, Listens, Replies, Moderates):
        assert isinstance(facebook, ability), ability


# -- connecting ------------------------------------------------------------------------------------


def consent(
    facebook: Adapter, sandbox: SandboxProcess, pages: tuple[str, ...] = ("teraskopi",), decision: str = "allow"
) -> dict[str, list[str]]:
    """Walk the dialog and give these Pages; what comes back to the callback."""
    url = facebook.authorize_url(state="st", redirect_uri=CALLBACK, verifier="")
    assert url.startswith(sandbox.url + "/www.facebook.com/v25.0/dialog/oauth?")
    shown = requests.get(url, timeout=5)
    assert "Teras Kopi" in shown.text
    brands = sandbox.ask("state")["networks"]["facebook"]["brands"]
    form = dict(parse_qs(urlsplit(url).query).items())
    form |= {"person": [b["id"] for b in brands if b["handle"] in pages], "decision": [decision]}
    back = requests.post(shown.url.split("?")[0], data=form, allow_redirects=False, timeout=5)
    assert back.status_code == 302 and back.headers["Location"].startswith(CALLBACK)
    return parse_qs(urlsplit(back.headers["Location"]).query)


def test_a_consent_opens_the_pages_given_with_tokens_that_do_not_end(
    facebook: Adapter, sandbox: SandboxProcess
) -> None:
    back = consent(facebook, sandbox, ("teraskopi", "teraskopilab"))
    assert back["state"] == ["st"]
    accounts = facebook.exchange(code=back["code"][0], redirect_uri=CALLBACK, verifier="")
    assert {account.handle for account in accounts} == {"teraskopi", "teraskopilab"}
    assert {account.credentials.expires_at for account in accounts} == {None}
    assert set(facebook.scopes) <= set(accounts[0].credentials.scopes)
    again = facebook.refresh(accounts[0].credentials)
    assert again.access_token == accounts[0].credentials.access_token and again.expires_at is None
    sender = Sender(accounts[0].uid, again, accounts[0].handle)
    sandbox.control("settings", advance=70 * 24 * 3600)
    assert say(facebook, sender, "long after the person's own token has ended")


def test_a_declined_consent_brings_no_code(facebook: Adapter, sandbox: SandboxProcess) -> None:
    assert consent(facebook, sandbox, decision="deny")["error"] == ["access_denied"]


@pytest.mark.parametrize("spoil", ["redirect", "twice", "late"])
def test_a_code_is_good_once_in_time_and_at_its_address(facebook: Adapter, sandbox: SandboxProcess, spoil: str) -> None:
    asked = {"code": consent(facebook, sandbox)["code"][0], "redirect_uri": CALLBACK, "verifier": ""}
    if spoil == "redirect":
        asked["redirect_uri"] = CALLBACK + "x"
    if spoil == "twice":
        facebook.exchange(**asked)
    if spoil == "late":
        sandbox.control("settings", advance=601)
    with pytest.raises(NotOurs):
        facebook.exchange(**asked)


def test_an_access_taken_back_means_reconnect(facebook: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    sandbox.control("revoke", network="facebook", account=page.uid)
    with pytest.raises(Reconnect):
        facebook.refresh(page.credentials)
    with pytest.raises(Reconnect):
        say(facebook, page, "not any more")


@pytest.mark.parametrize("fault", ["error_before", "bad_gateway", "rate_limited", "reset_before", "refresh_lost"])
def test_a_disturbed_look_at_the_token_never_disconnects(
    facebook: Adapter, sandbox: SandboxProcess, page: Sender, fault: str
) -> None:
    sandbox.fault("facebook", fault, page.uid, on=["token"], times=1)
    with pytest.raises(TryLater):
        facebook.refresh(page.credentials)


# -- publishing ------------------------------------------------------------------------------------


def test_a_post_is_read_as_it_was_written(facebook: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    content = Content("Kopi & teh <3 ☕\n\nHari ini", link="https://teraskopi.id/promo?utm_source=facebook")
    receipt = facebook.publish(page, content, open_media=opener({}))
    [post] = sandbox.posts("facebook", page.uid)
    assert post["id"] == receipt.remote_id
    assert (post["text"], post["link"]) == (content.text, content.link)
    assert receipt.url == f"{sandbox.url}/www.facebook.com/{page.uid}/posts/{receipt.remote_id.split('_')[1]}"
    assert receipt.extra["rate_remaining"].isdecimal()
    listing = facebook.recent(page, since=LONG_AGO)
    assert listing.complete
    assert facebook.same(content, listing.posts[0])
    assert not facebook.same(Content("Kopi & teh"), listing.posts[0])


def test_pictures_go_out_as_one_album_with_their_descriptions(
    facebook: Adapter, sandbox: SandboxProcess, page: Sender
) -> None:
    files: Files = {}
    shown = tuple(
        media(picture(colour=colour), files, alt=alt) for colour, alt in (("red", "Cangkir merah"), ("blue", ""))
    )
    content = Content("Dua cangkir", link="https://teraskopi.id/menu", media=shown)
    receipt = facebook.publish(page, content, open_media=opener(files))
    [post] = sandbox.posts("facebook", page.uid)
    assert post["text"] == "Dua cangkir\n\nhttps://teraskopi.id/menu"
    [call] = sandbox.ask("ledger", network="facebook", stored=receipt.remote_id)
    asked = parse_qs(call["body"])
    assert [one["media_fbid"] for one in json.loads(asked["attached_media"][0])] == post["media"]
    [listed] = facebook.recent(page, since=LONG_AGO).posts
    assert listed.media_count == 2 and facebook.same(content, listed)


def test_a_film_goes_up_in_pieces_and_only_its_end_is_live(
    facebook: Adapter, sandbox: SandboxProcess, page: Sender
) -> None:
    files: Files = {}
    data = film(2) + b"\0" * (1024 * 1024)  # padding, so that it takes more than one piece
    content = Content("Menyeduh pelan", title="Seduh", media=(media(data, files, mime="video/mp4"),))
    receipt = facebook.publish(page, content, open_media=opener(files))
    steps = sandbox.ask("ledger", network="facebook", account=page.uid, does="upload", limit=50)
    assert len(steps) == 3  # start and two pieces
    [post] = sandbox.posts("facebook", page.uid)
    assert post["id"] == receipt.remote_id and receipt.extra["video_id"] == post["media"][0]
    [listed] = facebook.recent(page, since=LONG_AGO).posts
    assert facebook.same(content, listed) and listed.remote_id == receipt.remote_id


@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "error_after", "truncated", "no_id", "rate_limited"])
@pytest.mark.parametrize("mime", ["image/png", "video/mp4"])
def test_a_broken_upload_is_late_and_never_a_question(
    facebook: Adapter, sandbox: SandboxProcess, page: Sender, fault: str, mime: str
) -> None:
    files: Files = {}
    data = film(2) if mime == "video/mp4" else picture()
    content = Content(f"upload {fault}", media=(media(data, files, mime=mime),))
    sandbox.fault("facebook", fault, page.uid, on=["upload"], times=1)
    with pytest.raises(TryLater):
        facebook.publish(page, content, open_media=opener(files))
    assert sandbox.posts("facebook", page.uid) == []


def test_a_film_lost_at_its_last_step_is_found(facebook: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    files: Files = {}
    content = Content("Film", media=(media(film(2), files, mime="video/mp4"),))
    sandbox.fault("facebook", "reset_after", page.uid, on=["publish"], times=1)
    with pytest.raises(Unsure):
        facebook.publish(page, content, open_media=opener(files))
    [listed] = facebook.recent(page, since=LONG_AGO).posts
    assert facebook.same(content, listed)


@pytest.mark.parametrize("bad", ["media_fails", "not a picture"])
def test_a_picture_facebook_cannot_read_is_refused(
    facebook: Adapter, sandbox: SandboxProcess, page: Sender, bad: str
) -> None:
    files: Files = {}
    data = b"GIF nothing" if bad == "not a picture" else picture()
    if bad == "media_fails":
        sandbox.fault("facebook", "media_fails", page.uid)
    with pytest.raises(Refused):
        facebook.publish(page, Content("x", media=(media(data, files),)), open_media=opener(files))
    assert sandbox.posts("facebook", page.uid) == []


def test_a_first_comment_and_its_picture_hang_on_the_post(
    facebook: Adapter, sandbox: SandboxProcess, page: Sender
) -> None:
    files: Files = {}
    post = say(facebook, page, "Menu baru")
    target = Target(TargetKind.COMMENT, post)
    content = Content("Selengkapnya", link="https://teraskopi.id/menu", media=(media(picture(), files),))
    receipt = facebook.reply(page, content, target=target, open_media=opener(files))
    [comment] = [one for one in sandbox.ask("posts", network="facebook", root=post) if one["parent"] == post]
    assert comment["id"] == receipt.remote_id and len(comment["media"]) == 1
    assert comment["text"] == "Selengkapnya\n\nhttps://teraskopi.id/menu"
    [listed] = facebook.recent(page, since=LONG_AGO, target=target).posts
    assert facebook.same(content, listed) and listed.remote_id == receipt.remote_id
    with pytest.raises(Refused):
        facebook.reply(page, Content("2/2"), target=Target(TargetKind.THREAD, post), open_media=opener({}))


@pytest.mark.parametrize("fault", ["reset_after", "no_id", "truncated"])
def test_a_comment_lost_on_its_way_back_is_found(
    facebook: Adapter, sandbox: SandboxProcess, page: Sender, fault: str
) -> None:
    target = Target(TargetKind.COMMENT, say(facebook, page, "Menu baru"))
    sandbox.fault("facebook", fault, page.uid, on=["reply"], times=1)
    with pytest.raises(Unsure):
        facebook.reply(page, Content("Pertama"), target=target, open_media=opener({}))
    listing = facebook.recent(page, since=LONG_AGO, target=target)
    assert listing.complete and [facebook.same(Content("Pertama"), one) for one in listing.posts] == [True]


def test_the_partner_of_a_paid_post_is_named(facebook: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    facebook.publish(page, Content("Iklan", options={"sponsor_id": "1122", "other": 1}), open_media=opener({}))
    raw = sandbox.posts("facebook", page.uid)[0]["raw"]
    assert raw["sponsor_id"] == "1122" and "other" not in raw


def test_a_receipts_address_opens_the_post_and_the_comment(
    facebook: Adapter, sandbox: SandboxProcess, page: Sender
) -> None:
    post = facebook.publish(page, Content("Menu baru"), open_media=opener({}))
    target = Target(TargetKind.COMMENT, post.remote_id)
    comment = facebook.reply(page, Content("Pertama"), target=target, open_media=opener({}))
    for receipt in (post, comment):
        shown = requests.get(receipt.url, headers={"Accept": "text/html"}, timeout=5, allow_redirects=False)
        assert shown.status_code == 302 and shown.headers["Location"].endswith(f"#p{receipt.remote_id}")


# -- what answers mean -----------------------------------------------------------------------------

SURELY_NOT = {
    "rate_limited": TryLater,
    "rate_limited_silent": TryLater,
    "unauthorized": Reconnect,
    "token_expired": Reconnect,
    "token_revoked": Reconnect,
    "scope_missing": Reconnect,
    "policy": Refused,
    "quota": TryLater,
    "sunset": TryLater,
}
WHO_KNOWS = {
    "error_before": 0,
    "error_after": 1,
    "bad_gateway": 0,
    "bad_gateway_after": 1,
    "gateway_timeout": 0,
    "gateway_timeout_after": 1,
    "reset_before": 0,
    "reset_after": 1,
    "truncated": 1,
    "bad_json": 1,
    "empty_body": 1,
    "no_id": 1,
    "duplicate": 0,
}


@pytest.mark.parametrize("fault", SURELY_NOT)
def test_an_answer_that_says_no_is_certain(
    facebook: Adapter, sandbox: SandboxProcess, page: Sender, fault: str
) -> None:
    sandbox.fault("facebook", fault, page.uid, on=["publish"], times=1)
    with pytest.raises(SURELY_NOT[fault]):
        say(facebook, page, f"certain {fault}")
    assert sandbox.posts("facebook", page.uid) == []


@pytest.mark.parametrize("fault", WHO_KNOWS)
def test_an_unclear_answer_is_a_question(facebook: Adapter, sandbox: SandboxProcess, page: Sender, fault: str) -> None:
    sandbox.fault("facebook", fault, page.uid, on=["publish"], times=1)
    content = Content(f"unclear {fault}")
    with pytest.raises(Unsure):
        facebook.publish(page, content, open_media=opener({}))
    assert len(sandbox.posts("facebook", page.uid)) == WHO_KNOWS[fault]
    listing = facebook.recent(page, since=LONG_AGO)
    assert listing.complete
    assert [facebook.same(content, listed) for listed in listing.posts] == [True] * WHO_KNOWS[fault]


def test_a_timeout_is_a_question(sandbox: SandboxProcess, page: Sender) -> None:
    hasty = Adapter(APP, Reach(sandbox.url, connect=1.0, read=0.3))
    sandbox.fault("facebook", "late_reply", page.uid, times=1, params={"seconds": 1})
    with pytest.raises(Unsure):
        say(hasty, page, "too late")
    assert len(sandbox.posts("facebook", page.uid)) == 1


def test_nobody_there_is_certain(page: Sender) -> None:
    with pytest.raises(TryLater):
        say(Adapter(APP, Reach("http://127.0.0.1:9", connect=1.0)), page, "nobody there")


def test_the_pause_facebook_asks_for_is_passed_on(facebook: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    sandbox.fault("facebook", "rate_limited", page.uid, times=1, params={"retry_after": 600})
    with pytest.raises(TryLater) as later:
        say(facebook, page, "wait")
    assert later.value.after == timedelta(minutes=10)


def test_the_same_words_again_are_a_question(facebook: Adapter, page: Sender) -> None:
    say(facebook, page, "sekali saja")
    with pytest.raises(Unsure) as unsure:
        say(facebook, page, "sekali saja")
    assert unsure.value.code == "506/1455006"


def test_a_version_nobody_offers_waits_for_an_operator(sandbox: SandboxProcess, page: Sender) -> None:
    new = AppKey(APP.client_id, APP.client_secret, extra={"graph_version": "v99.0"})
    with pytest.raises(TryLater):
        say(Adapter(new, Reach(sandbox.url)), page, "from the future")


def test_what_does_not_fit_is_said_before_anything_is_sent(
    facebook: Adapter, sandbox: SandboxProcess, page: Sender
) -> None:
    assert facebook.count("☕🫘") == 3
    for text in ("a" * 63_207, ""):
        assert [misfit.field for misfit in facebook.misfits(Content(text))] == ["text"]
        with pytest.raises(Refused):
            say(facebook, page, text)
    assert facebook.misfits(Content("a" * 63_206)) == []
    assert sandbox.ask("ledger", network="facebook", account=page.uid) == []


def test_misfits_of_media(facebook: Adapter) -> None:
    files: Files = {}
    one, clip = media(picture(), files), media(film(1), files, mime="video/mp4")
    assert facebook.misfits(Content("", media=(one,) * 10)) == []
    for bad in ((one,) * 11, (one, clip), (clip, clip)):
        assert facebook.misfits(Content("t", media=bad)), bad
    heavy = Media(MediaKind.IMAGE, "k", "image/png", "s", 4 * 1024 * 1024 + 1, alt="a" * 1001)
    assert [misfit.field for misfit in facebook.misfits(Content("t", media=(heavy,)))] == ["media", "alt"]
    strange = Media(MediaKind.IMAGE, "k", "image/tiff", "s", 1)
    assert [misfit.field for misfit in facebook.misfits(Content("t", media=(strange,)))] == ["media"]


def test_no_token_reaches_an_address_or_a_log(
    facebook: Adapter, sandbox: SandboxProcess, page: Sender, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    id = say(facebook, page, "quiet")
    facebook.recent(page, since=LONG_AGO)
    facebook.measure(page, [id])
    facebook.refresh(page.credentials)
    facebook.delete(page, id)
    broken = Sender(page.uid, page.credentials.__class__("EAAB-broken-token"), page.handle)
    with pytest.raises(Reconnect) as refused:
        say(facebook, broken, "no")
    told = caplog.text + refused.value.detail
    assert page.credentials.access_token not in told and "EAAB-broken-token" not in told
    assert APP.client_secret not in told
    for call in sandbox.ask("ledger", network="facebook", account=page.uid):
        assert page.credentials.access_token not in str(call["query"]) and "access_token" not in call["query"]
