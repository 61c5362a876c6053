"""The watch's pages are clean for everybody, and its request is copied and sent without a mouse."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from compliance.actions.sources import watch_feed
from compliance.actions.watching import Seen, see, see_gone
from compliance.models import Connection, Endorser, SeenVersion, Sighting
from tests.browser import axe
from tests.browser.conftest import Opener
from tests.cast import Cast, gather
from workspaces.tenancy import entered

pytestmark = pytest.mark.browser
PRAISE = "Cold brew Teras Kopi ini enak banget, wajib coba! " * 3


@pytest.fixture
def watched(transactional_db: None) -> Cast:
    """Nadia with a post to be mended, one that is mended, one that is gone, a feed, and a handle nobody may see."""
    cast = gather()
    with entered(cast.workspace.pk, user_id=cast.alice.user_id):
        nadia = Endorser.objects.create(
            name="Nadia Putri", handles={"linkedin": "nadia"}, language="id", email="nadia@creator.example"
        )
        today = timezone.now().date()
        Connection.objects.create(
            endorser=nadia, brand="Teras Kopi", kind="payment", starts_on=today - timedelta(days=30)
        )
        watch_feed(nadia, "https://nadia.example/a/rather/long/address/of/a/feed.xml", by=cast.omar)
        for key in ("one", "two", "three"):
            see(_seen(key, PRAISE), endorser=nadia)
        see(_seen("two", f"Iklan, dibayar Teras Kopi. {PRAISE}"), endorser=nadia)
        see_gone(Sighting.objects.get(key__endswith="three"), way=SeenVersion.Way.PAGE)
    return cast


def _seen(key: str, text: str) -> Seen:
    url = f"https://nadia.example/{key}"
    return Seen("", url, text, timezone.now() - timedelta(days=3), SeenVersion.Way.FEED, url=url, handle="nadia")


@pytest.mark.parametrize(
    "way",
    [
        pytest.param({"theme": "light"}, id="wide-light-english"),
        pytest.param({"theme": "dark", "language": "id", "width": 390, "touch": True}, id="narrow-dark-indonesian"),
    ],
)
def test_nobody_is_kept_out_of_the_watch(open_page: Opener, watched: Cast, way: dict[str, object]) -> None:
    page = open_page("/", user=watched.alice.user, **way)
    with entered(watched.workspace.pk):
        pks = list(Sighting.objects.order_by("pk").values_list("pk", flat=True))
    names = [
        ("watch", {}),
        ("sightings", {}),
        ("paste", {}),
        ("sources", {}),
        *(("sighting", {"pk": pk}) for pk in pks),
    ]
    wrong = []
    for name, more in names:
        path = reverse(f"compliance:{name}", kwargs={"workspace": watched.workspace.slug, **more})
        page.goto(path)
        wrong += [f"{path} {line}" for line in axe.violations(page)]
        wrong += [f"{path} sticks out: {line}" for line in axe.overflow(page)]
    assert not wrong, "\n".join(wrong)


def test_a_fix_is_asked_for_by_keyboard(open_page: Opener, watched: Cast) -> None:
    with entered(watched.workspace.pk):
        one = Sighting.objects.get(state="missing")
    path = reverse("compliance:sighting", kwargs={"workspace": watched.workspace.slug, "pk": one.pk})
    page = open_page(path, user=watched.omar.user)
    page.get_by_label("Message").press("Control+End")
    page.keyboard.type("Salam!")
    page.get_by_role("button", name="Send the e-mail").press("Enter")
    page.get_by_text("Asked. We look again by ourselves.").wait_for()
    with entered(watched.workspace.pk):
        sent = one.sent.get()
        assert sent.body.endswith("Salam!") and sent.by_name == str(watched.omar.user)
