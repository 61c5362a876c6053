"""The components and the signed-out pages are clean for everybody: light, dark, Indonesian, and very narrow."""

import pytest

from tests.browser import axe
from tests.browser.conftest import Opener

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.urls")]
WAYS = [
    pytest.param({"theme": "light"}, id="light"),
    pytest.param({"theme": "dark"}, id="dark"),
    pytest.param({"language": "id"}, id="indonesian"),
    pytest.param({"width": 320, "height": 640, "touch": True}, id="narrow"),
]


PATHS = ("/_ui/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/nowhere/")


@pytest.mark.parametrize("way", WAYS)
def test_nobody_is_kept_out(open_page: Opener, way: dict[str, object]) -> None:
    for path in PATHS:
        page = open_page(path, **way)
        axe.check(page)
        assert axe.overflow(page) == []


def test_the_dialog_keeps_and_gives_back_the_focus(open_page: Opener) -> None:
    page = open_page("/_ui/")
    page.get_by_role("button", name="Dialog", exact=True).click()
    assert page.locator("#demo-dialog").evaluate("d => d.open && d.contains(document.activeElement)")
    axe.check(page)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Dialog"


def test_a_menu_opens_beside_its_button_and_the_arrows_walk_it(open_page: Opener) -> None:
    page = open_page("/_ui/")
    button = page.get_by_role("button", name="Menu", exact=True)
    button.click()
    menu, at = page.locator("#demo-menu").bounding_box(), button.bounding_box()
    assert menu and at and abs(menu["x"] - at["x"]) < 2 and menu["y"] >= at["y"] + at["height"]
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent").strip().startswith("Move to")
    page.keyboard.press("Escape")
    assert not page.locator("#demo-menu").is_visible()


def test_a_toast_can_be_undone_with_one_key(open_page: Opener) -> None:
    page = open_page("/_ui/")
    page.get_by_role("button", name="Show a toast").click()
    assert page.get_by_text("Moved to Thu 26 Nov, 19:30").is_visible()
    page.locator("h1").click()
    page.keyboard.press("z")
    page.locator("#toasts").get_by_text("Undone.").wait_for()


def test_single_keys_are_silent_while_typing_and_when_switched_off(open_page: Opener) -> None:
    page = open_page("/_ui/")
    shell = page.locator("[data-shell]")
    page.get_by_label("Campaign", exact=True).press("[")
    assert shell.get_attribute("data-nav") == "full"
    page.locator("h1").click()
    page.keyboard.press("[")
    assert shell.get_attribute("data-nav") == "rail"
    page.context.add_cookies([{"name": "keys", "value": "off", "url": page.url}])
    page.keyboard.press("[")
    assert shell.get_attribute("data-nav") == "rail"


def test_the_width_of_the_nav_is_remembered_and_drawn_by_the_server(open_page: Opener) -> None:
    page = open_page("/_ui/")
    page.keyboard.press("[")
    page.reload()
    assert page.locator("[data-shell]").get_attribute("data-nav") == "rail"
