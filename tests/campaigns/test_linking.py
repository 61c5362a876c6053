"""A post keeps the addresses its author wrote; what goes out carries short ones that count and hide nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from campaigns.actions import placing, writing
from campaigns.models import Campaign, Post
from campaigns.protocol import NotReady
from campaigns.queries import draft_of, told
from campaigns.queries.checking import checks_of
from campaigns.queries.linking import addresses_in, shown_of
from compliance import registry as rules
from compliance.models import Connection, Endorser
from compliance.protocol import ConnectionKind, Context, Tie
from networks import registry
from networks.models import Account
from networks.protocol import Content
from smo.models import LinkSetting, TrackedLink, UtmPreset
from tests.campaigns import desk
from tests.cast import Cast
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db
SHOP = "https://shop.example.com/kopi?size=250g"


@pytest.fixture(autouse=True)
def inside(cast: Cast) -> Iterator[None]:
    with entered(cast.workspace.pk):
        yield


def account(network: str) -> Account:
    return Account.objects.filter(network=network).first() or desk.channel(network)


def placed(cast: Cast, text: str, **given: Any) -> Post:  # Any: whatever a draft takes
    post = desk.written(cast.bob, account("x"), account("facebook"), text=text, **given)
    return placing.schedule(post, at=desk.soon(), by=cast.bob)


def sealed(post: Post) -> dict[str, str]:
    return {v.account.network: v.publication.sealed.text for v in post.variants.all()}


def test_each_channel_gets_its_own_link_and_sealing_anew_makes_no_other(cast: Cast) -> None:
    LinkSetting.objects.create(track=True)
    UtmPreset.objects.create(
        name="Usual", source="{network}", medium="social", channels={"x": {"medium": "tweet"}}, main=True
    )
    post = placed(cast, f"Buka jam 7. {SHOP}, mampir ya.")
    links = {link.network: link for link in TrackedLink.objects.all()}
    assert sealed(post) == {net: f"Buka jam 7. {links[net].short}, mampir ya." for net in ("x", "facebook")}
    assert links["x"].target == f"{SHOP}&utm_source=x&utm_medium=tweet"
    assert links["facebook"].target == f"{SHOP}&utm_source=facebook&utm_medium=social"
    assert {link.post for link in links.values()} == {post.pk} and Post.objects.get().text.count(SHOP) == 1
    again = writing.save(post, replace(draft_of(post), text=f"Buka jam 8. {SHOP}"), version=post.version, by=cast.bob)
    assert sealed(again)["x"] == f"Buka jam 8. {links['x'].short}" and TrackedLink.objects.count() == 2


def test_campaign_and_post_may_say_otherwise(cast: Cast) -> None:
    campaign = Campaign.objects.create(name="Lebaran", track_links=True)
    assert SHOP not in sealed(placed(cast, f"Satu {SHOP}", campaign_id=campaign.pk))["x"]
    assert TrackedLink.objects.filter(campaign=campaign.pk, target__contains="utm_campaign=lebaran").count() == 2
    assert SHOP in sealed(placed(cast, f"Dua {SHOP}", campaign_id=campaign.pk, track_links=False))["x"]
    assert SHOP in sealed(placed(cast, f"Tiga {SHOP}"))["x"]


def test_a_tracked_link_hides_no_affiliate_link_from_customs(cast: Cast) -> None:
    nadia = Endorser.objects.create(name="Nadia Putri", place="ID")
    Connection.objects.create(
        endorser=nadia, brand="Teras Kopi", kind="commission", starts_on=date(2026, 1, 1), recorded_by=cast.omar
    )
    affiliate = "https://shop.example.com/kopi?ref=nadia"
    plain = desk.written(cast.bob, account("x"), text=f"Selamat pagi {affiliate}", endorser_id=nadia.pk)
    tracked = desk.written(
        cast.bob, account("x"), text=f"Selamat pagi {affiliate}", endorser_id=nadia.pk, track_links=True
    )
    assert affiliate not in shown_of(tracked.variants.get()).content.text
    stops = [{c.code for c in checks_of(told(p.pk)) if c.status == "must_fix"} for p in (plain, tracked)]
    assert stops[0] == stops[1] == {"undisclosed"}
    with pytest.raises(NotReady) as refused:
        placing.schedule(told(tracked.pk), at=desk.soon(), by=cast.bob)
    assert {o.code for o in refused.value.obstacles} == stops[0]


def test_customs_read_the_address_behind_a_short_link() -> None:
    tie = Tie(brand="Teras Kopi", kind=ConnectionKind.COMMISSION)
    short = Content(text="Selamat pagi https://go.example.com/a2b3c4d", language="id")

    def stops(addresses: str) -> set[str]:
        around = {"addresses": addresses} if addresses else {}
        context = Context(network="x", limits=registry.get("x").limits, ties=(tie,), around=around)
        return {finding.code for finding in rules.judge(short, context).findings}

    assert stops("") == stops("https://berita.example.com/") == set()
    assert "undisclosed" in stops("https://shop.example.com/kopi?size=250&ref=nadia")


def test_counters_and_preview_see_the_short_one_before_it_is_made(cast: Cast) -> None:
    post = desk.written(cast.bob, account("facebook"), text=f"Lihat {SHOP}{'x' * 300}", track_links=True)
    variant = told(post.pk).variants.get()
    before = shown_of(variant).content.text
    assert not TrackedLink.objects.exists()
    after = sealed(placing.schedule(told(post.pk), at=desk.soon(), by=cast.bob))["facebook"]
    assert len(before) == len(after) < 80


def test_what_may_not_be_tracked_stays_as_it_was_written(cast: Cast) -> None:
    post = placed(cast, "Lihat http://192.168.1.1/admin", track_links=True)
    assert sealed(post)["x"] == "Lihat http://192.168.1.1/admin" and not TrackedLink.objects.exists()


def test_addresses_end_before_the_sentence_does() -> None:
    text = "(see https://a.example/x_(y)). Or https://b.example/q?a=1&b=2!"
    assert [text[s:e] for s, e in addresses_in(text)] == ["https://a.example/x_(y)", "https://b.example/q?a=1&b=2"]
