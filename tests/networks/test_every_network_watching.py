"""Every network that shows what others post keeps the same promises; every one knows its own addresses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from networks import registry
from networks.protocol import Refused, Spots, Watches
from tests.networks.every import Stage, adapter, fresh
from tests.sandbox_process import SandboxProcess

EVERY = pytest.mark.parametrize("slug", registry.slugs())


@pytest.fixture
def stage(slug: str, sandbox: SandboxProcess, settings: Settings) -> Stage:
    settings.SANDBOX_URL, settings.NETWORKS = sandbox.url, {}
    return Stage(adapter(slug, sandbox.url), sandbox)


@pytest.fixture
def nadia(stage: Stage) -> dict[str, Any]:
    """Somebody who is none of ours; on Facebook a creator's own Page."""
    if stage.by_hand:
        pytest.skip(f"{stage.slug} shows an app nobody")
    asked = {"network": stage.slug, "kind": "person", "name": "Nadia", "extra": {"page": True}}
    made: dict[str, Any] = stage.sandbox.control("accounts", **asked)["accounts"][0]
    return made


def posts(stage: Stage, nadia: dict[str, Any], text: str) -> dict[str, Any]:
    made: dict[str, Any] = stage.sandbox.control("post", network=stage.slug, author=nadia["id"], text=text)
    return made


def watching(stage: Stage) -> Watches:
    if not isinstance(stage.network, Watches):
        pytest.skip(f"{stage.slug} shows nothing of others")
    return stage.network


@EVERY
def test_it_sees_what_somebody_else_posts_edits_and_deletes(stage: Stage, nadia: dict[str, Any]) -> None:
    network = watching(stage)
    assert network.looks_a_minute > 0
    person = network.person(stage.sender, nadia["handle"])
    assert person.uid == nadia["id"]
    first = posts(stage, nadia, fresh("Kopi pagi\nenak"))
    second = posts(stage, nadia, fresh("Kopi sore\nenak juga"))
    listing = network.posts_of(stage.sender, person.uid, since=stage.began)
    assert listing.complete
    assert [post.remote_id for post in listing.posts] == [second["id"], first["id"]]
    assert [network.spot(post.url).key for post in listing.posts] == [  # type: ignore[union-attr]  # its own address
        network.spot(made["address"]).key  # type: ignore[union-attr]  # as above
        for made in (second, first)
    ]
    stage.sandbox.control("edit", network=stage.slug, post=first["id"], text="Iklan: kopi pagi")
    stage.sandbox.control("remove", network=stage.slug, post=second["id"])
    looked = network.look(stage.sender, [first["id"], second["id"]])
    assert [post.text for post in looked.posts] == ["Iklan: kopi pagi"]
    assert [post.first_id or post.remote_id for post in looked.posts] == [first["id"]]
    assert looked.gone == {second["id"]}
    assert network.posts_of(stage.sender, person.uid, since=stage.began + timedelta(days=1)).posts == ()


@EVERY
def test_a_name_that_nobody_has_is_refused(stage: Stage) -> None:
    network = watching(stage)
    with pytest.raises(Refused) as refusal:
        network.person(stage.sender, "nobodyhasthis")
    assert refusal.value.code == "no_such_person"


@EVERY
def test_its_own_addresses_are_known_and_no_others(stage: Stage, nadia: dict[str, Any]) -> None:
    if not isinstance(stage.network, Spots):
        pytest.skip(f"{stage.slug} has no addresses of its own")
    made = posts(stage, nadia, fresh("Kopi siang"))
    public = stage.network.spot(made["address"])
    assert public is not None and public.key
    assert stage.network.spot(stage.network.reach.url(made["address"])) == public
    for other in ("https://example.com/post/1", "https://example.com/?u=" + made["address"], "kopi", ""):
        assert stage.network.spot(other) is None


@pytest.mark.parametrize(
    ("slug", "url", "key"),
    [
        ("x", "https://twitter.com/nadia/status/1900000000000000001?s=20", "1900000000000000001"),
        ("x", "https://x.com/i/web/status/1900000000000000001", "1900000000000000001"),
        ("youtube", "https://youtu.be/dQw4w9WgXcQ?t=3", "dQw4w9WgXcQ"),
        ("youtube", "https://m.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ", "dQw4w9WgXcQ"),
        ("youtube", "https://www.youtube.com/shorts/dQw4w9WgXcQ", "dQw4w9WgXcQ"),
        ("facebook", "https://m.facebook.com/story.php?story_fbid=1234567&id=100044", "1234567"),
        ("facebook", "https://www.facebook.com/nadia.putri/posts/1234567/", "1234567"),
        ("facebook", "https://www.facebook.com/100044/posts/1234567", "1234567"),
        (
            "linkedin",
            "https://www.linkedin.com/posts/nadia-putri_kopi-teras-activity-7123456789012345678-Ab1_",
            "urn:li:activity:7123456789012345678",
        ),
        (
            "linkedin",
            "https://id.linkedin.com/feed/update/urn%3Ali%3Ashare%3A7123456789012345678/",
            "urn:li:share:7123456789012345678",
        ),
    ],
)
def test_an_address_in_whatever_form_names_the_same_post(slug: str, url: str, key: str) -> None:
    network = adapter(slug, "")
    assert isinstance(network, Spots)
    found = network.spot(url)
    assert found is not None and found.key == key


@pytest.mark.parametrize("slug", ["facebook"])
def test_without_its_feature_facebook_says_so_and_our_page_stays_connected(stage: Stage, nadia: dict[str, Any]) -> None:
    network = watching(stage)
    stage.sandbox.control("settings", facebook_public_content=False)
    try:
        with pytest.raises(Refused, match="Page Public Content Access"):
            network.posts_of(stage.sender, nadia["id"], since=stage.began)
    finally:
        stage.sandbox.control("settings", facebook_public_content=True)
