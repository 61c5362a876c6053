"""A pretend public web for the shop window's tests, beside which our own Redis can still be reached."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.networks.test_fetch import Web
from tests.networks.test_fetch import web as pretended

public_web = pretended
REAL = socket.getaddrinfo


@pytest.fixture
def web(public_web: Web, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    def resolve(host: str, port: int, *more: Any, **named: Any) -> list[Any]:
        here = port not in (80, 443)
        return REAL(host, port, *more, **named) if here else public_web.resolve(host, port)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    yield public_web
