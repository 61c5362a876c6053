"""LinkedIn's adapter against a real sandbox process over real sockets, through python-linkedin-v2."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests

from networks.adapters.linkedin import Adapter
from networks.protocol import (
    AppKey,
    Connects,
    Content,
    Credentials,
    Deletes,
    Finds,
    Listens,
    Measures,
    Media,
    MediaKind,
    Moderates,
    Network,
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
from tests.networks.linkedin_cast import APP, LONG_AGO, Files, made_sender, media, opener, say
from tests.sandbox.clips import film, picture
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def linkedin(sandbox: SandboxProcess) -> Adapter:
    return Adapter(APP, Reach(sandbox.url, connect=1.0, read=3.0))


@pytest.fixture
def page(sandbox: SandboxProcess) -> Sender:
    return made_sender(sandbox.account("linkedin"))


def test_it_has_every_ability(linkedin: Adapter) -> None:
    for ability in (Network, Connects, Publishes, Finds, Deletes, Measures, Listens, Replies, Moderates):
        assert isinstance(linkedin, ability), ability


# -- publishing ------------------------------------------------------------------------------------


def test_a_link_alone_becomes_an_article_with_a_title(linkedin: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    content = Content("Baca (sekarang)", link="https://www.teraskopi.id/promo?utm_source=linkedin")
    receipt = linkedin.publish(page, content, open_media=opener({}))
    [post] = sandbox.posts("linkedin", page.uid)
    assert post["id"] == receipt.remote_id and receipt.remote_id.startswith("urn:li:share:")
    assert post["raw"]["content"] == {"article": {"source": content.link, "title": "teraskopi.id"}}
    assert receipt.url == f"{sandbox.url}/www.linkedin.com/feed/update/{receipt.remote_id}/"
    listing = linkedin.recent(page, since=LONG_AGO)
    assert listing.complete and linkedin.same(content, listing.posts[0])
    assert not linkedin.same(Content("Baca"), listing.posts[0])


def test_one_picture_and_several_carry_their_descriptions(
    linkedin: Adapter, sandbox: SandboxProcess, page: Sender
) -> None:
    files: Files = {}
    red, blue = (media(picture(colour=colour), files, alt=alt) for colour, alt in (("red", "Merah"), ("blue", "")))
    for content in (
        Content("Satu", link="https://teraskopi.id/menu", media=(red,)),
        Content("Dua", media=(red, blue)),
    ):
        linkedin.publish(page, content, open_media=opener(files))
        listed = linkedin.recent(page, since=LONG_AGO).posts[0]
        assert linkedin.same(content, listed) and listed.media_count == len(content.media)
    one, two = sandbox.posts("linkedin", page.uid)
    assert one["raw"]["content"]["media"] == {"id": one["media"][0], "altText": "Merah"}
    assert one["reader"]["text"] == "Satu\n\nhttps://teraskopi.id/menu"
    assert [image.get("altText") for image in two["raw"]["content"]["multiImage"]["images"]] == ["Merah", None]


def test_a_film_goes_up_in_parts_without_our_token(linkedin: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    files: Files = {}
    data = film(4) + b"\0" * (4 * 1024 * 1024)  # padding, so that it takes two parts
    content = Content("Menyeduh pelan", title="Seduh", media=(media(data, files, mime="video/mp4"),))
    linkedin.publish(page, content, open_media=opener(files))
    calls = sandbox.ask("ledger", network="linkedin", account=page.uid, does="upload", limit=50)
    parts = [call for call in calls if call["method"] == "PUT"]
    assert len(parts) == 2 and not any("Authorization" in call["headers"] for call in parts)
    [post] = sandbox.posts("linkedin", page.uid)
    assert post["raw"]["content"]["media"]["title"] == "Seduh"
    [listed] = linkedin.recent(page, since=LONG_AGO).posts
    assert linkedin.same(content, listed)


@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "error_after", "truncated", "no_id", "rate_limited"])
@pytest.mark.parametrize("mime", ["image/png", "video/mp4"])
def test_a_broken_upload_is_late_and_never_a_question(
    linkedin: Adapter, sandbox: SandboxProcess, page: Sender, fault: str, mime: str
) -> None:
    files: Files = {}
    data = film(4) if mime == "video/mp4" else picture()
    content = Content(f"upload {fault}", media=(media(data, files, mime=mime),))
    sandbox.fault("linkedin", fault, page.uid, on=["upload"], times=1)
    with pytest.raises(TryLater):
        linkedin.publish(page, content, open_media=opener(files))
    assert sandbox.posts("linkedin", page.uid) == []


@pytest.mark.parametrize("bad", ["media_fails", "not a picture", "short film"])
def test_what_linkedin_cannot_process_is_refused(
    linkedin: Adapter, sandbox: SandboxProcess, page: Sender, bad: str
) -> None:
    files: Files = {}
    data, mime = {
        "media_fails": (picture(), "image/png"),
        "not a picture": (b"GIF nothing", "image/png"),
        "short film": (film(1), "video/mp4"),
    }[bad]
    if bad == "media_fails":
        sandbox.fault("linkedin", "media_fails", page.uid)
    with pytest.raises(Refused):
        linkedin.publish(page, Content("x", media=(media(data, files, mime=mime),)), open_media=opener(files))
    assert sandbox.posts("linkedin", page.uid) == []


def test_a_film_stuck_in_processing_waits_and_is_not_brought_again(
    linkedin: Adapter, sandbox: SandboxProcess, page: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("networks.adapters.linkedin.uploads.PATIENCE", 0.6)
    files: Files = {}
    content = Content("Film", media=(media(film(4), files, mime="video/mp4"),))
    sandbox.fault("linkedin", "media_stuck", page.uid)
    for _ in range(2):
        with pytest.raises(TryLater) as later:
            linkedin.publish(page, content, open_media=opener(files))
        assert later.value.code == "media_processing"
    calls = sandbox.ask("ledger", network="linkedin", account=page.uid, does="upload", limit=50)
    assert sum("initializeUpload" in str(call["query"]) for call in calls) == 1


def test_an_unclear_post_never_lends_its_picture_to_the_next(
    linkedin: Adapter, sandbox: SandboxProcess, page: Sender
) -> None:
    files: Files = {}
    content = Content("Satu", media=(media(picture(), files),))
    sandbox.fault("linkedin", "reset_after", page.uid, on=["publish"], times=1)
    with pytest.raises(Unsure):
        linkedin.publish(page, content, open_media=opener(files))
    linkedin.publish(page, replace(content, text="Dua"), open_media=opener(files))
    one, two = sandbox.posts("linkedin", page.uid)
    assert one["media"] != two["media"]


def test_a_first_comment_hangs_on_the_post(linkedin: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    post = say(linkedin, page, "Menu baru")
    target = Target(TargetKind.COMMENT, post)
    content = Content("Selengkapnya (di sini)", link="https://teraskopi.id/menu")
    receipt = linkedin.reply(page, content, target=target, open_media=opener({}))
    [comment] = list(sandbox.ask("posts", network="linkedin", root=post))
    assert comment["id"] == receipt.remote_id and comment["parent"] == post
    assert comment["reader"]["text"] == "Selengkapnya (di sini)\n\nhttps://teraskopi.id/menu"
    listing = linkedin.recent(page, since=LONG_AGO, target=target)
    assert listing.complete and [linkedin.same(content, one) for one in listing.posts] == [True]
    assert listing.posts[0].remote_id == receipt.remote_id
    linkedin.delete(page, receipt.remote_id)
    linkedin.delete(page, receipt.remote_id)
    assert linkedin.recent(page, since=LONG_AGO, target=target).posts == ()


@pytest.mark.parametrize("fault", ["reset_after", "no_id", "truncated", "bad_json", "empty_body"])
def test_a_comment_lost_on_its_way_back_is_found(
    linkedin: Adapter, sandbox: SandboxProcess, page: Sender, fault: str
) -> None:
    target = Target(TargetKind.COMMENT, say(linkedin, page, "Menu baru"))
    sandbox.fault("linkedin", fault, page.uid, on=["reply"], times=1)
    with pytest.raises(Unsure):
        linkedin.reply(page, Content("Pertama"), target=target, open_media=opener({}))
    listing = linkedin.recent(page, since=LONG_AGO, target=target)
    assert listing.complete and [linkedin.same(Content("Pertama"), one) for one in listing.posts] == [True]


def test_a_receipts_address_opens_the_post_and_the_comment(
    linkedin: Adapter, sandbox: SandboxProcess, page: Sender
) -> None:
    post = linkedin.publish(page, Content("Menu baru"), open_media=opener({}))
    target = Target(TargetKind.COMMENT, post.remote_id)
    comment = linkedin.reply(page, Content("Pertama"), target=target, open_media=opener({}))
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
    linkedin: Adapter, sandbox: SandboxProcess, page: Sender, fault: str
) -> None:
    sandbox.fault("linkedin", fault, page.uid, on=["publish"], times=1)
    with pytest.raises(SURELY_NOT[fault]):
        say(linkedin, page, f"certain {fault}")
    assert sandbox.posts("linkedin", page.uid) == []


@pytest.mark.parametrize("fault", WHO_KNOWS)
def test_an_unclear_answer_is_a_question(linkedin: Adapter, sandbox: SandboxProcess, page: Sender, fault: str) -> None:
    sandbox.fault("linkedin", fault, page.uid, on=["publish"], times=1)
    content = Content(f"unclear ({fault})")
    with pytest.raises(Unsure):
        linkedin.publish(page, content, open_media=opener({}))
    assert len(sandbox.posts("linkedin", page.uid)) == WHO_KNOWS[fault]
    listing = linkedin.recent(page, since=LONG_AGO)
    assert listing.complete
    assert [linkedin.same(content, listed) for listed in listing.posts] == [True] * WHO_KNOWS[fault]


def test_a_timeout_is_a_question(sandbox: SandboxProcess, page: Sender) -> None:
    hasty = Adapter(APP, Reach(sandbox.url, connect=1.0, read=0.3))
    sandbox.fault("linkedin", "late_reply", page.uid, times=1, params={"seconds": 1})
    with pytest.raises(Unsure):
        say(hasty, page, "too late")
    assert len(sandbox.posts("linkedin", page.uid)) == 1


def test_nobody_there_is_certain(page: Sender) -> None:
    with pytest.raises(TryLater):
        say(Adapter(APP, Reach("http://127.0.0.1:9", connect=1.0)), page, "nobody there")


def test_the_pauses_linkedin_asks_for_are_passed_on(linkedin: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    sandbox.fault("linkedin", "rate_limited", page.uid, times=1, params={"retry_after": 600})
    with pytest.raises(TryLater) as later:
        say(linkedin, page, "wait")
    assert later.value.after == timedelta(minutes=10)
    sandbox.fault("linkedin", "quota", page.uid, times=1)
    with pytest.raises(TryLater) as tomorrow:
        say(linkedin, page, "wait")
    assert tomorrow.value.after is not None
    midnight = datetime.now(UTC) + tomorrow.value.after
    assert midnight.hour == 0 or (midnight.hour == 23 and midnight.minute == 59)


def test_an_end_without_a_refresh_token_needs_a_person(linkedin: Adapter, sandbox: SandboxProcess) -> None:
    stale = made_sender(sandbox.account("linkedin", expires_in=-1))
    with pytest.raises(TryLater):
        say(linkedin, stale, "stale")
    assert say(linkedin, replace(stale, credentials=linkedin.refresh(stale.credentials)), "fresh")
    with pytest.raises(Reconnect):
        say(linkedin, replace(stale, credentials=Credentials(stale.credentials.access_token)), "stale")


def test_the_same_words_again_are_a_question_that_names_the_first(linkedin: Adapter, page: Sender) -> None:
    first = say(linkedin, page, "sekali saja")
    with pytest.raises(Unsure) as unsure:
        say(linkedin, page, "sekali saja")
    assert (unsure.value.hint, unsure.value.code) == (first, "DUPLICATE_POST")


def test_the_duplicate_linkedin_names_may_be_a_ghost(linkedin: Adapter, sandbox: SandboxProcess, page: Sender) -> None:
    sandbox.fault("linkedin", "duplicate", page.uid, times=1)
    with pytest.raises(Unsure) as unsure:
        say(linkedin, page, "hantu")
    assert unsure.value.hint.startswith("urn:li:share:")
    assert linkedin.recent(page, since=LONG_AGO).posts == ()


def test_a_version_nobody_offers_waits_for_an_operator(sandbox: SandboxProcess, page: Sender) -> None:
    old = AppKey(APP.client_id, APP.client_secret, extra={"api_version": "202401"})
    with pytest.raises(TryLater) as later:
        say(Adapter(old, Reach(sandbox.url)), page, "from the past")
    assert later.value.code == "NONEXISTENT_VERSION"


def test_what_does_not_fit_is_said_before_anything_is_sent(
    linkedin: Adapter, sandbox: SandboxProcess, page: Sender
) -> None:
    assert linkedin.count("(☕)🫘") == 7
    for text in ("(" * 1501, "a" * 3001, ""):
        assert [misfit.field for misfit in linkedin.misfits(Content(text))] == ["text"]
        with pytest.raises(Refused):
            say(linkedin, page, text)
    assert linkedin.misfits(Content("(" * 1500)) == []
    assert sandbox.ask("ledger", network="linkedin", account=page.uid) == []


def test_misfits_of_media(linkedin: Adapter) -> None:
    files: Files = {}
    one, clip = media(picture(), files), media(film(4), files, mime="video/mp4")
    assert linkedin.misfits(Content("", media=(one,) * 20)) == []
    for bad in ((one,) * 21, (one, clip), (clip, clip), (replace(clip, seconds=2.0),)):
        assert linkedin.misfits(Content("t", media=bad)), bad
    heavy = Media(MediaKind.IMAGE, "k", "image/png", "s", 5 * 1024 * 1024 + 1, 9000, 9000, alt="a" * 4087)
    assert [misfit.field for misfit in linkedin.misfits(Content("t", media=(heavy,)))] == ["media", "media", "alt"]


def test_no_token_reaches_an_address_or_a_log(
    linkedin: Adapter, sandbox: SandboxProcess, page: Sender, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    id = say(linkedin, page, "quiet")
    linkedin.recent(page, since=LONG_AGO)
    linkedin.measure(page, [id])
    linkedin.refresh(page.credentials)
    linkedin.delete(page, id)
    told = caplog.text
    for secret in (page.credentials.access_token, page.credentials.refresh_token, APP.client_secret):
        assert secret not in told
    for call in sandbox.ask("ledger", network="linkedin", account=page.uid):
        assert page.credentials.access_token not in json.dumps([call["path"], call["query"]])
        if call["host"] == "api.linkedin.com":
            assert call["headers"]["LinkedIn-Version"] == "202611"
