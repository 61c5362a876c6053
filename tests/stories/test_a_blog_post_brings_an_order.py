"""A blog's new post becomes four posts with tracked links, passes the gate, goes live, and brings an order.

blog's feed -> drafts for four networks -> the gate -> live -> a visit and an order, credited to it -> our own feed
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from campaigns.actions import from_feeds, placing
from campaigns.models import Post, Recipe
from campaigns.queries import told
from networks import registry
from networks.protocol import HandsOver
from smo.actions import incoming as watching
from smo.actions import out
from smo.models import Conversion, Credit, Feed, Site, Source, VisitDay
from smo.pipeline import incoming
from tests.publishing.post_office import PostOffice
from tests.smo.visitors import PHONE, Door
from workspaces.tenancy import entered

BLOG = "blog.warung.example"
RSS = """<?xml version="1.0"?>
<rss version="2.0"><channel><title>Blog Warung</title><language>id</language>{}</channel></rss>"""
ITEM = """<item><guid>gayo-30</guid><title>Tiga puluh hari menyeduh Gayo</title>
<link>https://blog.warung.example/gayo?utm_source=rss</link><category>Kopi</category>
<description>Yang kami pelajari tentang suhu, air dan sabar selama sebulan menyeduh.</description></item>"""


@pytest.fixture
def feed(office: PostOffice, settings: Settings) -> Feed:
    """The workspace's own feed, open."""
    settings.PUBLIC_URL = "https://gardu.example"
    with entered(office.cast.workspace.pk):
        return out.open_feed(out.make_feed(title="Warung", by=office.cast.bob), is_open=True, by=office.cast.bob)


def look(source: Source) -> int:
    with entered(source.workspace_id):
        Source.objects.update(due_at=timezone.now())
    return incoming.look_at(source.workspace_id, source.pk)


def test_a_blog_post_brings_an_order(office: PostOffice, feed: Feed, tmp_path: Path) -> None:
    here, bob = office.cast.workspace.pk, office.cast.bob
    put = {"host": BLOG, "path": "/feed", "kind": "application/rss+xml"}
    office.sandbox.control("site", **put, body=RSS.format(""))
    ours = [n for n in registry.every() if not n.limits.media_required and not isinstance(n, HandsOver)]
    accounts = [office.account(network.slug) for network in ours][:4]
    assert len(accounts) == 4
    with entered(here):
        source = watching.watch(address=f"https://{BLOG}/feed", by=bob)
    assert look(source) == 0
    with entered(here):
        given = {"accounts": [one.pk for one in accounts], "template": "{title}. {summary}\n\n{link} {tags}"}
        recipe = from_feeds.keep_recipe(source, by=bob, is_on=True, into=Recipe.Into.DRAFT, **given)

    # A post appears in the blog's feed.
    office.sandbox.control("site", **put, body=RSS.format(ITEM))
    assert look(source) == 1
    with entered(here):
        (made,) = from_feeds.take_in(recipe.pk, now=timezone.now())
        post = told(made.post_id)
        assert post.stage == Post.Stage.DRAFT and post.variants.count() == 4
        assert all("https://blog.warung.example/gayo" in variant.text for variant in post.variants.all())

    # The gate, and live on all four, each with a tracked link of its own.
    with entered(here):
        placing.publish_now(post, by=bob)
        sent = [variant.publication for variant in told(post.pk).variants.all()]
    for publication in sent:
        assert publication is not None
        office.until(publication, "published", seconds=60)
    texts = [office.live(one)[0]["text"] for one in accounts]
    codes = [re.findall(r"https://gardu\.example/l/(\w+)", text)[0] for text in texts]
    assert len(set(codes)) == 4 and not any("utm_source=rss" in text for text in texts)

    # Somebody follows one of them, and orders.
    with entered(here):
        Site.objects.create(host=BLOG, key="sitekey")
    landing = Door(tmp_path / "clicks").ask(f"/l/{codes[0]}").location
    assert landing.startswith("https://blog.warung.example/gayo")
    tell({"url": landing, "referrer": "https://t.co/x"})
    tell({"key": "order-1", "goal": "order", "value": "250000", "currency": "IDR"})
    with entered(here):
        assert VisitDay.objects.get().post == post.pk
        assert Conversion.objects.get().value == Decimal(250000)
        assert {(credit.post, credit.value) for credit in Credit.objects.all()} == {(post.pk, Decimal(250000))}

    # Our own feed tells of all four.
    items = json.loads(Client().get(f"/feeds/{feed.address}.json").content)["items"]
    assert {item["tags"][0] for item in items} == {registry.get(one.network).name for one in accounts}
    assert any(codes[0] in item["content_html"] for item in items)


def tell(said: dict[str, str]) -> None:
    more = {"HTTP_ORIGIN": f"https://{BLOG}", "HTTP_USER_AGENT": PHONE, "REMOTE_ADDR": "203.0.113.7"}
    reply = Client().post("/v/sitekey/", json.dumps(said), content_type="text/plain;charset=UTF-8", **more)
    assert reply.status_code == 204
