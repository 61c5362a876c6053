"""What is sent from an event loop means the same as what the SDKs send: the same suite, the other way out."""

from __future__ import annotations

import asyncio
import socket
import threading

import pytest
from pytest_django import Settings

from networks.async_wire import AsyncWire, Interrupted, close_here
from networks.protocol import PublishesAsync, TryLater
from networks.wire import Reach
from tests.networks.every import SENT, Stage, adapter
from tests.networks.garbler import Garbler
from tests.networks.test_every_network_garbled import (  # noqa: F401 - collected here with the stage below
    garbler,
    test_a_refusal_in_strange_words_is_still_an_answer,
    test_after_a_break_or_a_strange_success_only_a_look_tells,
)
from tests.networks.test_every_network_under_faults import (  # noqa: F401 - as above
    test_a_clear_refusal_says_what_to_do_next_and_nothing_is_live,
    test_a_duplicate_is_never_sent_again_by_itself,
    test_an_unclear_answer_is_a_question_and_looking_answers_it,
    test_retry_after_is_read,
)
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def stage(slug: str, sandbox: SandboxProcess, settings: Settings, request: pytest.FixtureRequest) -> Stage:
    """Through the garbler where the test asks for one."""
    settings.SANDBOX_URL, settings.NETWORKS = sandbox.url, {}
    sandbox.control("settings", processing_seconds=0)
    between: Garbler | None = request.getfixturevalue("garbler") if "garbler" in request.fixturenames else None
    made = Stage(adapter(slug, between.url if between else sandbox.url), sandbox, is_async=True)
    if not isinstance(made.network, PublishesAsync):
        pytest.skip(f"{slug} sends from threads only")
    return made


@pytest.mark.parametrize("slug", SENT)
def test_a_plain_post_goes_live_once_and_looks_like_one_of_the_sdk(stage: Stage) -> None:
    content = stage.content(link="https://teraskopi.example/menu")
    assert stage.network.sends_async(content)
    receipt = stage.publish(content)
    (found,) = stage.found(content)
    assert found.remote_id == receipt.remote_id
    (stored,) = stage.stored()
    stage.is_async = False
    stage.publish(stage.content(link="https://teraskopi.example/menu"))
    (other,) = [post for post in stage.stored() if post["id"] != stored["id"]]
    own = {"id", "text", "visible", "created", "number", "raw", "extra", "title", "media", "address", "reader"}
    assert {k: v for k, v in stored.items() if k not in own} == {k: v for k, v in other.items() if k not in own}
    assert stored["raw"].keys() == other["raw"].keys(), "the network was told the same things"


@pytest.mark.parametrize("slug", SENT)
def test_a_network_that_is_away_was_certainly_not_told(slug: str, sandbox: SandboxProcess, settings: Settings) -> None:
    settings.SANDBOX_URL, settings.NETWORKS = sandbox.url, {}
    stage = Stage(adapter(slug, "http://127.0.0.1:9"), sandbox, is_async=True)
    if not isinstance(stage.network, PublishesAsync):
        pytest.skip(f"{slug} sends from threads only")
    with pytest.raises(TryLater) as raised:
        stage.publish(stage.content())
    assert raised.value.code == "unreachable"


def test_a_put_on_a_kept_connection_that_turns_out_dead_is_not_repeated() -> None:
    """aiohttp repeats a PUT by itself; the last piece of a video would be sent twice."""
    heard: list[bytes] = []

    def serve(door: socket.socket) -> None:
        connection, _ = door.accept()
        heard.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        heard.append(connection.recv(65536))
        connection.close()
        door.settimeout(1.0)
        try:
            again, _ = door.accept()
            heard.append(again.recv(65536))
            again.close()
        except TimeoutError:
            pass

    async def twice(url: str) -> None:
        wire = AsyncWire(Reach(connect=1.0, read=1.0))
        try:
            await wire.ask("PUT", url, headers={})
            await wire.ask("PUT", url, headers={})
        finally:
            await close_here()

    with socket.create_server(("127.0.0.1", 0)) as door:
        server = threading.Thread(target=serve, args=(door,))
        server.start()
        with pytest.raises(Interrupted):
            asyncio.run(twice(f"http://127.0.0.1:{door.getsockname()[1]}/"))
        server.join()
    assert len(heard) == 2, "each call reached the network once"
