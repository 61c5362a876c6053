"""What is YouTube's own: pieces that go on where they stopped, a quota of the day, comments by asking."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

import pytest
from pytest_django import Settings

from networks.adapters.youtube.calls import until_midnight
from networks.adapters.youtube.uploads import CHUNK
from networks.protocol import (
    Content,
    EventKind,
    Media,
    MediaKind,
    NetworkError,
    Reconnect,
    Refused,
    Target,
    TargetKind,
    TryLater,
    Unsure,
)
from networks.wire import sent_before
from tests.networks.every import Stage, adapter, fresh
from tests.sandbox_process import SandboxProcess

SLUG = "youtube"
BIG = b"\x00\x00\x00\x18ftypmp42" + b"V" * (2 * CHUNK + 1000)  # three pieces


@pytest.fixture
def stage(sandbox: SandboxProcess, settings: Settings) -> Stage:
    settings.SANDBOX_URL, settings.NETWORKS = sandbox.url, {}
    sandbox.control("settings", processing_seconds=0)
    return Stage(adapter(SLUG, sandbox.url, read=3.0), sandbox)


def big(stage: Stage, data: bytes = BIG, **more: Any) -> Content:
    digest = hashlib.sha256(data).hexdigest()
    stage.files[digest] = data
    media = Media(MediaKind.VIDEO, digest, "video/mp4", digest, len(data), seconds=9)
    return Content(fresh("Kopi"), title=fresh("Judul"), media=(media,), **more)


def pieces(stage: Stage) -> list[str]:
    """The Content-Range of every PUT, in order."""
    calls = stage.sandbox.ask("ledger", network=SLUG, account=stage.sender.uid, does="publish")
    return [call["headers"].get("Content-Range", "") for call in reversed(calls)]


def test_a_video_goes_up_in_pieces_and_arrives_whole(stage: Stage) -> None:
    stage.publish(big(stage))
    total = len(BIG)
    assert pieces(stage) == [
        f"bytes 0-{CHUNK - 1}/{total}",
        f"bytes {CHUNK}-{2 * CHUNK - 1}/{total}",
        f"bytes {2 * CHUNK}-{total - 1}/{total}",
    ]
    [post] = stage.stored()
    stored = stage.sandbox._session.get(f"{stage.sandbox.url}/_blob/{SLUG}/{post['media'][0]}", timeout=5).content
    assert hashlib.sha256(stored).hexdigest() == hashlib.sha256(BIG).hexdigest()


@pytest.mark.parametrize("fault", ["reset_before", "error_before", "bad_gateway", "rate_limited"])
def test_a_broken_upload_goes_on_where_it_stopped(stage: Stage, fault: str) -> None:
    content = big(stage)

    class Breaks(io.BytesIO):
        """The second piece meets a fault."""

        def read(self, size: int | None = -1) -> bytes:
            if self.tell() == CHUNK:
                stage.fault(fault, "publish")
            return super().read(size)

    def open_it(media: Media) -> BinaryIO:
        return Breaks(stage.files[media.key])

    with pytest.raises(TryLater):
        stage.network.publish(stage.sender, content, open_media=open_it)
    assert stage.stored() == []
    stage.publish(content)
    total = len(BIG)
    assert pieces(stage)[2:] == [
        f"bytes */{total}",
        f"bytes {CHUNK}-{2 * CHUNK - 1}/{total}",
        f"bytes {2 * CHUNK}-{total - 1}/{total}",
    ]
    assert len(stage.stored()) == 1


def test_the_last_piece_is_not_sent_when_the_time_is_over(stage: Stage) -> None:
    content = big(stage)
    with sent_before(0.0), pytest.raises(TryLater) as error:
        stage.publish(content)
    assert error.value.code == "out_of_time" and stage.stored() == []
    stage.publish(content)
    assert pieces(stage)[-2:] == [f"bytes */{len(BIG)}", f"bytes {2 * CHUNK}-{len(BIG) - 1}/{len(BIG)}"]
    assert len(stage.stored()) == 1


def test_a_session_that_may_be_whole_is_never_used_again(stage: Stage) -> None:
    content = big(stage, b"\x00\x00\x00\x18ftypmp42 short")
    stage.fault("reset_after", "publish")
    with pytest.raises(Unsure):
        stage.publish(content)
    assert len(stage.stored()) == 1 and not stage.network._uploads._known


def test_labels_privacy_and_language_reach_youtube(stage: Stage) -> None:
    options = {"has_paid_product_placement": True, "privacy": "unlisted", "made_for_kids": True, "made_with_ai": True}
    receipt = stage.publish(big(stage, language="id", options=options))
    assert receipt.extra["privacy"] == "unlisted"
    [post] = stage.stored()
    assert post["raw"]["paidProductPlacementDetails"] == {"hasPaidProductPlacement": True}
    assert post["raw"]["status"] == {
        "privacyStatus": "unlisted",
        "selfDeclaredMadeForKids": True,
        "containsSyntheticMedia": True,
    }
    assert post["raw"]["snippet"]["defaultLanguage"] == "id"
    assert "includes paid promotion" in post["reader"]["note"]


def test_the_title_is_the_first_line_when_there_is_none(stage: Stage) -> None:
    content = big(stage)
    stage.publish(Content("Baris pertama\nBaris kedua", media=content.media))
    [post] = stage.stored()
    assert (post["extra"]["title"], post["text"]) == ("Baris pertama", "Baris pertama\nBaris kedua")


def test_what_youtube_would_refuse_is_refused_before_anything_is_sent(stage: Stage) -> None:
    media = big(stage).media
    for content in (
        Content("teks", title="a" * 101, media=media),
        Content("a < b", title="Judul", media=media),
        Content("é" * 2501, title="Judul", media=media),
        Content("teks", title="Judul"),
        Content("teks", title="Judul", media=(*media, *media)),
        Content("", media=media),
    ):
        assert stage.network.misfits(content)
        with pytest.raises(Refused):
            stage.publish(content)
    assert stage.sandbox.ask("ledger", network=SLUG, account=stage.sender.uid, does="upload") == []


def test_a_used_up_quota_waits_for_midnight_in_california(stage: Stage) -> None:
    stage.fault("quota", "upload")
    with pytest.raises(TryLater) as error:
        stage.publish(big(stage))
    assert error.value.after is not None and timedelta() < error.value.after <= timedelta(hours=25, minutes=1)
    summer, winter = datetime(2026, 7, 1, 6, 0, tzinfo=UTC), datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    assert until_midnight(summer) == timedelta(hours=1, minutes=1)
    assert until_midnight(winter) == timedelta(hours=2, minutes=1)


def test_the_pretend_project_has_a_hundred_uploads_a_day(stage: Stage) -> None:
    stage.sandbox.control("settings", rate_scale=0.01)
    outcomes = []
    for _ in range(2):
        try:
            stage.publish(big(stage, b"\x00\x00\x00\x18ftypmp42 small"))
            outcomes.append("")
        except NetworkError as error:
            outcomes.append(error.code)
    stage.sandbox.control("settings", rate_scale=1000)
    assert outcomes[-1] == "quotaExceeded"


def test_an_expiry_that_was_foreseen_is_no_reason_to_ask_a_person(stage: Stage) -> None:
    stage.fault("token_expired", "list", times=2)
    known = stage.sender.credentials
    late = type(known)(known.access_token, known.refresh_token, datetime.now(UTC) - timedelta(minutes=1))
    with pytest.raises(TryLater):
        stage.network.recent(type(stage.sender)(stage.sender.uid, late), since=stage.began)
    with pytest.raises(Reconnect):
        stage.network.recent(stage.sender, since=stage.began)


def test_late_answers_and_edits_are_heard(stage: Stage) -> None:
    video = stage.publish(big(stage)).remote_id
    asked = {"network": SLUG, "author": "dewilestari"}
    first = stage.sandbox.control("say", **asked, parent=video, text="Enak!")["id"]
    for number in range(8):
        stage.sandbox.control("say", **asked, parent=first, text=f"Lagi {number}")
    events = stage.network.poll(stage.sender, since=stage.began)
    assert len(events) == 9  # the list brings five answers of a thread: the rest was asked for
    assert {event.parent_id for event in events} == {"", first}
    stage.sandbox.control("settings", advance=5)
    stage.sandbox.control("edit", network=SLUG, post=first, text="Enak sekali!")
    [edited] = [e for e in stage.network.poll(stage.sender, since=stage.began) if e.kind is EventKind.EDITED]
    assert (edited.message_id, edited.text) == (first, "Enak sekali!")


def test_asking_a_quiet_channel_costs_one_unit(stage: Stage) -> None:
    video = stage.publish(big(stage)).remote_id
    asked = {"network": SLUG, "author": "dewilestari"}
    first = stage.sandbox.control("say", **asked, parent=video, text="Enak!")["id"]
    for number in range(8):
        stage.sandbox.control("say", **asked, parent=first, text=f"Lagi {number}")

    def cost() -> int:
        before = len(stage.sandbox.ask("ledger", network=SLUG, account=stage.sender.uid, does="list"))
        stage.network.poll(stage.sender, since=stage.began, post_ids=[video])
        return len(stage.sandbox.ask("ledger", network=SLUG, account=stage.sender.uid, does="list")) - before

    assert [cost(), cost(), cost()] == [2, 1, 1]
    stage.sandbox.control("say", **asked, parent=first, text="Satu lagi")
    assert [cost(), cost()] == [2, 1]


def test_an_answer_to_an_answer_hangs_on_the_threads_first_comment(stage: Stage) -> None:
    video = stage.publish(big(stage)).remote_id
    first = stage.sandbox.control("say", network=SLUG, author="dewilestari", parent=video, text="Enak!")["id"]
    second = stage.sandbox.control("say", network=SLUG, author="rinamaharani", parent=first, text="Setuju")["id"]
    target = Target(TargetKind.COMMENT_REPLY, video, second)
    made = stage.network.reply(stage.sender, Content("Terima kasih"), target=target, open_media=stage.opener())
    assert made.remote_id.startswith(f"{first}.")
    stage.network.delete(stage.sender, made.remote_id)
    assert [post["kind"] for post in stage.stored()] == ["post"]


def test_what_processing_threw_out_has_no_counts(stage: Stage) -> None:
    broken = stage.publish(big(stage, b"this is no video at all")).remote_id
    good = stage.publish(big(stage)).remote_id
    assert [one.remote_id for one in stage.network.measure(stage.sender, [broken, good])] == [good]
