"""A workspace describes a network of its own: it is one among the others there, and nowhere else."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from networks import registry
from networks.actions import Charge, add_by_hand, describe, retire
from networks.models import Account, OwnNetwork
from networks.protocol import Content, Counting, HandsOver, Network, NotOurs, OwnFacts
from publishing import actions
from publishing.actions.claim import claim
from publishing.models import Publication
from publishing.protocol import Blocked, NotPossible
from publishing.queries import Ref
from tests.cast import Cast
from workspaces.models import Member
from workspaces.tenancy import entered

FACTS = {
    "name": "Papan Warga",
    "text": 60,
    "counting": "graphemes",
    "fold_characters": 20,
    "images": 2,
    "place": "https://papan.example/{handle}/tulis",
    "pattern": "https://papan.example/{handle}/kabar/*",
    "note": "Tulis dalam bahasa Indonesia.",
    "initials": "PW",
}


@pytest.fixture
def own(cast: Cast) -> OwnNetwork:
    with entered(cast.workspace.pk):
        return describe(FACTS, by=cast.alice)


def facts(pattern: str) -> OwnFacts:
    with_limits = OwnNetwork(pk=1, made_at=datetime.now(UTC), **{**FACTS, "pattern": pattern})
    return with_limits.facts


def test_it_is_a_network_like_any_other_inside_its_workspace(cast: Cast, own: OwnNetwork) -> None:
    with entered(cast.workspace.pk):
        network = registry.get(own.slug)
        assert isinstance(network, Network) and isinstance(network, HandsOver)
        assert (network.name, network.limits.text, network.limits.counting) == ("Papan Warga", 60, Counting.GRAPHEMES)
        assert network.count("👩‍👩‍👧 kopi") == 6
        assert network.door("teras kopi") == "https://papan.example/teras%20kopi/tulis"
        found = network.spot("https://www.papan.example/teras/kabar/2026/11?x=1#y")
        assert found is not None and found.handle == "teras"
        assert network.spot("https://papan.example/teras/kabar/") is None
        assert network.spot("https://papan.example.evil.test/teras/kabar/1") is None
        assert [m.field for m in network.misfits(Content("a" * 61))] == ["text"]


def test_nobody_else_finds_it(cast: Cast, own: OwnNetwork) -> None:
    with entered(cast.elsewhere.pk):
        assert not registry.known(own.slug)
        with pytest.raises(registry.UnknownNetwork):
            registry.get(own.slug)
        charlie = Member.objects.get(user=cast.charlie)
        with pytest.raises(NotOurs):
            add_by_hand(own.slug, name="Curi", handle="curi", charge=Charge(None), by=charlie)
    assert not registry.known(own.slug), "nor does code that entered nowhere"
    assert own.slug not in registry.slugs()
    client = Client()
    client.force_login(cast.charlie)
    slug = cast.elsewhere.slug
    assert client.get(reverse("networks:own_change", args=[slug, own.pk])).status_code == 404
    assert client.get(reverse("networks:add_by_hand", args=[slug, own.slug])).status_code == 404
    listed = client.get(reverse("networks:api-networks", args=[slug])).json()
    assert own.slug not in {one["slug"] for one in listed}


def test_its_limits_are_kept_and_its_post_goes_by_hand(cast: Cast, own: OwnNetwork) -> None:
    with entered(cast.workspace.pk):
        charge = Charge(keeper=cast.dewi)
        account = add_by_hand(own.slug, name="Teras Kopi", handle="teras", charge=charge, by=cast.bob)
        due_at = datetime.now(UTC) - timedelta(seconds=1)
        with pytest.raises(Blocked, match="too long"):
            actions.enqueue(Content("a" * 61), account=account, due_at=due_at, by=cast.bob)
        made = actions.enqueue(Content("Kopi sudah siap"), account=account, due_at=due_at, by=cast.bob)
    assert claim(Ref(made.pk, made.workspace_id)) is None
    with entered(cast.workspace.pk):
        made.refresh_from_db()
        assert made.state == Publication.State.HANDED
        taken = actions.take(made, by=cast.dewi)
        with pytest.raises(NotPossible):
            actions.say_done(taken, url="https://papan.example/orang-lain/kabar/1", by=cast.dewi)
        actions.say_done(taken, url="https://papan.example/teras/kabar/1", by=cast.dewi)


def test_it_is_changed_retired_and_seen_on_the_pages(cast: Cast, own: OwnNetwork) -> None:
    client = Client()
    client.force_login(cast.bob.user)
    where = [cast.workspace.slug]
    form = client.get(reverse("networks:own_change", args=[*where, own.pk]))
    assert form.status_code == 200
    picture = io.BytesIO()
    Image.new("RGB", (80, 80), "#0b6e66").save(picture, "PNG")
    picture.seek(0)
    given = {**FACTS, "text": 70, "title": 0, "videos": 0, "alt": 0, "image_mb": 5, "video_mb": 100}
    given |= {"colour": "#1f56cc", "picture": picture}
    assert client.post(reverse("networks:own_change", args=[*where, own.pk]), given).status_code == 302
    with entered(cast.workspace.pk):
        assert registry.get(own.slug).limits.text == 70
    page = client.get(reverse("networks:accounts", args=where)).content.decode()
    assert "Papan Warga" in page and "data:image/png;base64," in page
    added = {"name": "Teras Kopi", "handle": "teras", "keeper": cast.bob.pk, "begins": "08:00", "ends": "20:00"}
    add = reverse("networks:add_by_hand", args=[*where, own.slug])
    assert client.post(add, {**added, "days": list("12345")}).status_code == 302
    composer = client.get(reverse("campaigns:compose", args=where)).content.decode()
    assert f'data-counter="{own.slug}"' in composer and "&quot;text&quot;: 70" in composer
    with entered(cast.workspace.pk):
        retire(OwnNetwork.objects.get(), by=cast.bob)
        account = Account.objects.get(network=own.slug)
        assert (account.by_hand, account.duty.days) == (True, "12345")
    refused = client.post(add, {**added, "handle": "lain", "days": list("12345")})
    assert refused.status_code == 422 and "retired" in refused.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"pattern": "https://papan.example/kabar"},
        {"pattern": "https://papan.example/*/kabar/*"},
        {"pattern": "https://{handle}.example/*"},
        {"place": "javascript:alert(1)"},
        {"place": "https://localhost/{handle}"},
        {"place": "https://papan.example/{handle}/{other}"},
        {"text": 0},
        {"colour": "red"},
    ],
    ids=str,
)
def test_what_will_not_do_is_refused(cast: Cast, wrong: dict[str, object]) -> None:
    with entered(cast.workspace.pk), pytest.raises(NotOurs):
        describe({**FACTS, **wrong}, by=cast.alice)


def test_an_odd_address_is_matched_in_no_time() -> None:
    network = facts("https://papan.example/{handle}/kabar/*")
    began = datetime.now(UTC)
    assert network.match("https://papan.example/" + "a/" * 5000) is None
    assert datetime.now(UTC) - began < timedelta(seconds=0.5)


def test_the_api_does_what_the_pages_do(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.bob.user)
    own_url = reverse("networks:api-own", args=[cast.workspace.slug])
    made = client.post(own_url, FACTS, content_type="application/json")
    assert made.status_code == 201, made.content
    added = client.post(
        reverse("networks:api-by-hand", args=[cast.workspace.slug]),
        {"network": made.json()["slug"], "name": "Teras", "handle": "teras", "duty": {"keeper": cast.dewi.pk}},
        content_type="application/json",
    )
    assert added.status_code == 201 and added.json()["by_hand"] is True
    duty = reverse("networks:api-duty", args=[cast.workspace.slug, added.json()["id"]])
    assert client.put(duty, {"keeper": cast.omar.pk}, content_type="application/json").status_code == 409
    assert client.get(duty).json()["keeper"] == cast.dewi.pk
    client.force_login(cast.dewi.user)  # an agent connects nothing
    assert client.post(own_url, FACTS, content_type="application/json").status_code == 403
