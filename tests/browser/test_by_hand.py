"""A post put up by hand on a phone, by touch, from the link in the mail to the receipt; and everything around it."""

from __future__ import annotations

import hashlib
import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse
from PIL import Image

from networks.actions import Charge, add_by_hand
from networks.protocol import Content, Media, MediaKind
from publishing import actions
from publishing.actions.claim import claim
from publishing.actions.doors import door
from publishing.actions.tending import tend
from publishing.models import Publication
from publishing.queries import Ref
from tests.browser import axe
from tests.browser.conftest import Opener
from tests.cast import Cast, gather
from workspaces.tenancy import entered

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
WORDS = "Kopi Gayo baru datang pagi ini ☕\nMampir ke Kemang, kami seduhkan."
POST = "https://myspace.com/teraskopi/post/77"
SMALL = """() => [...document.querySelectorAll("main a.button, main button, main summary")]
    .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 44)
    .map((each) => each.textContent.trim())"""


@pytest.fixture
def waiting(transactional_db: None, settings: Any, tmp_path: Path) -> tuple[Cast, Publication]:
    """A post with a picture, due and asked of Dewi."""
    settings.MEDIA_ROOT = tmp_path
    cast = gather()
    made = io.BytesIO()
    Image.new("RGB", (320, 240), "#7a4a21").save(made, "JPEG")
    digest = hashlib.sha256(made.getvalue()).hexdigest()
    key = default_storage.save("kopi.jpg", ContentFile(made.getvalue()))
    picture = Media(MediaKind.IMAGE, key, "image/jpeg", digest, len(made.getvalue()), 320, 240, alt="Secangkir kopi")
    with entered(cast.workspace.pk):
        account = add_by_hand(
            "myspace", name="Teras Kopi", handle="teraskopi", charge=Charge(cast.dewi, cast.bob), by=cast.alice
        )
        content = Content(text=WORDS, language="id", media=(picture,))
        due_at = datetime.now(UTC) - timedelta(minutes=5)
        post = actions.enqueue(content, account=account, due_at=due_at, by=cast.bob)
    claim(Ref(post.pk, post.workspace_id))
    return cast, post


def link(cast: Cast, post: Publication, member: Any) -> str:
    with entered(cast.workspace.pk):
        return door(cast.workspace.pk, member.pk, reverse("publishing:by_hand", args=[cast.workspace.slug, post.pk]))


def clean(page: Page, name: str) -> None:
    """No violation, nothing that sticks out, every target for a thumb; a picture where somebody wants to look."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    axe.check(page)
    assert axe.overflow(page) == []
    if page.viewport_size and page.viewport_size["width"] < 640:
        assert page.evaluate(SMALL) == []


def test_a_post_goes_out_by_touch_on_a_phone(open_page: Opener, waiting: tuple[Cast, Publication]) -> None:
    cast, post = waiting
    page = open_page(link(cast, post, cast.dewi), width=390, height=844, touch=True)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    assert "Gayo" not in page.inner_text("main")
    clean(page, "1-asked")
    page.get_by_role("button", name="I’m posting it").tap()
    page.locator("#by-hand-words").wait_for()
    clean(page, "2-mine")
    page.get_by_role("button", name="Copy the words").tap()
    assert page.evaluate("navigator.clipboard.readText()") == WORDS
    page.locator("[data-toast-text]").first.wait_for()
    page.get_by_role("button", name="Copy its description").tap()
    assert page.evaluate("navigator.clipboard.readText()") == "Secangkir kopi"
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save 01.jpg").tap()
    assert saved.value.suggested_filename == "01.jpg"
    assert page.get_by_role("link", name="Open Myspace").get_attribute("href") == "https://myspace.com/teraskopi"
    page.get_by_label("Address of the post").fill("https://example.com/1")
    page.get_by_role("button", name="It’s posted").tap()
    page.get_by_text("not the address of a post on Myspace").wait_for()
    clean(page, "3-wrong")
    page.get_by_label("Address of the post").fill(POST)
    page.get_by_role("button", name="It’s posted").tap()
    page.get_by_role("button", name="Undo").wait_for()
    clean(page, "4-said")
    page.get_by_role("button", name="Undo").tap()
    page.get_by_label("Address of the post").fill(POST)
    page.get_by_role("button", name="It’s posted").tap()
    page.get_by_role("button", name="Undo").wait_for()
    with entered(cast.workspace.pk), connection.cursor() as cursor:
        cursor.execute("UPDATE publishing_handover SET said_at = said_at - interval '11 seconds', next_at = NULL")
    tend(Ref(post.pk, post.workspace_id))
    page.get_by_text("It is on record as posted").wait_for(timeout=8000)  # the open page notices by itself
    clean(page, "5-done")


def test_the_second_person_the_brake_and_the_pages_inside(open_page: Opener, waiting: tuple[Cast, Publication]) -> None:
    cast, post = waiting
    here = {"workspace": cast.workspace.slug}
    with entered(cast.workspace.pk):
        actions.take(post, by=cast.dewi)
    bobs = open_page(link(cast, post, cast.bob), width=390, height=844, touch=True, theme="dark", language="id")
    bobs.get_by_text("Dewi mengambilnya").wait_for()
    clean(bobs, "6-theirs-dark")
    inside = open_page(reverse("publishing:by_hand", kwargs={**here, "pk": post.pk}), user=cast.dewi.user)
    inside.get_by_role("button", name="Copy the words").wait_for()
    clean(inside, "7-inside")
    inside.get_by_text("I can’t post it").press("Enter")  # by keyboard
    inside.get_by_label("Its author decides").wait_for()
    clean(inside, "8-not")
    with entered(cast.workspace.pk):
        actions.pause_workspace(cast.workspace, by=cast.alice)
    inside.get_by_text("Publishing is paused, so nothing may go out").wait_for(timeout=8000)
    assert inside.locator("#by-hand-words").count() == 0
    clean(inside, "9-stopped")
    for name, more, user in (
        ("publishing:by_hand_list", {}, cast.bob),
        ("networks:accounts", {}, cast.bob),
        ("networks:own", {}, cast.bob),
        ("networks:add_by_hand", {"network": "myspace"}, cast.bob),
        ("publishing:publication", {"pk": post.pk}, cast.bob),
    ):
        inside = open_page(reverse(name, kwargs={**here, **more}), user=user.user)
        clean(inside, f"w-{name.split(':')[1]}")
