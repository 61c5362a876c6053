"""A real browser for the tests: finds one, or skips loudly with the reason."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from workspaces.models import User

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in the tests' own thread


def executable(playwright: Playwright) -> str | None:
    """The browser to drive: BROWSER_PATH, one on the PATH, Chrome on a Mac, playwright's own; None without any."""
    own = playwright.chromium.executable_path
    found = [os.environ.get("BROWSER_PATH"), *map(shutil.which, NAMES), *PLACES, own]
    return next((path for path in found if path and Path(path).exists()), None)


@pytest.fixture(scope="session")
def built() -> None:
    """The front end as readers get it; a run without it would test pages nobody sees."""
    if not settings.VITE_MANIFEST.exists() or not AXE.exists():
        pytest.fail("the front end is not built: npm ci --ignore-scripts && npm run build")


@pytest.fixture(scope="session")
def browser(built: None) -> Iterator[Browser]:
    """One Chromium for the whole run."""
    api = pytest.importorskip("playwright.sync_api", reason="no browser tests: install the `browser` extra")
    with api.sync_playwright() as playwright:
        path = executable(playwright)
        if path is None:
            pytest.skip("no browser tests: no Chromium found; set BROWSER_PATH, or run `playwright install chromium`")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Opener:
    """Opens pages of the running house, each in a fresh context, as whom and how one likes; keeps what went wrong."""

    browser: Browser
    server: str
    contexts: list[BrowserContext] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def __call__(
        self,
        path: str,
        *,
        user: User | None = None,
        theme: Literal["light", "dark"] = "light",
        language: str = "en",
        width: int = 1440,
        height: int = 900,
        touch: bool = False,
    ) -> Page:
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,
            locale=language,
            base_url=self.server,
            has_touch=touch,
            reduced_motion="reduce",
        )
        self.contexts.append(context)
        if user is not None:
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": _session(user), "url": self.server}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on("console", self._hear)
        page.goto(path)
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        where = str(message.location.get("url"))
        answered = "status of 4" in message.text and "/static/" not in where  # a refusal is an answer, not a trouble
        if message.type == "error" and not answered:
            self.troubles.append(f"{where}: {message.text}")


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[Opener]:
    """`open_page("/path/", user=…, theme="dark", language="id", width=390)`; fails on any script or policy error."""
    opener = Opener(browser, live_server.url)
    yield opener
    for context in opener.contexts:
        context.close()
    assert not opener.troubles, "the pages complained:\n" + "\n".join(opener.troubles)
