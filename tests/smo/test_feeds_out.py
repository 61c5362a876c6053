"""A workspace's own feeds: valid in every format whatever people wrote, closed until opened, and cheap to ask again."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import jsonschema
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from lxml import etree
from pytest_django import Settings

from networks.fetch.pages import words_of
from networks.models import Account
from networks.protocol import Content, Media, MediaKind
from smo.actions import out
from smo.models import Entry, Feed
from tests.cast import Cast
from workspaces.models import Member
from workspaces.tenancy import entered

SCHEMAS = Path(__file__).parent / "schemas"
HOSTILE = '<script>alert("1")</script> ]]> &amp; \x0b\x1b\ufffe 😀 "\'> https://evil.example/"><img src=x onerror=1>'
ALT = 'Kopi <b>"panas"</b> & \x08 ]]>'


@pytest.fixture
def feed(cast: Cast, settings: Settings, tmp_path: Path) -> Feed:
    """An open feed of two networks, one campaign and words of every kind."""
    settings.PUBLIC_URL, settings.WEBSUB_HUB = "https://gardu.example", "https://hub.example/"
    settings.MEDIA_ROOT = tmp_path
    key = default_storage.save("w/1/media/a.png", ContentFile(b"\x89PNG picture"))
    picture = Media(MediaKind.IMAGE, key, "image/png", "0" * 64, 12, width=640, height=480, alt=ALT)
    film = Media(MediaKind.VIDEO, key, "video/mp4", "1" * 64, 12, seconds=9.5)
    with entered(cast.workspace.pk):
        one = Account.objects.create(network="x", uid="1", name="Teras & Kopi <x>")
        two = Account.objects.create(network="facebook", uid="2", name="Teras Kopi")
        words = [
            Content(text=HOSTILE, media=(picture, film), language="id", link="javascript:alert(1)"),
            Content(text="Baris satu\nbaris dua\n\nhttps://kopi.example/a?b=1&c=2.", title="Judul\u0007 <i>miring</i>"),
            Content(text="", media=(picture,)),
        ]
        told = [
            out.Shown(number, one.pk, "x", content, url=f"https://x.example/{number}?a=1&b=2")
            for number, content in enumerate(words, start=1)
        ]
        told.append(out.Shown(9, two.pk, "facebook", Content(text="Di tempat lain"), campaign=7))
        out.show(told, at=timezone.now())
        made = out.make_feed(title="Teras <Kopi> & \x01 kawan", about="Kabar </description>", by=cast.bob)
        return out.open_feed(made, is_open=True, by=cast.bob)


def read(client: Client, feed: Feed, kind: str, **headers: str) -> Any:
    return client.get(f"/feeds/{feed.address}.{kind}", headers=headers)


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_xml_feeds_are_valid_by_their_schema_and_by_feedparser(client: Client, feed: Feed, kind: str) -> None:
    reply = read(client, feed, kind)
    schema = etree.RelaxNG(etree.parse(str(SCHEMAS / f"{kind}.rng")))
    document = etree.fromstring(reply.content)
    assert schema.validate(document), schema.error_log
    told = feedparser.parse(io.BytesIO(reply.content), response_headers={"content-type": reply["Content-Type"]})
    assert (told.bozo, told.version, len(told.entries)) == (0, {"rss": "rss20", "atom": "atom10"}[kind], 4)
    hostile = next(entry for entry in told.entries if "alert" in entry.title)
    assert hostile.title.startswith('<script>alert("1")</script> ]]> &amp; 😀')  # words, not markup
    bodies = [part.text or "" for name in ("description", "content") for part in document.iter(f"{{*}}{name}")]
    body = next(part for part in bodies if "alert" in part)
    assert hostile.id.startswith("urn:uuid:") and hostile.link.startswith("https://x.example/")
    assert "<script" not in body and "onerror=1>" not in body and "&lt;script&gt;" in body
    enclosure = hostile.enclosures[0]
    assert (enclosure.type, enclosure.length) == ("image/png", "12") and "javascript" not in str(hostile.links)
    assert any(link.rel == "hub" and link.href == "https://hub.example/" for link in told.feed.links)
    assert 'rel="hub"' in reply["Link"] and 'rel="self"' in reply["Link"]


def test_the_json_feed_is_valid_by_its_schema(client: Client, feed: Feed) -> None:
    reply = read(client, feed, "json")
    told = json.loads(reply.content)
    jsonschema.validate(told, json.loads((SCHEMAS / "jsonfeed.json").read_text()))
    (shown,) = [item for item in told["items"] if len(item.get("attachments", [])) == 2]
    assert shown["attachments"][0]["title"] == 'Kopi <b>"panas"</b> &  ]]>'  # alt text, without what no XML may hold
    assert words_of(shown["content_html"]).startswith('<script>alert("1")</script> ]]> &amp;')
    assert reply["Access-Control-Allow-Origin"] == "*" and not reply.cookies


def test_schemas_are_no_rubber_stamps(client: Client, feed: Feed) -> None:
    for kind, gone in (("rss", "guid"), ("atom", "updated")):
        schema = etree.RelaxNG(etree.parse(str(SCHEMAS / f"{kind}.rng")))
        document = etree.fromstring(read(client, feed, kind).content)
        part = next(each for each in document.iter() if str(each.tag).endswith(gone))
        part.getparent().remove(part)
        assert not schema.validate(document)


def test_a_reader_that_has_it_gets_304_until_something_is_gone(client: Client, cast: Cast, feed: Feed) -> None:
    first = read(client, feed, "atom")
    again = read(client, feed, "atom", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert read(client, feed, "atom", **{"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    assert first["Cache-Control"] == "public, max-age=300"
    guid = feedparser.parse(io.BytesIO(first.content)).entries[0].id
    with entered(cast.workspace.pk):
        past = timezone.now() - timezone.timedelta(hours=1)
        Entry.objects.update(changed_at=past)
        Feed.objects.update(changed_at=past)
    since = read(client, feed, "atom")["Last-Modified"]
    with entered(cast.workspace.pk):
        out.withdraw([9], why=Entry.Gone.DELETED)
    fresh = read(client, feed, "atom", **{"If-Modified-Since": since})
    assert fresh.status_code == 200, "what is gone is news as well"
    ids = [entry.id for entry in feedparser.parse(io.BytesIO(fresh.content)).entries]
    assert len(ids) == 3 and guid not in ids and "Di tempat lain" not in fresh.content.decode()


def test_a_feed_shows_its_network_or_its_campaign_alone(client: Client, cast: Cast, feed: Feed) -> None:
    with entered(cast.workspace.pk):
        narrow = [
            out.make_feed(title="F", network="facebook", by=cast.bob),
            out.make_feed(title="C", campaign=7, by=cast.bob),
        ]
        for one in narrow:
            assert read(client, one, "json").status_code == 404, "closed until somebody opens it"
            out.open_feed(one, is_open=True, by=cast.bob)
    for one in narrow:
        assert [item["content_text"] for item in json.loads(read(client, one, "json").content)["items"]] == [
            "Di tempat lain"
        ]
    with entered(cast.workspace.pk):
        picture = Entry.objects.get(publication=1).uid
    assert client.get(f"/feeds/{feed.address}/{picture}/0/").getvalue() == b"\x89PNG picture"
    assert client.get(f"/feeds/{narrow[0].address}/{picture}/0/").status_code == 404, "not told by this feed"
    with entered(cast.workspace.pk):
        out.withdraw([1], why=Entry.Gone.UNSEEN)
    assert client.get(f"/feeds/{feed.address}/{picture}/0/").status_code == 404


def test_the_block_of_latest_posts_may_be_framed_and_runs_nothing(client: Client, feed: Feed) -> None:
    page = client.get(f"/feeds/{feed.address}/?n=2&theme=dark")
    text = page.content.decode()
    assert text.count("<article") == 2 and 'data-theme="dark"' in text
    assert "<script" not in text.replace("&lt;script", "") and "onerror=1>" not in text
    policy = page["Content-Security-Policy"]
    assert "frame-ancestors *" in policy and "default-src 'none'" in policy and "script-src" not in policy
    assert "X-Frame-Options" not in page and not page.cookies
    bare = client.get(f"/feeds/{feed.address}/?fragment=1&n=99999")
    assert bare.content.decode().startswith("<ul") and bare["Access-Control-Allow-Origin"] == "*"
    hosts = {urlsplit(part.split('"')[0]).hostname for part in text.split('src="')[1:]}
    assert hosts == {"gardu.example"}, "nothing is fetched from elsewhere"


def test_people_open_name_and_readdress_it(client: Client, cast: Cast, feed: Feed) -> None:
    here = f"/w/{cast.workspace.slug}/window/feeds/"
    client.force_login(cast.dewi.user)
    assert client.post(f"{here}{feed.pk}/act/", {"act": "close"}).status_code == 403
    client.force_login(cast.charlie)
    assert client.get(f"{here}{feed.pk}/").status_code == 404
    client.force_login(cast.bob.user)
    page = client.get(f"{here}{feed.pk}/").content.decode()
    assert f"https://gardu.example/feeds/{feed.address}.rss" in page and "&lt;iframe" in page
    old = feed.address
    client.post(f"{here}{feed.pk}/act/", {"act": "readdress"})
    assert read(client, feed, "rss").status_code == 404
    api = f"/api/v1/w/{cast.workspace.slug}/window/feeds/{feed.pk}/"
    told = client.patch(api, {"address": "teras-kopi", "title": "Kabar"}, "application/json").json()
    assert told["addresses"]["atom"] == "https://gardu.example/feeds/teras-kopi.atom" and old not in str(told)
    with entered(cast.elsewhere.pk):
        theirs = out.make_feed(title="Lain", by=_member(cast))
    assert client.patch(api, {"address": theirs.address}, "application/json").status_code == 400
    assert client.patch(api, {"address": "../x"}, "application/json").status_code == 400
    assert client.patch(api, {"is_open": False}, "application/json").json()["is_open"] is False
    assert client.get("/feeds/teras-kopi.rss").status_code == 404
    assert client.delete(api).status_code == 204


def _member(cast: Cast) -> Member:
    return Member.objects.get(user=cast.charlie)
