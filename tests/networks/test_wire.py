"""The one way out: what is provably unsent may be sent again, everything else is a question."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

import httplib2
import pytest
import requests

from networks.protocol import Media, MediaKind, Refused, TryLater, Unsure
from networks.wire import Reach, before_final_call, final_call, opened, retry_after, understood

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
ANSWERS = {
    "closed before an answer": b"",
    "a redirect": b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
    "cut in the middle": HEAD + b"Content-Length: 40\r\n\r\n{",
    "not JSON": HEAD + b"Content-Length: 1\r\n\r\n{",
}


@contextmanager
def a_peer(answer: bytes | None) -> Iterator[str]:
    """A socket that reads one request and answers so; None never answers."""
    server = socket.create_server(("127.0.0.1", 0))
    kept: list[socket.socket] = []

    def serve() -> None:
        connection, _ = server.accept()
        kept.append(connection)
        connection.recv(65_536)
        if answer is not None:
            connection.sendall(answer)
            connection.close()

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/post?secret=HUSH"
    for connection in kept:
        connection.close()
    server.close()


def a_closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}/post"


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_a_call_that_broke_after_it_left_is_never_taken_for_unsent(answer: bytes) -> None:
    with a_peer(answer) as url, pytest.raises(Unsure) as caught, final_call():
        Reach(read=2).session().post(url, data="x").json()
    assert "HUSH" not in caught.value.detail + str(caught.value)


def test_a_timeout_is_a_question() -> None:
    with a_peer(None) as url, pytest.raises(Unsure), final_call():
        Reach(read=0.3).session().post(url, data="x")


@pytest.mark.parametrize("url", [a_closed_port(), "https://no-such-host.invalid/post"], ids=["refused", "no name"])
def test_what_never_left_is_only_late(url: str) -> None:
    with pytest.raises(TryLater), final_call():
        Reach(connect=1).session().post(url, data="x")
    with pytest.raises(TryLater), final_call():
        httplib2.Http(timeout=1).request(url, "POST", body="x")


def test_a_broken_upload_step_is_only_late() -> None:
    with a_peer(b"") as url, pytest.raises(TryLater), before_final_call():
        Reach(read=2).session().post(url, data="x")


def test_the_networks_own_errors_pass_untouched() -> None:
    with pytest.raises(Refused), final_call():
        raise Refused("no")


def test_retry_after_is_read_as_seconds_or_as_a_date() -> None:
    now = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    assert retry_after({"Retry-After": "600"}) == timedelta(minutes=10)
    assert retry_after({"retry-after": "Tue, 24 Nov 2026 08:02:00 GMT"}, now=now) == timedelta(minutes=2)
    assert retry_after({"retry-after": "soon"}) is None
    assert retry_after({}) is None


def test_a_rerouted_call_reaches_the_pretend_host() -> None:
    reach = Reach("http://127.0.0.1:8100")
    assert reach.url("https://api.example.com/2/x?a=1") == "http://127.0.0.1:8100/api.example.com/2/x?a=1"
    assert Reach().url("https://api.example.com/x") == "https://api.example.com/x"
    assert isinstance(reach.session(), requests.Session)


def test_a_file_of_ours_that_is_gone_is_only_late() -> None:
    def gone(media: Media) -> BinaryIO:
        raise FileNotFoundError(media.key)

    with pytest.raises(TryLater) as late, opened(gone, Media(MediaKind.IMAGE, "a.png", "image/png", "s", 1)):
        pass
    assert late.value.code == "media_unreadable"


def test_an_answer_of_an_unknown_shape_is_tried_later_and_what_a_network_said_passes() -> None:
    @understood
    def read(answer: object) -> object:
        if answer == "refused":
            raise Refused("No.")
        return answer["items"][0]  # type: ignore[index]  # that is the point

    assert read({"items": ["a"]}) == "a"
    for answer in (None, [], {}, {"items": []}, 7, "word"):
        with pytest.raises(TryLater):
            read(answer)
    with pytest.raises(Refused):
        read("refused")
