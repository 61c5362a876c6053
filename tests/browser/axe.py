"""Runs axe-core on an open page and says every violation in a line that names the element."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

SOURCE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page, *, exclude: tuple[str, ...] = ()) -> list[str]:
    """What axe finds wrong, one line an element: the rule, the selector, why. Empty when the page is clean."""
    page.evaluate(SOURCE.read_text())
    found = page.evaluate(
        """([tags, exclude]) => axe.run({exclude: exclude.map((each) => [each])}, {
            runOnly: {type: "tag", values: tags}, resultTypes: ["violations"],
        })""",
        [TAGS, list(exclude)],
    )
    return [
        f"{rule['id']} ({rule['impact']}): {' '.join(map(str, node['target']))}: {_why(node)}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def _why(node: dict[str, str]) -> str:
    return " ".join(node["failureSummary"].split())[:300]


def check(page: Page, *, exclude: tuple[str, ...] = ()) -> None:
    """Fails with every violation. Waits for nothing: let the page settle first."""
    found = violations(page, exclude=exclude)
    assert not found, f"{len(found)} accessibility violations on {page.url}\n" + "\n".join(found)


def overflow(page: Page) -> list[str]:
    """What sticks out of the window to the side, one selector an element. Empty when nothing does."""
    return page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
            .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
            .map((e) => e.tagName.toLowerCase() + "." + e.className).slice(0, 10)"""
    )
