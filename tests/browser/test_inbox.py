"""Two agents at one desk, and one agent without a mouse: who is here is shown, nobody answers past a colleague."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from networks.models import Account
from networks.registry import slugs
from social_crm.models import Conversation, Draft, Message, SavedReply
from tests.browser import axe
from tests.browser.conftest import Opener
from tests.browser.house import wait_for
from tests.cast import Cast, gather
from tests.social_crm.test_ingest import BAGUS, hear, said
from workspaces.tenancy import entered

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(transactional_db: None) -> Cast:
    """Two comments wait at a desk of two; both are due, Rina's first."""
    cast = gather()
    with entered(cast.workspace.pk):
        account = Account.objects.create(network=slugs()[0], uid="page", name="Teras Kopi")
    hear(account, [said("c1", "Dua botol pecah!"), said("c2", "Kapan buka?", who=BAGUS, minute=1)])
    with entered(cast.workspace.pk):
        soon = timezone.now() + timedelta(minutes=30)
        Conversation.objects.filter(object_id="c1").update(due_at=soon)
        Conversation.objects.filter(object_id="c2").update(due_at=soon + timedelta(minutes=5))
        SavedReply.objects.create(shortcut="maaf", title="Minta maaf", text="Maaf ya {{ first_name }}.")
    return cast


def path_of(cast: Cast, object_id: str) -> str:
    with entered(cast.workspace.pk):
        return f"/w/{cast.workspace.slug}/inbox/{Conversation.objects.get(object_id=object_id).pk}/"


def in_house(cast: Cast, ask: Callable[[], object]) -> object:
    with entered(cast.workspace.pk):
        return ask()


def test_two_agents_see_each_other_and_the_second_is_stopped(desk: Cast, open_page: Opener) -> None:
    dewi = open_page(path_of(desk, "c1"), user=desk.dewi.user)
    bob = open_page(path_of(desk, "c1"), user=desk.bob.user)
    bob.locator("#reply-text").press_sequentially("Boleh foto?")
    dewi.locator(".viewers").get_by_text("Bob").wait_for(timeout=12_000)
    bob.locator(".viewers").get_by_text("Dewi").wait_for(timeout=12_000)
    dewi.locator("#reply-text").fill("Kami kirim ulang.")
    dewi.get_by_role("button", name="Send", exact=False).first.click()
    dewi.locator("#lines").get_by_text("Kami kirim ulang.").wait_for()
    # Bob's page learns of it while he types; what he began with still counts, and his words stay.
    bob.locator("#lines").get_by_text("Kami kirim ulang.").wait_for(timeout=8_000)
    assert bob.locator("#reply-text").input_value() == "Boleh foto?"
    bob.get_by_role("button", name="Send", exact=False).first.click()
    bob.get_by_text("Not sent yet").wait_for()
    assert "Kami kirim ulang." in bob.locator(".newer").inner_text()
    assert bob.locator("#reply-text").input_value() == "Boleh foto?"
    assert in_house(desk, lambda: Message.objects.filter(direction="out").count()) == 1
    assert in_house(desk, lambda: Draft.objects.get(member=desk.bob).text) == "Boleh foto?"
    _misses_nothing_while_away(desk, bob)
    bob.get_by_role("button", name="Send anyway").click()
    bob.locator("#lines").get_by_text("Boleh foto?").wait_for()
    assert in_house(desk, lambda: Message.objects.filter(direction="out").count()) == 2
    open_page.troubles[:] = [each for each in open_page.troubles if "ERR_INTERNET_DISCONNECTED" not in each]


def _misses_nothing_while_away(cast: Cast, page: Page) -> None:
    """What was said while the line was dead is there as soon as it lives again."""
    page.context.set_offline(True)
    account = in_house(cast, lambda: Account.objects.get())
    hear(account, [said("c1b", "Sudah saya buang ya.", minute=9, parent="c1")])  # type: ignore[arg-type]
    page.wait_for_timeout(1500)
    assert page.locator("#lines").get_by_text("Sudah saya buang ya.").count() == 0
    page.context.set_offline(False)
    page.locator("#lines").get_by_text("Sudah saya buang ya.").wait_for(timeout=15_000)


