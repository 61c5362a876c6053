"""An answer nobody documented is still understood as what to do next: no network may surprise the post office."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

from networks.protocol import (
    Connects,
    Deletes,
    Finds,
    Listens,
    Measures,
    MediaKind,
    Moderates,
    NetworkError,
    NotOurs,
    Receipt,
    Unsure,
)
from networks.wire import sent_before
from tests.networks.every import SENT, VERIFIER, Stage, adapter
from tests.networks.garbler import Garbler, a_garbler
from tests.sandbox_process import SandboxProcess

EVERY = pytest.mark.parametrize("slug", SENT)
BODIES = (
    b"",
    b"<html><body><h1>Bad day</h1></body></html>",
    b"null",
    b"[]",
    b'"a word"',
    b"7",
    b"{}",
    b'{"data": null}',
    b'{"data": []}',
    b'{"error": "a word"}',
    b'{"error": null}',
    b'{"error": {"code": "x", "errors": [7]}}',
    b'{"errors": ["a word"]}',
    b'{"errors": {"a": 1}}',
    b'{"id": null}',
    b'{"items": [7]}',
    b'{"items": "a word"}',
    b'{"message": ["x"], "status": "y"}',
    b'{"cut": "off',
    b"\xff\xfe\x00",
)
REFUSALS = (400, 401, 403, 404, 405, 409, 410, 418, 422, 426, 429)
BREAKS = (301, 302, 500, 502, 503, 504, 599)
SUCCESSES = (200, 201, 204)
FEW = (b"", BODIES[1], b'{"error": {"code": "x", "errors": [7]}}')


def answers(*statuses: int) -> list[tuple[int, bytes]]:
    """The first status with every body, the others with a few."""
    return [(statuses[0], body) for body in BODIES] + [(status, body) for status in statuses[1:] for body in FEW]


@pytest.fixture
def garbler(sandbox: SandboxProcess) -> Iterator[Garbler]:
    with a_garbler(sandbox.url) as garbler:
        yield garbler


@pytest.fixture
def stage(slug: str, sandbox: SandboxProcess, garbler: Garbler, settings: Settings) -> Stage:
    settings.SANDBOX_URL, settings.NETWORKS = sandbox.url, {}
    sandbox.control("settings", processing_seconds=0)
    return Stage(adapter(slug, garbler.url), sandbox)


def outcome(act: Callable[[], object]) -> object:
    try:
        return act()
    except (NetworkError, NotOurs) as error:
        return error


def calls_of(stage: Stage, garbler: Garbler) -> int:
    """How many calls one publication takes; the last one is the one that counts."""
    garbler.behave()
    receipt = stage.publish(stage.content())
    number = garbler.calls
    stage.network.delete(stage.sender, receipt.remote_id)
    return number


@EVERY
def test_after_a_break_or_a_strange_success_only_a_look_tells(stage: Stage, garbler: Garbler) -> None:
    last = calls_of(stage, garbler)
    for status, body in (*answers(*SUCCESSES), *answers(500, *BREAKS)):
        garbler.garble(last, status, body)
        result = outcome(lambda: stage.publish(stage.content()))
        assert isinstance(result, Unsure), (status, body, result)
    assert stage.stored() == []


@EVERY
def test_a_refusal_in_strange_words_is_still_an_answer(stage: Stage, garbler: Garbler) -> None:
    last = calls_of(stage, garbler)
    for status, body in answers(*REFUSALS):
        garbler.garble(last, status, body)
        result = outcome(lambda: stage.publish(stage.content()))
        assert isinstance(result, NetworkError), (status, body, result)
        assert result.reason and len(result.code) < 80, (status, body)


@EVERY
def test_whatever_comes_before_the_last_call_leaves_nothing_live(stage: Stage, garbler: Garbler) -> None:
    limits = stage.network.limits
    kind = MediaKind.IMAGE if limits.images else MediaKind.VIDEO
    garbler.behave()
    content = stage.content(media=(stage.media(kind),))
    receipt = stage.publish(content)
    calls = garbler.calls
    stage.network.delete(stage.sender, receipt.remote_id)
    for at in range(1, calls):
        for status, body in ((200, b"[]"), (500, b""), (400, b"<html>"), (429, b"null")):
            garbler.garble(at, status, body)
            with sent_before(time.monotonic() + 3):  # nobody waits longer for a processing that is never over
                result = outcome(lambda: stage.publish(stage.content(media=content.media)))
            assert isinstance(result, NetworkError | Receipt) and not isinstance(result, Unsure), (at, status, result)
            if isinstance(result, Receipt):  # a description or a look at processing that it could do without
                stage.network.delete(stage.sender, result.remote_id)
    assert stage.stored() == []


@EVERY
def test_a_reading_never_surprises(stage: Stage, garbler: Garbler) -> None:
    garbler.behave()
    receipt = stage.publish(stage.content())
    network, sender = stage.network, stage.sender
    acts: list[Callable[[], object]] = []
    if isinstance(network, Finds):
        acts.append(lambda: network.recent(sender, since=stage.began))
    if isinstance(network, Measures):
        acts.append(lambda: network.measure(sender, [receipt.remote_id]))
    if isinstance(network, Listens):
        acts.append(lambda: network.poll(sender, since=stage.began, post_ids=[receipt.remote_id]))
    if isinstance(network, Deletes):
        acts.append(lambda: network.delete(sender, receipt.remote_id))
    if isinstance(network, Moderates):
        acts.append(lambda: network.hide(sender, "1", hidden=True))
    if isinstance(network, Connects):
        acts.append(lambda: network.refresh(sender.credentials))
        acts.append(lambda: network.exchange(code="c", redirect_uri="http://127.0.0.1:9/", verifier=VERIFIER))
    for act in acts:
        for status, body in (*answers(*SUCCESSES), *answers(*REFUSALS), *answers(500)):
            garbler.garble(0, status, body)
            outcome(act)  # any other exception fails the test


@EVERY
def test_a_strange_listing_is_no_evidence(stage: Stage, garbler: Garbler) -> None:
    if not isinstance(stage.network, Finds):
        pytest.skip(f"{stage.slug} cannot look")
    for status in (*REFUSALS, *BREAKS):
        garbler.garble(0, status, b"{}")
        result = outcome(lambda: stage.network.recent(stage.sender, since=stage.began))
        assert isinstance(result, NetworkError), (status, result)
    for body in (b"", b"<html>", b"null", b"[]", b'{"error": "a word"}', b'{"cut": "off'):
        garbler.garble(0, 200, body)
        result = outcome(lambda: stage.network.recent(stage.sender, since=stage.began))
        assert isinstance(result, NetworkError) or not result.complete, (body, result)
