"""What the pages do by themselves: moving a post by mouse and by keys, and counting as the networks count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from networks import registry
from networks.protocol import Counting
from networks.text import count, fold
from tests.browser.conftest import Opener

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.urls")]

TEXTS = [
    "Sore paling enak ditemani yang dingin",
    "Kopi ☕ dan keluarga 👨‍👩‍👧‍👦 di Jakarta 🇮🇩 👍🏽",
    "Beli di https://teras.kopi/1212?x=1 atau teraskopi.id/promo, ya!",
    "bukan tautan: kopi.enaksekali dan a@b.com #kopi.id",
    "日本語のテキスト と한국어",
    "“Kutip” — garis… © ® ™ 1️⃣",
    "baris satu\nbaris dua\nbaris tiga\nbaris empat\nbaris lima\nbaris enam",
    "e\u0301 dan é",
    "panjang " * 60 + "☕ akhir https://contoh.id/halaman",
]


def _drag(page: Page, target: str) -> None:
    start, end = page.locator("#demo-card").bounding_box(), page.locator(target).first.bounding_box()
    assert start and end
    page.mouse.move(start["x"] + 40, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(start["x"] + 60, start["y"] + 20, steps=3)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + min(end["height"] / 2, 60), steps=6)


def test_a_card_dropped_on_a_slot_takes_its_time_and_can_go_back(open_page: Opener) -> None:
    page = open_page("/_ui/")
    page.locator("#demo-card").scroll_into_view_if_needed()
    _drag(page, "[data-slot='2026-11-27T09:30']")
    assert page.locator(".drag-time").inner_text() == "Fri 27 Nov, 09:30"
    page.mouse.up()
    page.locator("#toasts").get_by_text("Moved to 2026-11-27, 09:30").wait_for()
    with page.expect_request("**/_ui/move/") as undone:
        page.locator("#toasts").get_by_role("button", name="Undo").click()
    assert undone.value.post_data_json == {"local_at": "2026-11-25T08:00"}


def test_a_card_dropped_on_a_day_keeps_its_own_time(open_page: Opener) -> None:
    page = open_page("/_ui/")
    page.locator("#demo-card").scroll_into_view_if_needed()
    _drag(page, "[data-day='2026-11-28']")
    with page.expect_request("**/_ui/move/") as moved:
        page.mouse.up()
    assert moved.value.post_data_json == {"local_at": "2026-11-28T08:00"}


def test_a_past_day_refuses_and_says_why(open_page: Opener) -> None:
    page = open_page("/_ui/")
    page.locator("#demo-card").scroll_into_view_if_needed()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "move" in request.url else None)
    _drag(page, "[data-day='2026-11-23']")
    page.mouse.up()
    page.locator("#toasts").get_by_text("Drop it on a day to come").wait_for()
    assert not asked


def test_a_refusal_of_the_server_is_told_in_its_words(open_page: Opener) -> None:
    page = open_page("/_ui/")
    page.locator("#demo-card").scroll_into_view_if_needed()
    _drag(page, "[data-day='2026-11-29']")
    page.mouse.up()
    page.locator("#toasts").get_by_text("Sundays are for coffee").wait_for()


def test_a_card_moves_by_keys_alone_and_says_where_it_is(open_page: Opener) -> None:
    page = open_page("/_ui/")
    page.locator("#demo-card [data-card-link]").focus()
    for key in ("m", "ArrowRight", "ArrowRight", "ArrowDown", "Shift+ArrowDown"):
        page.keyboard.press(key)
    page.locator("#assertive", has_text="09:15").wait_for(state="attached")
    with page.expect_request("**/_ui/move/") as moved:
        page.keyboard.press("Enter")
    assert moved.value.post_data_json == {"local_at": "2026-11-27T09:15"}


def test_escape_leaves_the_card_where_it_was(open_page: Opener) -> None:
    page = open_page("/_ui/")
    page.locator("#demo-card [data-card-link]").focus()
    for key in ("m", "ArrowRight", "Escape"):
        page.keyboard.press(key)
    assert page.locator("[data-moving], .drag-time").count() == 0
    assert page.locator("#demo-card").get_attribute("data-at") == "2026-11-25T08:00"


def test_a_card_moves_by_a_dialog_without_any_drag(open_page: Opener) -> None:
    page = open_page("/_ui/")
    page.locator("#demo-card").hover()
    page.locator("#demo-card .post-card-menu").click()
    page.get_by_label("New day and time").fill("2026-11-30T07:45")
    with page.expect_request("**/_ui/move/") as moved:
        page.get_by_role("button", name="Move", exact=True).click()
    assert moved.value.post_data_json == {"local_at": "2026-11-30T07:45"}


def test_the_browser_counts_and_folds_as_the_house_does(open_page: Opener) -> None:
    page = open_page("/_ui/")
    networks = [each for each in registry.every() if each.limits.counting is not Counting.ESCAPED]
    assert networks
    for text in TEXTS:
        page.locator("#demo-text").fill(text)
        for network in networks:
            page.locator("[data-editor]").evaluate("(e, slug) => { e.dataset.fold = slug }", network.slug)
            page.locator("#demo-text").dispatch_event("input")
            counter = f"[data-editor] [data-counter={network.slug}] [data-count]"
            shown = int(page.locator(counter).inner_text())
            assert shown == count(text, network.limits.counting), (network.slug, text)
            assert _fold(page) == _units(fold(text, network.limits), text), (network.slug, text)


def _fold(page: Page) -> int:
    """Where the fold marker stands, in UTF-16 units; -1 without one."""
    return page.locator("[data-editor] [data-marks]").evaluate(
        """(box) => {
            const marker = box.querySelector(".fold");
            if (!marker) return -1;
            const range = document.createRange();
            range.setStart(box, 0);
            range.setEndBefore(marker);
            return range.toString().length;
        }"""
    )


def _units(seen: str, text: str) -> int:
    return -1 if seen == text else len(seen.encode("utf-16-le")) // 2


def test_what_is_too_long_is_marked_in_the_text_and_at_the_counter(open_page: Opener) -> None:
    page = open_page("/_ui/")
    shortest = min(registry.every(), key=lambda each: each.limits.text)
    page.locator("#demo-text").fill("a" * (shortest.limits.text + 5))
    counter = page.locator(f"[data-editor] [data-counter={shortest.slug}]")
    assert counter.get_attribute("data-level") == "over"
    assert page.locator("[data-editor] mark[data-tone=bad]").first.inner_text() == "aaaaa"
