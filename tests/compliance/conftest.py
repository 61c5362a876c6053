"""What tests of watching share: a workspace that watches somebody, and one that has already asked for a fix."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_django import Settings

from compliance.models import Ask
from tests.cast import Cast
from tests.compliance.watchers import PRAISE, Watchers, send, watchers
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def watched(pretend_networks: SandboxProcess, settings: Settings, cast: Cast) -> Callable[..., Watchers]:
    settings.SANDBOX_URL, settings.NETWORKS = pretend_networks.url, {}
    return lambda network="x": watchers(cast, pretend_networks, network)


@pytest.fixture
def asked(watched: Callable[..., Watchers]) -> Watchers:
    nadia = watched()
    nadia.posts(PRAISE)
    nadia.turn()
    send(nadia, way=Ask.Way.MAIL)
    return nadia
