"""The one line that a site carries works on another origin under a strict policy, and leaves nothing behind."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from smo.actions import shorten
from smo.models import Conversion, Credit, VisitDay
from smo.models import Site as VisitedSite
from tests.browser.test_share_buttons import Site
from tests.browser.test_share_buttons import site as another_origin
from tests.cast import gather
from tests.smo.visitors import COMPUTER, Door
from workspaces.tenancy import entered

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
site = another_origin
HOST = "kopi.localhost"
CARRIED = (
    '<script defer src="{house}/v/gardu.js" data-site="{key}" data-convert="order-7" data-goal="order" '
    'data-value="49.90" data-currency="EUR"></script>'
)


def until(happened: Callable[[], bool], heard: list[str], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, heard
        time.sleep(0.05)


def test_a_visit_and_an_order_are_told_under_a_strict_policy_without_a_cookie(
    browser: Browser, site: Site, live_server: LiveServer, settings: Settings, tmp_path: Path
) -> None:
    site.origin = site.origin.replace("localhost", HOST)
    settings.PUBLIC_URL, settings.LINK_PRIVATE_HOSTS = live_server.url, [HOST]
    cast = gather()
    here = cast.workspace.pk
    with entered(here):
        visited = VisitedSite.objects.create(host=HOST, key="strictkey")
        link = shorten(f"{site.origin}/a-page", by=cast.bob, post=9, network="x")
    site.body = CARRIED.format(house=live_server.url, key=visited.key)
    site.policy = f"default-src 'none'; script-src {live_server.url}; connect-src {live_server.url}; img-src data:"
    landing = Door(tmp_path).ask(f"/l/{link.code}").location
    page = browser.new_context(user_agent=COMPUTER).new_page()  # a browser without a head counts as a program
    page.on("console", lambda said: site.troubles.append(said.text) if said.type in ("error", "warning") else None)
    page.on("request", lambda request: site.asked.append(request.url))

    page.goto(landing)

    def ordered() -> bool:
        with entered(here):
            return Conversion.objects.filter(key="order-7").exists()

    until(ordered, site.troubles)
    assert "gdc=" in landing and "gdc=" not in page.url, "the click's name does not stay in the address"
    with entered(here):
        assert {row.post: row.visits for row in VisitDay.objects.all()} == {9: 1}
        assert {row.post for row in Credit.objects.all()} == {9}
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert {url.split("/")[2] for url in site.asked if url.startswith("http")} <= {
        live_server.url.split("/")[2],
        site.origin.split("/")[2],
    }
    assert site.troubles == []
