"""X's adapter against a real sandbox process over real sockets, through tweepy."""

from __future__ import annotations

import json
import logging
import time
from datetime import UTC, datetime, timedelta
from typing import BinaryIO
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from networks.adapters.x import Adapter
from networks.protocol import (
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
from networks.wire import Reach, sent_before
from tests.networks.x_cast import APP, CALLBACK, LONG_AGO, VERIFIER, Files, made_sender, media, opener, say
from tests.sandbox.clips import film, picture
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def x(sandbox: SandboxProcess) -> Adapter:
    return Adapter(APP, Reach(sandbox.url, connect=3.0, read=12.0))


@pytest.fixture
def brand(sandbox: SandboxProcess) -> Sender:
    return made_sender(sandbox.account("x"))


def test_it_has_every_ability(x: Adapter) -> None:
    for ability in (Network, Connects, Publishes, Finds, Deletes, Measures, Listens, Replies, Moderates):
        assert isinstance(x, ability), ability


# -- connecting ------------------------------------------------------------------------------------


def consent(x: Adapter, sandbox: SandboxProcess, decision: str = "allow") -> dict[str, list[str]]:
    """Walk the consent page as @teraskopi; what comes back to the callback."""
    url = x.authorize_url(state="st", redirect_uri=CALLBACK, verifier=VERIFIER)
    assert url.startswith(sandbox.url + "/x.com/i/oauth2/authorize?")
    page = requests.get(url, timeout=5)
    assert "Teras Kopi" in page.text
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    person = next(b["id"] for b in sandbox.ask("state")["networks"]["x"]["brands"] if b["handle"] == "teraskopi")
    form = {**asked, "person": person, "decision": decision}
    back = requests.post(page.url.split("?")[0], data=form, allow_redirects=False, timeout=5)
    assert back.status_code == 302 and back.headers["Location"].startswith(CALLBACK)
    return parse_qs(urlsplit(back.headers["Location"]).query)


def test_a_consent_opens_the_account(x: Adapter, sandbox: SandboxProcess) -> None:
    back = consent(x, sandbox)
    assert back["state"] == ["st"]
    [account] = x.exchange(code=back["code"][0], redirect_uri=CALLBACK, verifier=VERIFIER)
    assert (account.handle, account.name) == ("teraskopi", "Teras Kopi")
    assert account.credentials.expires_at is not None
    assert timedelta(hours=1) < account.credentials.expires_at - datetime.now(UTC) <= timedelta(hours=2)
    assert set(x.scopes) == set(account.credentials.scopes)


def test_a_declined_consent_brings_no_code(x: Adapter, sandbox: SandboxProcess) -> None:
    assert consent(x, sandbox, "deny")["error"] == ["access_denied"]


@pytest.mark.parametrize("spoil", ["verifier", "redirect", "twice", "late"])
def test_a_code_is_good_once_in_time_and_with_its_verifier(x: Adapter, sandbox: SandboxProcess, spoil: str) -> None:
    code = consent(x, sandbox)["code"][0]
    asked = {"code": code, "redirect_uri": CALLBACK, "verifier": VERIFIER}
    if spoil == "verifier":
        asked["verifier"] = "w" * 64
    if spoil == "redirect":
        asked["redirect_uri"] = CALLBACK + "x"
    if spoil == "twice":
        x.exchange(**asked)
    if spoil == "late":
        sandbox.control("settings", advance=31)
    with pytest.raises(NotOurs):
        x.exchange(**asked)


def test_refreshing_rotates_and_a_spent_token_means_reconnect(x: Adapter, brand: Sender) -> None:
    new = x.refresh(brand.credentials)
    assert new.refresh_token not in ("", brand.credentials.refresh_token)
    assert say(x, Sender(brand.uid, new, brand.handle), "after the refresh")
    with pytest.raises(Reconnect):
        x.refresh(brand.credentials)


@pytest.mark.parametrize("fault", ["error_before", "bad_gateway", "rate_limited", "reset_before", "refresh_lost"])
def test_a_disturbed_refresh_never_disconnects(x: Adapter, sandbox: SandboxProcess, brand: Sender, fault: str) -> None:
    sandbox.fault("x", fault, brand.uid, on=["token"], times=1)
    with pytest.raises(TryLater):
        x.refresh(brand.credentials)


def test_the_verifier_of_rfc_7636(x: Adapter) -> None:
    url = x.authorize_url(state="s", redirect_uri=CALLBACK, verifier="dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert parse_qs(urlsplit(url).query)["code_challenge"] == ["E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"]


# -- publishing ------------------------------------------------------------------------------------


def test_a_post_is_read_as_it_was_written(x: Adapter, sandbox: SandboxProcess, brand: Sender) -> None:
    content = Content("Kopi & teh <3 di teraskopi.id ☕", link="https://teraskopi.id/promo?utm_source=x")
    receipt = x.publish(brand, content, open_media=opener({}))
    [post] = sandbox.posts("x", brand.uid)
    assert post["id"] == receipt.remote_id
    assert post["text"] == "Kopi & teh <3 di teraskopi.id ☕\nhttps://teraskopi.id/promo?utm_source=x"
    assert receipt.url == f"{sandbox.url}/x.com/{brand.handle}/status/{receipt.remote_id}"
    assert receipt.extra["rate_remaining"].isdecimal()
    [listed] = x.recent(brand, since=LONG_AGO).posts
    assert x.same(content, listed)
    assert not x.same(Content("Kopi & teh <3 di teraskopi.id"), listed)


def test_pictures_carry_their_descriptions(x: Adapter, sandbox: SandboxProcess, brand: Sender) -> None:
    files: Files = {}
    shown = tuple(
        media(picture(colour=colour), files, alt=alt) for colour, alt in (("red", "Cangkir merah"), ("blue", ""))
    )
    content = Content("Dua cangkir", media=shown)
    receipt = x.publish(brand, content, open_media=opener(files))
    [post] = sandbox.posts("x", brand.uid)
    assert len(post["media"]) == 2
    [call] = sandbox.ask("ledger", network="x", stored=receipt.remote_id)
    assert json.loads(call["body"])["media"]["media_ids"] == post["media"]
    calls = sandbox.ask("ledger", network="x", account=brand.uid, does="upload")
    assert sum('"text": "Cangkir merah"' in call["body"] for call in calls) == 1
    [listed] = x.recent(brand, since=LONG_AGO).posts
    assert listed.media_count == 2 and x.same(content, listed)


def test_a_film_goes_up_in_pieces_and_waits_for_processing(
    x: Adapter, sandbox: SandboxProcess, brand: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("networks.adapters.x.uploads.CHUNK", 1000)
    files: Files = {}
    data = film(2)
    content = Content("Menyeduh pelan", media=(media(data, files, mime="video/mp4", alt="Barista menuang air"),))
    x.publish(brand, content, open_media=opener(files))
    calls = sandbox.ask("ledger", network="x", account=brand.uid, does="upload", limit=500)
    appends = [call for call in calls if call["path"].endswith("/append")]
    assert len(appends) == -(-len(data) // 1000)
    assert any("in_progress" in call["answer"] for call in calls)
    [post] = sandbox.posts("x", brand.uid)
    assert len(post["media"]) == 1


def test_a_film_that_fails_in_processing_is_refused(x: Adapter, sandbox: SandboxProcess, brand: Sender) -> None:
    files: Files = {}
    content = Content("Film", media=(media(film(2), files, mime="video/mp4"),))
    sandbox.fault("x", "media_fails", brand.uid)
    with pytest.raises(Refused):
        x.publish(brand, content, open_media=opener(files))
    assert sandbox.posts("x", brand.uid) == []


def test_a_film_stuck_in_processing_waits_and_is_not_brought_again(
    x: Adapter, sandbox: SandboxProcess, brand: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("networks.adapters.x.uploads.PATIENCE", 0.5)
    files: Files = {}
    content = Content("Film", media=(media(film(2), files, mime="video/mp4"),))
    sandbox.fault("x", "media_stuck", brand.uid)
    for _ in range(2):
        with pytest.raises(TryLater) as later:
            x.publish(brand, content, open_media=opener(files))
        assert later.value.code == "media_processing"
    calls = sandbox.ask("ledger", network="x", account=brand.uid, does="upload", limit=500)
    assert sum(call["path"].endswith("/initialize") for call in calls) == 1


def test_media_that_cannot_be_read_are_no_fault_of_x(x: Adapter, sandbox: SandboxProcess, brand: Sender) -> None:
    def missing(media: Media) -> BinaryIO:
        raise FileNotFoundError(media.key)

    with pytest.raises(TryLater) as later:
        x.publish(brand, Content("Satu", media=(media(picture(), {}),)), open_media=missing)
    assert later.value.code == "media_unreadable"


def test_what_is_out_of_time_is_not_begun(x: Adapter, sandbox: SandboxProcess, brand: Sender) -> None:
    with sent_before(time.monotonic() - 1), pytest.raises(TryLater):
        say(x, brand, "terlambat")
    assert sandbox.posts("x", brand.uid) == []


def test_a_pause_asked_for_keeps_the_upload(x: Adapter, sandbox: SandboxProcess, brand: Sender) -> None:
    files: Files = {}
    content = Content("Satu", media=(media(picture(), files),))
    sandbox.fault("x", "rate_limited", brand.uid, on=["publish"], times=1)
    with pytest.raises(TryLater):
        x.publish(brand, content, open_media=opener(files))
    x.publish(brand, content, open_media=opener(files))
    calls = sandbox.ask("ledger", network="x", account=brand.uid, does="upload")
    assert len(calls) == 1


def test_a_thread_is_a_chain_of_own_answers(x: Adapter, sandbox: SandboxProcess, brand: Sender) -> None:
    first = say(x, brand, "1/2")
    target = Target(TargetKind.THREAD, first)
    second = x.reply(brand, Content("2/2"), target=target, open_media=opener({})).remote_id
    posts = {post["id"]: post for post in sandbox.posts("x", brand.uid)}
    assert posts[second]["parent"] == posts[second]["root"] == first
    assert [one.remote_id for one in x.recent(brand, since=LONG_AGO, target=target).posts] == [second]


def test_switches_reach_x(x: Adapter, sandbox: SandboxProcess, brand: Sender) -> None:
    x.publish(brand, Content("Iklan", options={"paid_partnership": True, "other": 1}), open_media=opener({}))
    assert sandbox.posts("x", brand.uid)[0]["raw"] == {"text": "Iklan", "paid_partnership": True}


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
def test_an_answer_that_says_no_is_certain(x: Adapter, sandbox: SandboxProcess, brand: Sender, fault: str) -> None:
    sandbox.fault("x", fault, brand.uid, on=["publish"], times=1)
    with pytest.raises(SURELY_NOT[fault]):
        say(x, brand, f"certain {fault}")
    assert sandbox.posts("x", brand.uid) == []


@pytest.mark.parametrize("fault", WHO_KNOWS)
def test_an_unclear_answer_is_a_question(x: Adapter, sandbox: SandboxProcess, brand: Sender, fault: str) -> None:
    sandbox.fault("x", fault, brand.uid, on=["publish"], times=1)
    content = Content(f"unclear {fault}")
    with pytest.raises(Unsure):
        x.publish(brand, content, open_media=opener({}))
    assert len(sandbox.posts("x", brand.uid)) == WHO_KNOWS[fault]
    listing = x.recent(brand, since=LONG_AGO)
    assert listing.complete
    assert [x.same(content, listed) for listed in listing.posts] == [True] * WHO_KNOWS[fault]


def test_a_timeout_is_a_question(sandbox: SandboxProcess, brand: Sender) -> None:
    hasty = Adapter(APP, Reach(sandbox.url, connect=1.0, read=0.3))
    sandbox.fault("x", "late_reply", brand.uid, times=1, params={"seconds": 1})
    with pytest.raises(Unsure):
        say(hasty, brand, "too late")
    until = time.monotonic() + 5
    while not sandbox.posts("x", brand.uid) and time.monotonic() < until:
        time.sleep(0.05)
    assert len(sandbox.posts("x", brand.uid)) == 1


def test_nobody_there_is_certain(brand: Sender) -> None:
    with pytest.raises(TryLater):
        say(Adapter(APP, Reach("http://127.0.0.1:9", connect=1.0)), brand, "nobody there")


def test_the_pause_x_asks_for_is_passed_on(x: Adapter, sandbox: SandboxProcess, brand: Sender) -> None:
    sandbox.fault("x", "rate_limited", brand.uid, times=1, params={"retry_after": 600})
    with pytest.raises(TryLater) as later:
        say(x, brand, "wait")
    assert later.value.after == timedelta(seconds=600)


def test_a_used_up_budget_waits_until_it_is_full_again(x: Adapter, sandbox: SandboxProcess, brand: Sender) -> None:
    sandbox.control("settings", rate_scale=0.01)
    say(x, brand, "the only one")
    with pytest.raises(TryLater) as later:
        say(x, brand, "one too many")
    assert later.value.after is not None
    assert timedelta(minutes=14) < later.value.after <= timedelta(minutes=15)


def test_an_expiry_we_foresaw_asks_for_a_refresh_not_for_a_person(x: Adapter, sandbox: SandboxProcess) -> None:
    stale = made_sender(sandbox.account("x", expires_in=-1))
    with pytest.raises(TryLater):
        say(x, stale, "stale")
    assert say(x, Sender(stale.uid, x.refresh(stale.credentials), stale.handle), "fresh")


def test_the_same_words_again_are_a_question(x: Adapter, brand: Sender) -> None:
    say(x, brand, "sekali saja")
    with pytest.raises(Unsure) as unsure:
        say(x, brand, "sekali saja")
    assert unsure.value.code == "duplicate"


def test_what_does_not_fit_is_said_before_and_refused_by_x(x: Adapter, sandbox: SandboxProcess, brand: Sender) -> None:
    for text in ("a" * 281, "コ" * 141, "", "$KOPI $TEH"):
        with pytest.raises(Refused):
            say(x, brand, text)
    assert [m.field for m in x.misfits(Content("a" * 281))] == ["text"]
    assert x.misfits(Content("コ" * 140)) == []
    assert x.misfits(Content("a" * 256, link="https://teraskopi.id/" + "x" * 200)) == []
    assert [m.found for m in x.misfits(Content("a" * 257, link="https://teraskopi.id/"))] == [281]
    assert sandbox.posts("x", brand.uid) == []


def test_our_counter_and_the_pretend_xs_agree(x: Adapter, brand: Sender) -> None:
    """Two counters written apart: texts of exactly 280 are taken, one more is refused."""
    pieces = (
        "kopi ",
        "☕",
        "👩🏽‍🚀",
        "コーヒー",
        "https://teraskopi.id/a?b=c ",
        "teraskopi.id ",
        "“é” ",
        "#Kopi ",
        "1️⃣",
        "🇮🇩",
    )
    for place, piece in enumerate(pieces):
        text = f"{place} " + piece * 5
        full = text + "x" * (280 - x.count(text))
        assert x.count(full) == 280
        assert say(x, brand, full)
        with pytest.raises(Refused):
            say(x, brand, full + "y")


def test_misfits_of_media(x: Adapter) -> None:
    files: Files = {}
    one, gif = media(picture(), files), media(picture("GIF"), files, mime="image/gif")
    clip = media(film(1), files, mime="video/mp4")
    assert x.misfits(Content("", media=(one,) * 4)) == []
    for bad in ((one,) * 5, (one, clip), (clip, clip), (gif, one)):
        assert x.misfits(Content("t", media=bad)), bad
    heavy = Media(MediaKind.IMAGE, "k", "image/png", "s", 5 * 1024 * 1024 + 1, alt="a" * 1001)
    assert [m.field for m in x.misfits(Content("t", media=(heavy,)))] == ["media", "alt"]


def test_no_token_reaches_a_log(
    x: Adapter, sandbox: SandboxProcess, brand: Sender, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    say(x, brand, "quiet")
    sandbox.fault("x", "error_before", brand.uid, times=1)
    with pytest.raises(Unsure):
        say(x, brand, "quiet too")
    x.refresh(brand.credentials)
    told = caplog.text
    assert brand.credentials.access_token not in told and brand.credentials.refresh_token not in told
    assert "sandbox-x-secret" not in told
