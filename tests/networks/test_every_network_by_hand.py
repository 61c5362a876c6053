"""Every network that people post to by hand keeps the same promises."""

from __future__ import annotations

import pytest

from networks import registry
from networks.protocol import HandsOver, Reconcile
from tests.networks.every import SENT, adapter

BY_HAND = pytest.mark.parametrize("slug", sorted(set(registry.slugs()) - set(SENT)))


@BY_HAND
def test_what_goes_by_hand_has_a_place_to_open_and_knows_its_own_addresses(slug: str) -> None:
    network = adapter(slug, "")
    assert isinstance(network, HandsOver)
    door = network.door("teraskopi")
    assert door.startswith("https://") and "teraskopi" in door
    assert network.spot(door) is None, "the profile is no post"
    post = network.spot(f"{door}/post/123456")
    assert post is not None and post.key and len(post.key) <= 200
    assert network.spot(f"{door}/post/123456?utm_source=a#top") == post
    for other in ("https://example.com/teraskopi/post/1", f"https://example.com/?u={door}/post/1", "kopi", ""):
        assert network.spot(other) is None
    assert network.reconcile is Reconcile.NONE, "nothing can be looked for there"
