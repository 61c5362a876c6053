"""Writing in a real browser: nothing typed is lost, own versions stand apart, and a must-fix is led to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from compliance.actions import record_connection
from compliance.models import Connection, Endorser
from networks.models import Account
from tests.browser.conftest import Opener
from tests.campaigns.desk import channel, wordy
from tests.cast import Cast, gather
from workspaces.tenancy import entered

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(transactional_db: None) -> Cast:
    cast = gather()
    with entered(cast.workspace.pk, user_id=cast.alice.user_id):
        for slug in wordy()[:2]:
            channel(slug)
    return cast


def _open(open_page: Opener, desk: Cast) -> Page:
    return open_page(reverse("campaigns:compose", kwargs={"workspace": desk.workspace.slug}), user=desk.bob.user)


def _saved(page: Page) -> None:
    page.locator("[data-save-state][data-state=saved]").wait_for()


def test_what_is_typed_is_saved_by_itself_and_gets_an_address(open_page: Opener, desk: Cast) -> None:
    page = _open(open_page, desk)
    page.locator("#text").fill("Kopi Gayo baru datang")
    _saved(page)
    assert page.url.endswith("/edit/")
    page.reload()
    assert page.locator("#text").input_value() == "Kopi Gayo baru datang"


def test_words_that_did_not_reach_the_server_come_back_in_this_browser(open_page: Opener, desk: Cast) -> None:
    page = _open(open_page, desk)
    page.locator("#text").fill("Satu")
    _saved(page)
    page.route("**/autosave/*", lambda route: route.abort())
    page.locator("#text").fill("Satu dan dua")
    page.locator("[data-save-state][data-state=failed]").wait_for()
    assert page.locator("[data-save-state]").inner_text() == "Not saved"
    page.unroute("**/autosave/*")
    page.reload()
    page.locator("#toasts").get_by_text("We put back words").wait_for()
    assert page.locator("#text").input_value() == "Satu dan dua"
    _saved(page)
    open_page.troubles = [trouble for trouble in open_page.troubles if "ERR_FAILED" not in trouble]


def test_an_own_version_stands_apart_and_can_be_given_up(open_page: Opener, desk: Cast) -> None:
    with entered(desk.workspace.pk):
        account = Account.objects.earliest("network", "pk")
    page = _open(open_page, desk)
    page.locator("#text").fill("Untuk semua")
    tab = page.locator(f"[data-tab-for='{account.pk}']")
    tab.click()
    own = page.locator(f"#text_{account.pk}")
    assert own.get_attribute("placeholder") == "Untuk semua"
    own.fill("Hanya di sini")
    assert tab.locator("[data-own]").is_visible()
    panel = page.locator(f"#tab-{account.pk}")
    panel.get_by_role("button", name="Reset to shared text").click()
    assert own.input_value() == ""
    assert not tab.locator("[data-own]").is_visible()


def test_scheduling_with_a_must_fix_open_leads_there_instead(open_page: Opener, desk: Cast) -> None:
    with entered(desk.workspace.pk, user_id=desk.alice.user_id):
        nadia = Endorser.objects.create(name="Nadia Putri")
        gift = Connection(
            endorser=nadia, brand="Teras Kopi", kind="free_product", starts_on=timezone.now() - timedelta(days=30)
        )
        record_connection(gift, by=desk.alice)
    page = _open(open_page, desk)
    page.locator("[name=endorser]").select_option(label="Nadia Putri")
    page.locator("#text").fill("Cold brew Teras Kopi enak banget, cobain ya!")
    page.locator("[data-must-fix]").first.wait_for()
    page.locator("[data-needs-clearance]").first.click()
    assert page.evaluate("document.activeElement.hasAttribute('data-must-fix')")
    assert page.url.endswith("/edit/")
    page.locator("[data-must-fix] [data-fix]").first.click()
    page.locator("[data-must-fix]").first.wait_for(state="detached")
    assert "iklan" in page.locator("#text").input_value().lower()
