"""Whatever a network does wrong, an error says what to do next, and never lies about what is live."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django import Settings

from networks import registry
from networks.protocol import (
    Connects,
    Content,
    Deletes,
    Finds,
    Listens,
    Measures,
    MediaKind,
    Network,
    NetworkError,
    Receipt,
    Reconnect,
    Refused,
    Replies,
    Target,
    TargetKind,
    TryLater,
    Unsure,
)
from networks.wire import Reach
from tests.networks.every import READ_SECONDS, SENT, VERIFIER, Stage, adapter, allow, fresh, redirect_uri
from tests.sandbox_process import SandboxProcess

EVERY = pytest.mark.parametrize("slug", SENT)
CERTAIN = (Refused, TryLater, Reconnect)  # nothing is live
QUESTIONS = [  # fault, its numbers: afterwards only a look tells
    ("late_reply", {"seconds": 3}),
    ("error_before", {}),
    ("error_after", {}),
    ("bad_gateway", {}),
    ("bad_gateway_after", {}),
    ("gateway_timeout", {}),
    ("gateway_timeout_after", {}),
    ("reset_before", {}),
    ("reset_after", {}),
    ("truncated", {}),
    ("bad_json", {}),
    ("empty_body", {}),
    ("no_id", {}),
]
ANSWERS = [  # fault, what may follow
    ("rate_limited", (TryLater,)),
    ("rate_limited_silent", (TryLater,)),
    ("quota", (TryLater,)),
    ("unauthorized", (Reconnect,)),
    ("token_expired", (Reconnect,)),
    ("token_revoked", (Reconnect,)),
    ("scope_missing", (Reconnect, Refused)),
    ("policy", (Refused, TryLater)),
    ("sunset", (TryLater, Refused)),
]


@pytest.fixture
def stage(slug: str, sandbox: SandboxProcess, settings: Settings) -> Stage:
    settings.SANDBOX_URL, settings.NETWORKS = sandbox.url, {}
    sandbox.control("settings", processing_seconds=0)
    return Stage(adapter(slug, sandbox.url), sandbox)


def outcome(act: Callable[[], object]) -> object:
    """What came back, or the error; anything but a NetworkError fails the test."""
    try:
        return act()
    except NetworkError as error:
        assert error.reason
        return error


@EVERY
@pytest.mark.parametrize(("fault", "params"), QUESTIONS, ids=[name for name, _ in QUESTIONS])
def test_an_unclear_answer_is_a_question_and_looking_answers_it(stage: Stage, fault: str, params: dict) -> None:
    content = stage.content()
    stage.fault(fault, "publish", **params)
    result = outcome(lambda: stage.publish(content))
    assert isinstance(result, Unsure | Receipt), result
    assert fault == "late_reply" or stage.struck(fault)  # a late one is noted only once it has answered
    live = stage.stored()
    assert len(live) <= 1
    if isinstance(result, Receipt):  # the id may come in a header that was not cut
        assert fault in ("truncated", "bad_json", "empty_body")
        assert [post["id"] for post in live] == [result.remote_id] or result.remote_id.endswith(live[0]["id"])
    if isinstance(stage.network, Finds):
        assert len(stage.found(content)) == len(live)


@EVERY
@pytest.mark.parametrize(("fault", "params"), QUESTIONS, ids=[name for name, _ in QUESTIONS])
def test_an_unclear_answer_to_a_reply_is_a_question_too(stage: Stage, fault: str, params: dict) -> None:
    if not isinstance(stage.network, Replies) or TargetKind.COMMENT not in stage.network.answers:
        pytest.skip(f"{stage.slug} has no first comments")
    target = Target(TargetKind.COMMENT, stage.publish(stage.content()).remote_id)
    comment = Content(fresh("Komentar"))
    stage.sandbox.fault(stage.slug, fault, stage.sender.uid, on=["reply", "publish"], times=1, params=params)
    result = outcome(lambda: stage.network.reply(stage.sender, comment, target=target, open_media=stage.opener()))
    assert isinstance(result, Unsure | Receipt), result
    assert fault == "late_reply" or stage.struck(fault)
    live = [post for post in stage.stored() if comment.text in post["text"]]
    assert len(live) <= 1
    if isinstance(stage.network, Finds):
        listing = stage.network.recent(stage.sender, since=stage.began, target=target)
        assert listing.complete
        assert len([post for post in listing.posts if stage.network.same(comment, post)]) == len(live)


@EVERY
@pytest.mark.parametrize(("fault", "expected"), ANSWERS, ids=[name for name, _ in ANSWERS])
def test_a_clear_refusal_says_what_to_do_next_and_nothing_is_live(
    stage: Stage, fault: str, expected: tuple[type[NetworkError], ...]
) -> None:
    stage.fault(fault, "publish")
    result = outcome(lambda: stage.publish(stage.content()))
    assert isinstance(result, expected), result
    assert stage.stored() == []


@EVERY
def test_retry_after_is_read(stage: Stage) -> None:
    stage.fault("rate_limited", "publish", retry_after=77)
    result = outcome(lambda: stage.publish(stage.content()))
    assert isinstance(result, TryLater) and result.after is not None
    assert timedelta(seconds=60) < result.after < timedelta(seconds=180)


@EVERY
def test_a_duplicate_is_never_sent_again_by_itself(stage: Stage) -> None:
    stage.fault("duplicate", "publish")
    assert isinstance(outcome(lambda: stage.publish(stage.content())), Unsure | Refused)


@EVERY
@pytest.mark.parametrize(
    "fault",
    ["slow", "error_before", "bad_gateway", "reset_before", "rate_limited", "unauthorized", "quota", "media_fails"],
)
def test_a_failed_upload_leaves_nothing_live(stage: Stage, fault: str) -> None:
    limits = stage.network.limits
    kind = MediaKind.IMAGE if limits.images else MediaKind.VIDEO
    content = stage.content(media=(stage.media(kind),))
    stage.fault(fault, "upload", **({"seconds": 3} if fault == "slow" else {}))
    result = outcome(lambda: stage.publish(content))
    if fault == "media_fails":  # some networks find out only afterwards: then a reader sees nothing of it
        assert (
            isinstance(result, CERTAIN)
            or "failed" in stage.stored()[0]["reader"]["note"].lower()
            or kind is MediaKind.IMAGE
        )
        return
    assert isinstance(result, CERTAIN), result
    assert stage.stored() == []
    assert fault == "slow" or stage.struck(fault)


@EVERY
@pytest.mark.parametrize(
    "fault", ["listing_503", "rate_limited", "bad_gateway", "reset_before", "error_before", "slow"]
)
def test_a_failed_listing_is_no_evidence(stage: Stage, fault: str) -> None:
    if not isinstance(stage.network, Finds):
        pytest.skip(f"{stage.slug} cannot look")
    stage.publish(stage.content())
    stage.fault(fault, "list", **({"seconds": 3} if fault == "slow" else {}))
    with pytest.raises(TryLater):
        stage.network.recent(stage.sender, since=stage.began)


@EVERY
def test_a_partial_listing_says_that_it_is_partial(stage: Stage) -> None:
    if not isinstance(stage.network, Finds):
        pytest.skip(f"{stage.slug} cannot look")
    for _ in range(3):
        stage.publish(stage.content())
    stage.fault("listing_partial", "list", times=-1)
    listing = stage.network.recent(stage.sender, since=stage.began)
    assert not listing.complete and len(listing.posts) < 3


@EVERY
@pytest.mark.parametrize("fault", ["unauthorized", "token_revoked"])
def test_lost_authority_is_said_whatever_was_asked(stage: Stage, fault: str) -> None:
    receipt = stage.publish(stage.content())
    for does, act in _acts(stage, receipt.remote_id).items():
        stage.fault(fault, does)
        assert isinstance(outcome(act), Reconnect), does
        assert stage.struck(fault), does
        stage.sandbox.control("faults/clear", network=stage.slug)


@EVERY
@pytest.mark.parametrize("fault", ["bad_gateway", "reset_before", "error_before", "rate_limited_silent"])
def test_a_disturbed_reading_or_deletion_may_be_tried_again(stage: Stage, fault: str) -> None:
    receipt = stage.publish(stage.content())
    for does, act in _acts(stage, receipt.remote_id).items():
        stage.fault(fault, does)
        assert isinstance(outcome(act), TryLater), does
        assert stage.struck(fault), does
        stage.sandbox.control("faults/clear", network=stage.slug)
    assert len(stage.stored()) == 1


def _acts(stage: Stage, remote_id: str) -> dict[str, Callable[[], object]]:
    network, sender = stage.network, stage.sender
    acts: dict[str, Callable[[], object]] = {}
    if isinstance(network, Listens):
        acts["list"] = lambda: network.poll(sender, since=stage.began, post_ids=[remote_id])
    if isinstance(network, Measures):
        acts["measure"] = lambda: network.measure(sender, [remote_id])
    if isinstance(network, Deletes):
        acts["delete"] = lambda: network.delete(sender, remote_id)
    return acts


@EVERY
def test_no_call_waits_for_ever(stage: Stage) -> None:
    receipt = stage.publish(stage.content())
    acts = {**_acts(stage, receipt.remote_id), "publish": lambda: stage.publish(stage.content())}
    if isinstance(stage.network, Connects):
        uri = redirect_uri(stage.sandbox, stage.slug)
        address = stage.network.authorize_url(state="s", redirect_uri=uri, verifier=VERIFIER)
        code = allow(address)["code"]
        acts["token"] = lambda: stage.network.exchange(code=code, redirect_uri=uri, verifier=VERIFIER)
    for does, act in acts.items():
        stage.sandbox.fault(stage.slug, "slow", on=[does], times=1, params={"seconds": 6})
        began = time.monotonic()
        result = outcome(act)
        assert time.monotonic() - began < 4 * READ_SECONDS, does
        assert isinstance(result, Unsure if does == "publish" else TryLater), (does, result)
        stage.sandbox.control("faults/clear", network=stage.slug)


@EVERY
def test_a_network_that_cannot_be_reached_was_certainly_not_told(
    slug: str, settings: Settings, sandbox: SandboxProcess
) -> None:
    settings.SANDBOX_URL, settings.NETWORKS = sandbox.url, {}
    stage = Stage(adapter(slug, sandbox.url), sandbox)
    nobody = registry._make(slug, registry.app_key(slug), Reach("http://127.0.0.1:9", connect=0.5, read=0.5))
    assert isinstance(nobody, Network)
    stage.network = nobody
    with pytest.raises(TryLater):
        stage.publish(stage.content())
