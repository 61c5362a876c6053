"""Share buttons on somebody else's page: another origin, the strictest policy, no script but the one we offer."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from smo.context.buttons import made
from smo.rules.buttons import Design, Snippet
from smo.rules.places import places
from tests.browser import axe
from tests.browser.conftest import Opener
from tests.cast import gather

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
api = pytest.importorskip("playwright.sync_api")
ADDRESS = "https://teras.example/kopi"
DESIGN = Design(address=ADDRESS, text="Kopi baru", places=tuple(places()), counted=False)
SHEET_STUB = """navigator.share = (given) => { window.shared = given; return Promise.resolve(); };
const writeText = (text) => { window.copied = text; return Promise.resolve(); };
Object.defineProperty(navigator, "clipboard", {value: {writeText}});
window.prompt = () => "@rina@mastodon.example";
window.open = (url) => { window.opened = url; };"""

STOPWATCH = """() => {
  window.waits = [];
  let at = 0;
  document.addEventListener("input", () => (at = performance.now()), true);
  document.addEventListener("htmx:load", (event) => {
    if (!at || !event.detail.elt.closest("#share-made")) return;
    window.waits.push(performance.now() - at);
    at = 0;
  });
}"""


@dataclass
class Site:
    """Somebody's site: one page, with its policy; what was asked of it, and what the browser complained about."""

    origin: str
    body: str = ""
    policy: str = ""
    asked: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def open(self, browser: Browser, *, width: int = 1280, touch: bool = False, script: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 844}, has_touch=touch, is_mobile=touch, java_script_enabled=script
        )
        context.add_init_script(SHEET_STUB if touch or script else "")
        page = context.new_page()
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda said: self.troubles.append(said.text) if said.type in ("error", "warning") else None)
        page.goto(f"{self.origin}/a-page?x=1#top")
        return page