def test_a_complaint_is_answered_and_closed_with_one_key_and_the_next_opens(desk: Cast, open_page: Opener) -> None:
    page = open_page(f"/w/{desk.workspace.slug}/inbox/", user=desk.dewi.user)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    heading = page.locator(".conv-name")
    heading.get_by_text("Rina Maharani").wait_for()
    page.locator(".conv-name:focus").wait_for()
    assert page.locator("#lines").get_attribute("role") == "log"
    assert page.locator("#lines").get_attribute("aria-live") == "polite"
    page.keyboard.press("r")
    page.keyboard.type("/maaf")  # a saved reply, by its shortcut
    field = page.locator("#reply-text")
    wait_for(lambda: field.input_value() == "Maaf ya Rina.", 8, field.input_value)
    page.keyboard.press("Control+Shift+Enter")
    heading.get_by_text("Bagus Prakoso").wait_for()  # the next one, with the focus on its name
    page.locator(".conv-name:focus").wait_for()
    assert in_house(desk, lambda: Conversation.objects.get(object_id="c1").status) == "resolved"
    _keys_work(desk, page)
    _keys_can_be_switched_off(page)


def _keys_work(cast: Cast, page: Page) -> None:
    for key, menu in (("a", "#menu-assign"), ("s", "#menu-snooze"), ("l", "#menu-conversation")):
        page.keyboard.press(key)
        page.locator(menu).wait_for(state="visible")
        page.keyboard.press("Escape")
        page.locator(menu).wait_for(state="hidden")
    page.keyboard.press("n")
    assert page.locator("input[name=mode][value=note]").is_checked()
    page.locator(".conv-name").focus()
    page.keyboard.press("?")
    page.locator("#keys").get_by_text("Resolve and open the next").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    page.get_by_text("1 chosen").wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("1 chosen").wait_for(state="hidden")
    page.locator(".conv-name").focus()
    page.keyboard.press("Shift+E")
    page.get_by_text("That was the last one").wait_for()
    wait_for(
        lambda: in_house(cast, lambda: Conversation.objects.filter(status="resolved").count()) == 2,
        5,
        lambda: str(in_house(cast, lambda: list(Conversation.objects.values("object_id", "status")))),
    )
    page.keyboard.press("g")
    with page.expect_navigation():
        page.keyboard.press("m")
    assert page.url.endswith("?view=mine")


def _keys_can_be_switched_off(page: Page) -> None:
    page.evaluate("document.cookie = 'keys=off; path=/'")
    page.reload()
    page.keyboard.press("?")
    page.wait_for_timeout(100)
    assert not page.locator("#keys").is_visible()


def test_the_list_never_moves_under_the_pointer_and_says_what_is_new(desk: Cast, open_page: Opener) -> None:
    page = open_page(f"/w/{desk.workspace.slug}/inbox/", user=desk.dewi.user)
    page.locator(".conv-row").first.hover()
    account = in_house(desk, lambda: Account.objects.get())
    hear(account, [said("c9", "Halo, ada promo?", minute=-99, who=BAGUS)])  # type: ignore[arg-type]
    page.get_by_text("1 new. Show them").wait_for(timeout=8_000)
    assert page.locator(".conv-row").count() == 2
    page.get_by_text("1 new. Show them").click()
    page.locator(".conv-row", has_text="Halo, ada promo?").wait_for()


def test_the_desk_is_clean_for_everybody_also_with_a_menu_open(desk: Cast, open_page: Opener) -> None:
    page = open_page(path_of(desk, "c1"), user=desk.alice.user)
    page.keyboard.press("a")
    page.locator("#menu-assign").wait_for(state="visible")
    axe.check(page)
    for rest in ("desk/", "replies/"):
        page.goto(f"/w/{desk.workspace.slug}/inbox/{rest}")
        axe.check(page)
    page = open_page(path_of(desk, "c1"), user=desk.alice.user, width=390, height=844, theme="dark", touch=True)
    assert page.locator(".conv-name").is_visible()
    assert not page.locator(".conv-list").is_visible()
    page.locator("[data-back]").click()
    page.locator(".conv-list").wait_for(state="visible")
