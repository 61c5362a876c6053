"""Take pictures of every page of a running house, wide and narrow, light and dark, for looking at."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from playwright.sync_api import Browser, Page, sync_playwright

SIZES = {"1440": (1440, 900), "390": (390, 844)}
THEMES = ("light", "dark")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Command(BaseCommand):
    help = "Pictures of the pages that the demo's owner can reach from the nav, and of one post and one conversation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", default=str(settings.DATA_DIR / "screenshots"), help="folder for the pictures")
        parser.add_argument("--languages", default="en", help="comma-separated: en,id")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        address = settings.DATA_DIR / "up.address"
        people = settings.DATA_DIR / "sign-ins.json"
        if not address.exists() or not people.exists():
            raise CommandError("The house is not open, or has no demo data: run `make up` in another terminal first.")
        out = Path(options["out"])
        out.mkdir(parents=True, exist_ok=True)
        who = next(p for p in json.loads(people.read_text()) if "owner" in p["who"].lower())
        with sync_playwright() as playwright:
            found = next(filter(None, map(shutil.which, BROWSERS)), None)
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
            for language in options["languages"].split(","):
                for width in SIZES:
                    for theme in THEMES:
                        self._round(browser, address.read_text(), who, out, (width, theme, language))
            browser.close()
        self.stdout.write(f"pictures are in {out}")

    def _round(self, browser: Browser, base: str, who: dict[str, str], out: Path, how: tuple[str, str, str]) -> None:
        width, theme, language = how
        wide, high = SIZES[width]
        context = browser.new_context(
            base_url=base,
            viewport={"width": wide, "height": high},
            color_scheme="dark" if theme == "dark" else "light",
            locale=language,
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.goto("/accounts/login/")
        page.screenshot(path=out / f"sign-in-{width}-{theme}-{language}.png")
        page.fill("input[name=login]", who["email"])
        page.fill("input[name=password]", who["password"])
        page.press("input[name=password]", "Enter")
        page.wait_for_selector(".shell")
        for name, path in sorted(_pages(page).items()):
            page.goto(path)
            page.wait_for_timeout(400)
            page.screenshot(path=out / f"{name}-{width}-{theme}-{language}.png")
        context.close()


def _pages(page: Page) -> dict[str, str]:
    """Every page the nav leads to, and what the first card and the first row open: name -> address."""
    found = {_name(path): path for path in _links(page, ".nav a[href^='/w/']")}
    for selector in (".post-card a, a.post-card", ".conv-row a"):
        for place in list(found.values()):
            page.goto(place)
            first = _links(page, selector)[:1]
            if first:
                found[f"one-{_name(first[0])}"] = first[0]
                break
    return found


def _links(page: Page, selector: str) -> list[str]:
    links: list[str] = page.eval_on_selector_all(selector, "all => all.map(a => a.getAttribute('href'))")
    return [link for link in links if link]


def _name(path: str) -> str:
    return "-".join(part for part in path.split("?")[0].strip("/").split("/")[2:] if not part.isdigit()) or "home"
