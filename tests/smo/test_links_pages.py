"""The pages of links and visits show what is there, change it for those who may, and are closed to the rest."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from smo.actions import shorten
from smo.models import Domain, LinkDay, LinkSetting, Site, TrackedLink, UtmPreset
from tests.cast import PASSWORD, Cast
from workspaces.models import Member
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db


def signed_in(member: Member) -> Client:
    client = Client()
    assert client.login(email=member.user.email, password=PASSWORD)
    return client


def at(cast: Cast, name: str, **more: object) -> str:
    return reverse(f"smo:{name}", kwargs={"workspace": cast.workspace.slug, **more})


def test_a_link_is_made_found_changed_and_shown_with_its_numbers(cast: Cast) -> None:
    bob = signed_in(cast.bob)
    with entered(cast.workspace.pk):
        preset = UtmPreset.objects.create(name="Usual", source="{network}", medium="social")
    made = bob.post(
        at(cast, "new_link"),
        {
            "url": "https://shop.example.com/kopi",
            "title": "Menu",
            "network": "x",
            "preset": preset.pk,
            "utm_medium": "bio",
        },
    )
    assert made.status_code == 302, made.content.decode()[:2000]
    with entered(cast.workspace.pk):
        link = TrackedLink.objects.get()
        assert link.target == "https://shop.example.com/kopi?utm_source=x&utm_medium=bio"
        LinkDay.objects.create(link=link, day=timezone.localdate(), clicks=41, visitors=30, again=11, bots=7)
    assert "41" in bob.get(at(cast, "links"), {"q": "menu"}).content.decode()
    assert "Menu" not in bob.get(at(cast, "links"), {"q": "nothing"}).content.decode()
    page = bob.get(at(cast, "link", pk=link.pk)).content.decode()
    assert ">41<" in page and link.short in page and "<svg" in page
    bob.post(at(cast, "link", pk=link.pk), {"target": "https://shop.example.com/new", "title": "Menu"})
    assert "kopi?utm_source=x" in bob.get(at(cast, "link", pk=link.pk)).content.decode(), "where it led before"
    refused = bob.post(at(cast, "link", pk=link.pk), {"target": "http://10.0.0.1/", "title": ""})
    assert refused.status_code == 422
    assert "public internet" in refused.content.decode(), refused.context["form"].errors
    svg, png = (bob.get(at(cast, "link_qr", pk=link.pk, kind=kind)) for kind in ("svg", "png"))
    assert svg["Content-Type"] == "image/svg+xml" and png.content.startswith(b"\x89PNG")


def test_only_those_who_may_change_links(cast: Cast) -> None:
    dewi = signed_in(cast.dewi)
    assert dewi.get(at(cast, "links")).status_code == 200
    for name in ("new_link", "domains", "sites"):
        assert dewi.get(at(cast, name)).status_code == 403
    assert dewi.post(at(cast, "tracking"), {"track": "1"}).status_code == 403


def test_lists_are_paged_by_key_and_say_when_they_are_empty(cast: Cast) -> None:
    bob = signed_in(cast.bob)
    assert "No links yet" in bob.get(at(cast, "links")).content.decode()
    with entered(cast.workspace.pk):
        for number in range(52):
            shorten(f"https://shop.example.com/{number}", by=None)
        last = TrackedLink.objects.order_by("-pk")[49].pk
    assert f"before={last}" in bob.get(at(cast, "links")).content.decode()
    rest = bob.get(at(cast, "links"), {"before": last}).content.decode()
    assert rest.count("data-list-item") == 2 and ">Next<" not in rest


def test_tracking_domains_and_presets_are_set(cast: Cast) -> None:
    bob = signed_in(cast.bob)
    bob.post(at(cast, "tracking"), {"track": "1"})
    bob.post(at(cast, "domains"), {"host": "go.warung.example", "way": "dns"})
    said = {"name": "P", "source": "{network}", "lines": "x medium tweet\nlinkedin source li", "main": "on"}
    assert bob.post(at(cast, "new_preset"), said).status_code == 302
    assert bob.post(at(cast, "new_preset"), {**said, "name": "Q", "lines": "nowhere medium x"}).status_code == 422
    page = bob.get(at(cast, "domains")).content.decode()
    with entered(cast.workspace.pk):
        assert LinkSetting.objects.get().track
        assert Domain.objects.get().token in page and "_gardu.go.warung.example" in page
        assert UtmPreset.objects.get().channels == {"x": {"medium": "tweet"}, "linkedin": {"source": "li"}}


def test_visits_and_sites_show_what_is_there(cast: Cast) -> None:
    bob = signed_in(cast.bob)
    assert "No site tells of visits yet" in bob.get(at(cast, "visits")).content.decode()
    bob.post(at(cast, "sites"), {"site": "https://www.warung.example/"})
    with entered(cast.workspace.pk):
        site = Site.objects.get()
    assert site.host == "warung.example" and site.key in bob.get(at(cast, "sites")).content.decode()
    for model in ("first", "last", "linear", "bogus"):
        assert bob.get(at(cast, "visits"), {"model": model, "days": "7"}).status_code == 200
    assert bob.get(at(cast, "links_help")).status_code == 200


def test_programs_make_and_read_links(cast: Cast) -> None:
    bob = signed_in(cast.bob)
    made = bob.post(
        at(cast, "api_links"),
        {
            "url": "https://shop.example.com/",
            "utm": {"source": "api"},
        },
        content_type="application/json",
    )
    assert made.status_code == 201 and made.json()["target"].endswith("?utm_source=api")
    pk = made.json()["id"]
    assert bob.get(at(cast, "api_links")).json()["results"][0]["clicks"] == 0
    changed = bob.patch(
        at(cast, "api_link", pk=pk), {"target": "https://shop.example.com/2"}, content_type="application/json"
    )
    assert changed.json()["target"] == "https://shop.example.com/2"
    assert len(bob.get(at(cast, "api_link", pk=pk)).json()["days"]) == 30
    refused = bob.post(at(cast, "api_links"), {"url": "http://10.0.0.1/"}, content_type="application/json")
    assert refused.status_code == 400 and refused.json() == {"url": "private"}
    assert bob.get(at(cast, "api_visits"), {"by": "post", "model": "linear"}).status_code == 200
    assert bob.get(at(cast, "api_visits"), {"by": "password"}).status_code == 400
