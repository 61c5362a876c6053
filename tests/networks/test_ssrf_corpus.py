"""Whatever address people give us, nothing inside the house is ever called: every trick, at every door."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from pytest_django import Settings

from campaigns import wire as plan_wire
from networks.fetch import NotFetched, feeds_at, fetch, post_form, read_feed, read_page
from networks.fetch.client import HTML, XML
from networks.site_wire import SiteWire
from networks.wire import NeverLeft, Reach
from smo.actions import checking, shorten
from smo.pipeline.pages import Visit, look, pages_of
from smo.protocol import NotTracked
from tests.cast import gather
from tests.networks import ssrf
from workspaces import wire
from workspaces.actions import hooks
from workspaces.models import Delivery, Hook
from workspaces.tenancy import entered

REAL = Reach()


@dataclass(frozen=True)
class Door:
    """One place that takes an address from people: `knock` gives the reason it was refused, "" when it went through."""

    name: str
    knock: Callable[[str], str]
    follows: bool = True  # redirects
    calls: bool = True  # at all: a link's target is only looked at
    robots: bool = False  # asks for robots.txt first, so the second look-up comes with the first knock


def _fetched(read: Callable[[str], object]) -> Callable[[str], str]:
    def knock(url: str) -> str:
        try:
            read(url)
        except (NotFetched, plan_wire.NotFetched) as refusal:
            return str(refusal).split()[0]
        return ""

    return knock


def _plan(url: str) -> None:
    with plan_wire.fetched(url, limit=1_000_000, seconds=1.5):
        pass


def _site(url: str) -> str:
    try:
        answer = SiteWire(Reach(connect=0.5, read=1.0)).ask("GET", url, headers={})
    except NeverLeft as refusal:
        return str(refusal).split()[0]
    except OSError:
        return "unreachable"
    except Exception as error:  # what requests and urllib3 raise is the adapters' to translate
        return "slow" if "long" in str(error) or "Protocol" in type(error).__name__ else "unreachable"
    return "" if answer.status == 200 else "status"


def _link(url: str) -> str:
    try:
        shorten(url, by=None)
    except NotTracked as refusal:
        return "private" if refusal.word == "loop" else refusal.word  # our own address is one inside as well
    return ""


def _hook(url: str) -> str:
    """Past the form, as if an address had come into the table: the sender checks by itself."""
    if "\0" in url:
        return "address"  # PostgreSQL keeps no such text
    hook = Hook.objects.create(name="Ops", url=url, sealed=b"", secret_end="x")
    hooks.new_secret(hook, by=None)  # type: ignore[arg-type]  # nobody: the audit line says Gardu
    delivery = hooks.try_hook(hook, by=None)  # type: ignore[arg-type]  # as above
    hooks.deliver(hook.workspace_id, delivery.pk)
    told = Delivery.objects.get(pk=delivery.pk).log[-1]
    if told["status"]:
        return "" if told["status"] == 200 else "status"
    return "private" if "not on the public internet" in told["said"] else "unreachable"


DOORS = [
    Door("fetch", _fetched(lambda url: fetch(url, reach=REAL, kinds=(*HTML, *XML), limit=1_000_000, seconds=1.5))),
    Door("page", _fetched(lambda url: read_page(url, reach=REAL))),
    Door("feed", _fetched(lambda url: read_feed(url, reach=REAL))),
    Door("feeds of a page", _fetched(lambda url: feeds_at(url, reach=REAL))),
    Door("page check", _fetched(lambda url: look(url, Visit(REAL))), robots=True),
    Door("site map", _fetched(lambda url: pages_of(url, Visit(REAL))), robots=True),
    Door("plan's media", _fetched(_plan)),
    Door("a hub", _fetched(lambda url: post_form(url, {"a": "b"}, reach=REAL, seconds=1.5)), follows=False),
    Door("a link's daily look", lambda url: checking.look(url).why.split(" ")[0]),
    Door("a blog's address", _site, follows=False),
    Door("webhook", _hook, follows=False),
    Door("link target", _link, follows=False, calls=False),
]


@pytest.fixture
def traps(monkeypatch: pytest.MonkeyPatch) -> Iterator[ssrf.Traps]:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")  # overwritten below once the canary's port is known
    with ssrf.laid(lambda name, stub: monkeypatch.setattr(wire.socket, name, stub)) as laid:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{laid.port}")
        monkeypatch.setattr(wire, "PORTS", wire.PORTS | {laid.port})  # its port must not be what saves it
        yield laid


@pytest.fixture
def inside(db: None, settings: Settings) -> Iterator[None]:
    settings.HOOK_PRIVATE_HOSTS = []
    cast = gather()
    with entered(cast.workspace.pk):
        yield


def test_there_are_more_than_a_hundred_tricks() -> None:
    found = ssrf.direct(1) + ssrf.redirected(1)
    assert len({vector.url for vector in found}) == len(found) >= 100


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_no_address_leads_inside(door: Door, traps: ssrf.Traps, inside: None) -> None:
    vectors = ssrf.direct(traps.port) + (ssrf.redirected(traps.port) if door.follows else [])
    wrong = {}
    for vector in vectors:
        if not door.calls and vector.what.lower().endswith((".test", ".test.", "。test")):
            continue  # what a name means is only known once it is called: the daily look at targets does that
        word = door.knock(vector.url)
        if word not in vector.words or traps.inside:
            wrong[vector.what] = (word, list(traps.inside))
            traps.heard.clear()
            traps.tried.clear()
    assert wrong == {}, "\n".join(f"{what}: {how}" for what, how in wrong.items())
    assert len(vectors) >= 100


@pytest.mark.parametrize("door", [door for door in DOORS if door.calls], ids=lambda door: door.name)
def test_a_name_that_changes_its_mind_never_leads_inside(door: Door, traps: ssrf.Traps, inside: None) -> None:
    for name in ("rebind.test", "rebind6.test"):
        traps.asked.clear()
        first = door.knock(f"http://{name}:{traps.port}/")
        if door.robots:
            assert first == "private" and traps.asked[name] == 2
            continue
        assert traps.asked[name] == 1 and first in ("", "kind"), "the name is asked once for each connection"
        assert door.knock(f"http://{name}:{traps.port}/") == "private"
        if door.follows:
            traps.asked.clear()
            assert door.knock(f"http://{name}:{traps.port}/hop/302/%2Fagain") == "private"
    assert traps.inside == []


@pytest.mark.parametrize("door", [door for door in DOORS if door.calls], ids=lambda door: door.name)
def test_who_sends_too_much_or_too_slowly_holds_nobody(
    door: Door, traps: ssrf.Traps, inside: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "SECONDS", 1.0)
    monkeypatch.setattr(hooks, "TIMEOUT", (0.5, 1.0))
    monkeypatch.setattr("networks.fetch.client.READ_SECONDS", 1.0)
    if door.name in ("page", "feed", "feeds of a page", "page check", "site map"):
        return  # the same client as `fetch`, with its longer time
    began = time.monotonic()
    assert door.knock("http://public.test:8080/drip/") in ("slow", "unreachable")
    assert time.monotonic() - began < 6
    if door.name in ("fetch", "plan's media"):
        assert door.knock("http://public.test:8080/bomb/") == "large"
    assert traps.inside == []


def test_what_is_harmless_goes_through(traps: ssrf.Traps) -> None:
    knock = DOORS[0].knock
    for url, what in ssrf.WRITTEN:
        if what in ssrf.HARMLESS:
            assert knock(url.replace("{public}", "public.test").replace("{p}", str(traps.port))) == "", what
    assert traps.inside == [] and any("%0d%0a" in path.lower() for path in traps.paths)


def test_the_canary_would_sing(traps: ssrf.Traps, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else none of the above would prove anything: with the wall away, the same calls arrive."""
    monkeypatch.setattr(wire, "is_public", lambda ip: True)
    monkeypatch.setattr("networks.fetch.client.is_public", lambda ip: True)
    inward = (f"http://127.0.0.1:{traps.port}/", f"http://inside.test:{traps.port}/")
    for url in (*inward, ssrf.hop(302, inward[1])):
        traps.heard.clear()
        DOORS[0].knock(url)
        time.sleep(0.05)
        assert traps.heard, url
