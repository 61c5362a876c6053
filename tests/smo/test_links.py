"""A tracked link leads where its maker may lead people, and stays the same for the same address in a post."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from pytest_django import Settings

from smo.actions import lead, shorten
from smo.models import Domain, TargetChange, TrackedLink
from smo.protocol import NotTracked, Utm
from smo.rules.tags import filled, tagged
from tests.cast import Cast
from workspaces.tenancy import entered

SHOP = "https://shop.example.com/kopi?size=250g#top"


def test_a_link_is_short_and_carries_its_tags(cast: Cast, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://gardu.example"
    with entered(cast.workspace.pk):
        link = shorten(SHOP, by=cast.bob, network="x", utm=Utm("x", "social", "lebaran"), post=7)
        assert link.short == f"https://gardu.example/l/{link.code}"
        assert link.target == (
            "https://shop.example.com/kopi?size=250g&utm_source=x&utm_medium=social&utm_campaign=lebaran#top"
        )


def test_the_same_address_in_the_same_place_is_the_same_link_and_a_persons_target_stays(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        first = shorten(SHOP, by=cast.bob, post=7, variant=3, network="x", utm=Utm("x"))
        again = shorten(SHOP, by=cast.bob, post=7, variant=3, network="x", utm=Utm("x", campaign="new"), campaign=4)
        other = shorten(SHOP, by=cast.bob, post=7, variant=4, network="linkedin")
        assert again.pk == first.pk != other.pk
        assert again.target.endswith("utm_source=x&utm_campaign=new#top") and again.campaign == 4
        lead(again, "https://shop.example.com/other", by=cast.bob)
        again.edited = True
        again.save()
        kept = shorten(SHOP, by=cast.bob, post=7, variant=3, network="x", utm=Utm("z"))
        assert kept.target == "https://shop.example.com/other"
        assert [change.by_name for change in TargetChange.objects.all()] == ["Bob", "Bob"]
    with entered(cast.workspace.pk), pytest.raises(DatabaseError), transaction.atomic():
        TargetChange.objects.update(after="https://elsewhere.example")


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("javascript:alert(1)", "address"),
        ("data:text/html,hi", "address"),
        ("//shop.example.com/", "address"),
        ("https://user:pw@shop.example.com/", "address"),
        ("https://shop.example.com/\r\nSet-Cookie: a=b", "address"),
        ("https://shop.example.com\\@evil.example/", "address"),
        ("http://127.0.0.1/", "private"),
        ("http://2130706433/", "private"),
        ("http://0x7f.1/", "private"),
        ("http://[::ffff:10.0.0.1]/", "private"),
        ("http://169.254.169.254/latest/meta-data/", "private"),
        ("http://printer.local/", "private"),
        ("http://localhost/", "private"),
        ("https://shop.example.com:22/", "private"),
        ("https://gardu.example/l/abc", "loop"),
        ("https://go.teras.example/abc", "loop"),
        ("https://shop.example.com/" + "a" * 2000, "long"),
    ],
)
def test_a_link_leads_to_the_public_web_only(cast: Cast, settings: Settings, url: str, word: str) -> None:
    settings.PUBLIC_URL = "https://gardu.example"
    with entered(cast.elsewhere.pk):
        Domain.objects.create(host="go.teras.example", token="t", verified_at="2026-11-01T00:00Z")
    with entered(cast.workspace.pk), pytest.raises(NotTracked) as refused:
        shorten(url, by=cast.bob)
    assert refused.value.word == word


def test_what_looks_suspicious_is_flagged_from_the_start(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        looks = {
            url: shorten(url, by=None).flag for url in (SHOP, "https://xn--pypal-4ve.example/", f"{SHOP[:24]}/a.apk")
        }
    assert list(looks.values()) == ["", "looks", "looks"]


def test_another_workspaces_links_are_not_there(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        shorten(SHOP, by=cast.bob)
    with entered(cast.elsewhere.pk):
        assert not TrackedLink.objects.exists()


def test_tags_leave_the_rest_of_the_address_alone() -> None:
    assert tagged("https://a.example/?q=a%20b+c;d&utm_source=own", Utm("x", "social")) == (
        "https://a.example/?q=a%20b+c;d&utm_source=own&utm_medium=social"
    )
    assert filled(
        Utm("{network}", "social", "{campaign}"), {"x": {"medium": "tweet"}}, network="x", campaign="id"
    ) == Utm("x", "tweet", "id")
