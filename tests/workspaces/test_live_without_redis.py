"""A Redis that is frozen holds nobody up: pages are told less, posts go out all the same."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from workspaces import live


@pytest.fixture
def frozen(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        live._redis.cache_clear()
        monkeypatch.setattr(live, "_away_until", 0.0)
        yield
    live._redis.cache_clear()


def test_twenty_commits_wait_for_a_frozen_redis_once(frozen: None) -> None:
    began = time.monotonic()
    for _ in range(20):
        live._touch_now(1, "publishing")
    assert time.monotonic() - began < 4