@pytest.fixture
def site() -> Iterator[Site]:
    class Pages(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path.startswith("/a-page") else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", made_site.policy)
            self.end_headers()
            head = '<!doctype html><html lang="en"><head><title>Kopi</title><link rel="icon" href="data:,"></head>'
            self.wfile.write(f"{head}<body><main><h1>Kopi</h1>{made_site.body}</main></body></html>".encode())

        def log_message(self, *_: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    made_site = Site(f"http://localhost:{server.server_port}")
    yield made_site
    server.shutdown()
    server.server_close()


@pytest.fixture
def snippet(live_server: LiveServer, settings: Settings) -> Snippet:
    settings.PUBLIC_URL = live_server.url
    return made(DESIGN)


def shows(page: Page) -> None:
    """Styled, wide enough to touch, all of it reachable by keyboard, and clean for everybody."""
    links = page.locator("nav a")
    assert links.count() == len(places())
    assert links.first.evaluate("(it) => getComputedStyle(it).backgroundColor") == "rgb(8, 102, 255)"
    assert min(box["height"] for link in links.all() if (box := link.bounding_box())) >= 32
    reached = []
    for _each in range(len(places())):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.dataset.to"))
    assert reached == list(places())
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert axe.violations(page) == []
    assert axe.overflow(page) == []


def test_plain_html_works_under_the_strictest_policy(browser: Browser, site: Site, snippet: Snippet) -> None:
    site.body, site.policy = snippet.pasted["html"], f"default-src 'none'; {snippet.policy['html']}; img-src data:"
    shows(site.open(browser))
    still = site.open(browser, width=320, script=False)
    assert still.locator("nav a:visible").count() == len(places())
    assert {url.split("/a-page")[0] for url in site.asked if not url.startswith("data:")} == {site.origin}
    assert site.troubles == []


def test_a_policy_without_the_rules_is_noticed(browser: Browser, site: Site, snippet: Snippet) -> None:
    """Else the test above would pass whatever the policy said."""
    site.body, site.policy = snippet.pasted["html"], "default-src 'none'; img-src data:"
    page = site.open(browser)
    assert page.locator("nav a").first.evaluate("(it) => getComputedStyle(it).backgroundColor") == "rgba(0, 0, 0, 0)"
    assert any("Content Security Policy" in trouble for trouble in site.troubles)


def test_the_component_needs_no_style_and_asks_only_this_house(
    browser: Browser, site: Site, snippet: Snippet, live_server: LiveServer
) -> None:
    site.body = snippet.pasted["component"]
    site.policy = f"default-src 'none'; {snippet.policy['component']}; img-src data:"
    page = site.open(browser)
    page.locator("gardu-share:defined").wait_for()
    shows(page)
    page.get_by_role("link", name="Copy link").click()
    assert page.evaluate("window.copied").startswith(f"{ADDRESS}?utm_source=copy")
    page.get_by_role("link", name="Copied").wait_for()
    page.get_by_role("link", name="Mastodon").click()
    assert page.evaluate("window.opened").startswith("https://mastodon.example/share?text=Kopi%20baru%20https")
    others = {url for url in site.asked if not url.startswith((site.origin, "data:"))}
    assert others == {f"{live_server.url}/share/v1.js"}
    assert page.context.cookies() == []
    assert site.troubles == []


def test_a_phone_opens_its_own_share_sheet(browser: Browser, site: Site, snippet: Snippet) -> None:
    site.body = snippet.pasted["component"]
    site.policy = f"default-src 'none'; {snippet.policy['component']}; img-src data:"
    page = site.open(browser, width=390, touch=True)
    button = page.get_by_role("button", name="Share…")
    box = button.bounding_box()
    assert box and round(box["height"]) >= 44
    assert page.locator("nav a:visible").count() == 0
    button.tap()
    told = page.evaluate("window.shared")
    assert (told["title"], told["text"]) == ("Kopi", "Kopi baru") and told["url"].startswith(
        f"{ADDRESS}?utm_source=sheet"
    )
    assert axe.violations(page) == [] and axe.overflow(page) == []
    page.evaluate("() => { navigator.share = () => Promise.reject(new TypeError('no')); }")
    button.tap()
    page.locator("nav a:visible").first.wait_for()  # where the sheet cannot be had, the links come back
    assert site.troubles == []


def test_the_component_can_share_the_page_it_stands_on(
    browser: Browser, site: Site, live_server: LiveServer, settings: Settings
) -> None:
    settings.PUBLIC_URL = live_server.url
    snippet = made(replace(DESIGN, here=True))
    site.body, site.policy = (
        snippet.pasted["component"],
        f"default-src 'none'; {snippet.policy['component']}; img-src data:",
    )
    page = site.open(browser)
    page.locator("gardu-share:defined").wait_for()
    hrefs = page.locator("nav a").evaluate_all("(all) => all.map((it) => decodeURIComponent(it.href))")
    here = f"{site.origin}/a-page?x=1&utm_source="
    assert all(f"{here}" in href for href in hrefs), hrefs
    assert not any("teras.example" in href for href in hrefs)


def test_the_likeness_follows_every_change_at_once(open_page: Opener, transactional_db: None) -> None:
    cast = gather()
    path = reverse("smo:new_buttons", kwargs={"workspace": cast.workspace.slug})
    page = open_page(path, user=cast.bob.user)
    nav = page.locator("[data-share-likeness] nav")
    nav.wait_for()
    page.evaluate(STOPWATCH)
    page.get_by_label("The page to share").fill("https://teras.example/menu")
    api.expect(page.locator("#code-html")).to_have_value(re.compile("teras.example%2Fmenu"))
    for name, value in (("size", "l"), ("shape", "round"), ("theme", "dark"), ("language", "id")):
        page.locator(f"#id_{name}").select_option(value)
        page.wait_for_timeout(150)
    assert nav.locator("a").first.evaluate("(it) => getComputedStyle(it).minHeight") == "48px"
    assert "Bagikan" in nav.locator("a").first.inner_text()
    first = nav.locator("a").first.get_attribute("data-to")
    page.get_by_role("button", name="down").first.click()
    api.expect(nav.locator("a").first).not_to_have_attribute("data-to", str(first))
    assert page.evaluate("document.activeElement.dataset.move") == "down"
    waits = page.evaluate("window.waits")
    assert len(waits) >= 4 and min(waits) < 100, waits  # milliseconds; the quickest one, for others may be working here
    assert axe.violations(page) == []
