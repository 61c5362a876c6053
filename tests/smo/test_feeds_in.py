"""Feeds of others: every kind is read, each article counts once, nothing floods, and no hostile one does harm."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from networks import registry
from networks.fetch import Entry, NotFetched, read_feed
from networks.wire import Reach
from smo.actions import incoming as acts
from smo.actions import out
from smo.actions.hubs import tell_hub
from smo.models import Feed, Item, Source
from smo.pipeline import incoming
from smo.queries.incoming import feeds_to_look_at
from smo.rules import incoming as rules
from tests.cast import Cast
from tests.networks.test_fetch import LAUGHS, XML, XXE, Web
from workspaces.models import Notice
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db
REAL = Reach()
LONG = "Biji kopi dari Gayo baru tiba pagi ini, disangrai pelan, dan siap diseduh untuk semua tamu di teras. "


def rss(*items: str, head: str = "") -> str:
    rows = "".join(items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Blog Nadia</title>{head}{rows}</channel></rss>'


def item(number: int, *, title: str = "", link: str = "", text: str = "", more: str = "") -> str:
    link = link or f"https://nadia.example/{number}"
    return (
        f"<item><guid>n{number}</guid><title>{title or f'Kabar {number}'}</title><link>{link}</link>"
        f"<pubDate>Fri, 20 Nov 2026 10:{number:02d}:00 GMT</pubDate><description>{text}</description>{more}</item>"
    )


def watched(cast: Cast, address: str, **how: int) -> Source:
    with entered(cast.workspace.pk):
        return acts.watch(address=address, by=cast.bob, **how)


def look(source: Source) -> int:
    with entered(source.workspace_id):
        Source.objects.filter(pk=source.pk).update(due_at=timezone.now())
    return incoming.look_at(source.workspace_id, source.pk)


def states(source: Source) -> dict[str, str]:
    with entered(source.workspace_id):
        return dict(Item.objects.filter(source=source).values_list("guid", "state"))


def now(source: Source) -> Source:
    with entered(source.workspace_id):
        return Source.objects.get(pk=source.pk)


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><id>tag:a,2026:f</id><entry><id>tag:a,2026:1</id>
<title>Satu</title><link href="https://a.example/1"/><updated>2026-11-20T10:00:00Z</updated><author><name>Nadia</name>
</author><category term="kopi"/><content type="html">&lt;p&gt;isi&lt;/p&gt;</content></entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "J",
        "authors": [{"name": "Nadia"}],
        "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
        "items": [
            {"id": 1, "url": "https://a.example/1", "title": "Satu", "content_html": "<p>isi</p>", "tags": ["kopi"]}
        ],
    }
)
WORDPRESS = json.dumps(
    [
        {
            "id": 5,
            "link": "https://a.example/1",
            "date_gmt": "2026-11-20T10:00:00",
            "title": {"rendered": "Satu"},
            "content": {"rendered": "<p>isi</p>"},
            "excerpt": {"rendered": "ringkas"},
            "_embedded": {"author": [{"name": "Nadia"}], "wp:term": [[{"name": "kopi"}]]},
        }
    ]
)
PODCAST = rss(
    item(1, title="Satu", text="isi", more='<enclosure url="https://a.example/1.mp3" length="9" type="audio/mpeg"/>')
)
MAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://a.example/1</loc><lastmod>2026-11-20</lastmod><n:news><n:title>Satu</n:title></n:news></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>http://site.example/map.xml</loc>
</sitemap><sitemap><loc>http://127.0.0.1/inside.xml</loc></sitemap></sitemapindex>"""
CHANNEL = ATOM.replace(
    "<entry>", '<entry xmlns:yt="http://www.youtube.com/xml/schemas/2015"><yt:videoId>v</yt:videoId>'
)


@pytest.mark.parametrize(
    ("kind", "body", "mime"),
    [
        ("atom", ATOM, "application/atom+xml"),
        ("atom", CHANNEL, "text/xml"),
        ("json", JSON_FEED, "application/feed+json"),
        ("wp", WORDPRESS, "application/json"),
        ("podcast", PODCAST, XML),
        ("sitemap", MAP, "application/xml"),
        ("sitemap", INDEX, "application/xml"),
    ],
)
def test_every_kind_of_feed_is_read(web: Web, kind: str, body: str, mime: str) -> None:
    web.put("/map.xml", MAP, kind="application/xml")
    feed = read_feed(web.put("/feed", body, kind=mime), reach=REAL)
    (entry,) = feed.entries
    assert (feed.kind, entry.title) == (kind, "Satu")
    assert entry.text == ("" if kind == "sitemap" else "isi")
    if kind in ("json", "wp", "atom"):
        assert (entry.url, entry.author, entry.tags) == ("https://a.example/1", "Nadia", ("kopi",))
    assert web.connected.count("93.184.216.34") == len(web.connected), "an index leads nowhere inside"


def test_the_feed_is_found_from_a_page_a_channel_or_by_guessing(web: Web, settings: Settings) -> None:
    head = (
        '<link rel="alternate" type="application/rss+xml" href="/comments/feed" title="Comments">'
        '<link rel="alternate" type="application/rss+xml" href="/feed" title="Blog">'
        '<link rel="https://api.w.org/" href="http://site.example/wp-json/"><![odd'
    )
    found = incoming.find(web.put("/blog", head))
    assert [(one.url, one.kind) for one in found][::2] == [
        ("http://site.example/feed", "rss"),
        ("http://site.example/wp-json/wp/v2/posts?per_page=50&_embed=author,wp:term,wp:featuredmedia", "wp"),
    ]
    web.put("/", "<p>nothing named</p>")
    web.put("/feed/", "", status=404)
    web.put("/rss.xml", rss(item(1)), kind=XML)
    assert incoming.find("http://site.example/")[0].url == "http://site.example/rss.xml"
    named = registry.get("youtube").feed_of("https://www.youtube.com/channel/UC" + "a" * 22)  # type: ignore[attr-defined]
    assert named.endswith("videos.xml?channel_id=UC" + "a" * 22)


def test_the_first_look_takes_nothing_or_the_newest_and_the_next_what_is_new(web: Web, cast: Cast) -> None:
    url = web.put("/feed", rss(*(item(n) for n in range(40))), kind=XML, ETag='"1"')
    source, other = watched(cast, url), watched(cast, url + "?x=1", first=3)
    web.pages["/feed?x=1"] = web.pages["/feed"]
    assert look(source) == 0 and set(states(source).values()) == {"old"}
    web.put("/feed", rss(item(40), item(41), *(item(n) for n in range(40))), kind=XML)
    assert look(source) == 2
    assert {guid for guid, state in states(source).items() if state == "new"} == {"n40", "n41"}
    assert look(source) == 0
    web.pages["/feed?x=1"] = web.pages["/feed"]
    assert look(other) == 0 and list(states(other).values()).count("double") >= 3, "another feed brought them already"
    assert now(source).name == "Blog Nadia" and now(source).kind == "rss"
    with pytest.raises(acts.NotWatched), entered(cast.workspace.pk):
        acts.watch(address=url, by=cast.bob)


def test_an_article_counts_once_by_address_and_by_words(web: Web, cast: Cast) -> None:
    first = watched(cast, web.put("/a", rss(), kind=XML))
    second = watched(cast, web.put("/b", rss(), kind=XML))
    look(first), look(second)
    web.put("/a", rss(item(1, text=LONG, link="https://nadia.example/kopi?utm_source=rss")), kind=XML)
    assert look(first) == 1
    same = [
        item(7, title="Lain", link="http://nadia.example/kopi/?utm_source=x&amp;fbclid=1"),
        item(8, title="Kabar 1", text=f"&lt;b&gt;{LONG}&lt;/b&gt;", link="https://syndicated.example/9"),
        item(9, title="Kabar 1", text="pendek", link="https://nadia.example/9"),
    ]
    web.put("/b", rss(*same), kind=XML)
    assert look(second) == 1
    assert states(second) == {"n7": "double", "n8": "double", "n9": "new"}


def test_filters_read_whole_words_authors_categories_and_languages() -> None:
    entry = Entry("https://a.example/", "Kopi Ártist", "isi", author="Nadia S", tags=("Resep",), language="id-ID")
    stops = {
        "": rules.Filters(("KOPI",), ("art", "teh"), ("nadia",), ("resep",), ("id",)),
        "include": rules.Filters(include=("kop",)),
        "exclude": rules.Filters(exclude=("ártist",)),
        "authors": rules.Filters(authors=("Rina",)),
        "categories": rules.Filters(categories=("Berita",)),
        "languages": rules.Filters(languages=("en", "i")),
    }
    assert {reason: filters.stops(entry) for reason, filters in stops.items()} == {reason: reason for reason in stops}


def test_it_is_looked_at_as_often_as_something_comes_and_ever_less_when_it_fails() -> None:
    at = timezone.now()

    def pause(gap: timedelta, **how: int) -> timedelta:
        told = [at - gap * n for n in range(6)]
        return rules.next_look(told, hub=bool(how.get("hub")), asked_minutes=how.get("ttl", 0), now=at)

    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    assert (pause(minute), pause(8 * hour), pause(90 * hour)) == (15 * minute, 2 * hour, 12 * hour)
    assert (pause(minute, ttl=240), pause(minute, ttl=10**6), pause(minute, hub=1)) == (4 * hour, 24 * hour, 6 * hour)
    pauses = [rules.after_failure(n, minutes=30, asked=None) for n in (1, 2, 3, 99)]
    assert pauses == [hour, 2 * hour, 4 * hour, 24 * hour]
    assert rules.after_failure(1, minutes=30, asked=5 * hour) == 5 * hour


def test_every_hostile_feed_is_refused_with_its_reason_and_stops_no_other(web: Web, cast: Cast) -> None:
    web.names["inside.example"] = ["10.0.0.7"]
    web.put("/huge", b"<rss>" + b"x" * 4_200_000, kind=XML)
    web.put("/laughs", LAUGHS, kind=XML)
    web.put("/xxe", XXE, kind=XML)
    web.put("/many", rss("<item/>" * 100_000), kind=XML)
    web.put("/stuffed", rss("<item " + " ".join(f'a{n}="1"' for n in range(30_000)) + "/>"), kind=XML)
    web.put("/nested", b"[" * 500_000, kind="application/json")
    web.put("/inward", "", status=302, Location="http://inside.example/feed")
    web.put("/gone", "", status=410)
    web.put("/good", rss(item(1)), kind=XML)
    reasons = {
        "huge": "large", "laughs": "unsafe", "xxe": "unsafe", "many": "many", "stuffed": "unsafe", "nested": "kind",
        "inward": "private", "gone": "status",
    }  # fmt: skip
    sources = {path: watched(cast, f"http://site.example/{path}") for path in (*reasons, "good")}
    with entered(cast.workspace.pk):
        Source.objects.update(due_at=timezone.now() - timedelta(hours=1))
    began = time.process_time()
    for source_id, workspace_id in feeds_to_look_at(100):
        incoming.look_at(workspace_id, source_id)
    assert time.process_time() - began < 5
    assert {path: now(source).trouble for path, source in sources.items()} == {
        **{path: incoming.WORDS[word] for path, word in reasons.items()},
        "good": "",
    }
    assert now(sources["gone"]).due_at is None and now(sources["huge"]).due_at is not None
    assert now(sources["good"]).looked_at and all(address == "93.184.216.34" for address in web.connected)


def test_markup_and_control_characters_stay_out_of_titles(web: Web, cast: Cast) -> None:
    source = watched(cast, web.put("/feed", rss(), kind=XML))
    look(source)
    title = "&lt;script&gt;alert(1)&lt;/script&gt;Kopi &lt;b&gt;enak&lt;/b&gt; &lt;![odd"
    body = rss(item(1, title=title), item(2, title="a\x08\x00b", link="javascript:alert(1)"), item(3, title="c\x1bd"))
    web.put("/feed", body, kind=XML)
    look(source)
    with entered(cast.workspace.pk):
        titles = set(Item.objects.values_list("title", flat=True))
    assert "Kopi enak" in titles and all("<" not in title and "\x1b" not in title for title in titles)


def test_who_fails_for_days_is_told_of_once(web: Web, cast: Cast) -> None:
    source = watched(cast, web.put("/feed", "", status=500))
    look(source)
    with entered(cast.workspace.pk):
        assert not Notice.objects.exists()
        Source.objects.update(failing_since=timezone.now() - timedelta(days=2, hours=1))
    look(source), look(source)
    with entered(cast.workspace.pk):
        assert Notice.objects.filter(kind="feed_down", member=cast.bob).count() == 1
        assert not Notice.objects.filter(member=cast.dewi).exists()
    web.put("/feed", rss(), kind=XML)
    look(source)
    assert (now(source).failures, now(source).failing_since, now(source).trouble) == (0, None, "")


def posting(web: Web) -> list[dict[str, list[str]]]:
    """What was posted to the pretend web."""
    heard: list[dict[str, list[str]]] = []

    def do_post(request: object) -> None:
        length = int(request.headers["Content-Length"])  # type: ignore[attr-defined]
        heard.append(parse_qs(request.rfile.read(length).decode()))  # type: ignore[attr-defined]
        web.pages[request.path](request)  # type: ignore[attr-defined]

    web.server.RequestHandlerClass.do_POST = do_post  # type: ignore[attr-defined]
    return heard


def test_a_hub_is_believed_only_when_we_asked_and_it_signs(
    web: Web, cast: Cast, client: Client, settings: Settings
) -> None:
    settings.WEBSUB_SUBSCRIBE, settings.PUBLIC_URL = True, "https://gardu.example"
    heard = posting(web)
    web.put("/hub", "", status=202)
    links = '<http://site.example/hub>; rel="hub", <http://site.example/topic>; rel="self"'
    source = watched(cast, web.put("/feed", rss(item(1)), kind=XML, Link=links))
    look(source)
    (asked,) = heard
    callback = asked["hub.callback"][0].removeprefix("https://gardu.example")
    secret = asked["hub.secret"][0]
    assert asked["hub.topic"] == ["http://site.example/topic"] and len(secret) == 64
    told = {"hub.mode": "subscribe", "hub.topic": "http://site.example/topic", "hub.challenge": "abc"}
    assert client.get(callback, {**told, "hub.topic": "http://other.example/"}).status_code == 404
    assert client.get("/hooks/feeds/unknown/", told).status_code == 404
    reply = client.get(callback, {**told, "hub.lease_seconds": "99999999"})
    assert (reply.status_code, reply.content) == (200, b"abc")
    after = now(source)
    assert after.hub_state == "active" and after.lease_until <= timezone.now() + timedelta(days=90, minutes=1)
    assert secret.encode() not in bytes(after.hub_sealed)
    with entered(cast.workspace.pk):
        Source.objects.update(due_at=timezone.now() + timedelta(hours=6))
    wrong = hmac.new(b"guess", b"<rss/>", hashlib.sha256).hexdigest()
    for signature in ("", "sha256=", f"sha256={wrong}", f"md5={wrong}"):
        assert client.post(callback, b"<rss/>", XML, headers={"X-Hub-Signature": signature}).status_code == 403
    assert feeds_to_look_at(9) == []
    right = hmac.new(secret.encode(), b"<rss/>", hashlib.sha256).hexdigest()
    reply = client.post(callback, b"<rss/>", XML, headers={"X-Hub-Signature": f"sha256={right}"})
    assert reply.status_code == 202 and now(source).due_at <= timezone.now(), "it is looked at now"
    assert len(heard) == 1, "a lease that lasts is not asked for again"
    with entered(cast.workspace.pk):
        soon = timezone.now() + timedelta(hours=5)
        Source.objects.update(lease_until=soon, hub_asked_at=timezone.now() - timedelta(days=9))
    look(source)
    assert len(heard) == 2 and heard[1]["hub.secret"] == [secret]


def test_our_hub_is_told_of_changes_and_tried_again(web: Web, cast: Cast, settings: Settings) -> None:
    settings.WEBSUB_HUB, settings.PUBLIC_URL = "http://site.example/hub", "https://gardu.example"
    heard = posting(web)
    web.put("/hub", "", status=503)
    with entered(cast.workspace.pk):
        feed = out.open_feed(out.make_feed(title="F", by=cast.bob), is_open=True, by=cast.bob)
    assert tell_hub(feed.pk, cast.workspace.pk) is False
    web.put("/hub", "", status=204)
    assert tell_hub(feed.pk, cast.workspace.pk) is False, "it waits a little first"
    with entered(cast.workspace.pk):
        assert Feed.objects.get().failures == 1
        Feed.objects.update(tell_at=None)
    heard.clear()
    assert tell_hub(feed.pk, cast.workspace.pk) is True
    assert {row["hub.url"][0].rsplit(".", 1)[1] for row in heard} == {"rss", "atom", "json"}
    assert tell_hub(feed.pk, cast.workspace.pk) is False and len(heard) == 3, "nothing changed since"


def test_people_watch_filter_and_rest_feeds(web: Web, cast: Cast, client: Client) -> None:
    here = f"/w/{cast.workspace.slug}/window/sources/"
    address = web.put("/feed", rss(item(1), item(2)), kind=XML)
    client.force_login(cast.dewi.user)
    assert client.post(here + "watch/", {"feed": address}).status_code == 403
    client.force_login(cast.bob.user)
    bad = client.post(here, {"address": "http://127.0.0.1/feed"})
    assert bad.status_code == 422 and "not on the public internet" in bad.content.decode()
    assert "Blog Nadia" in client.post(here, {"address": address}).content.decode()
    page = client.post(here + "watch/", {"feed": address, "name": "Nadia", "first": "1"}, follow=True)
    assert page.content.decode().count("Kabar") >= 2
    with entered(cast.workspace.pk):
        source = Source.objects.get()
    client.post(f"{here}{source.pk}/", {"name": "Blog", "include": "teh, kopi susu", "languages": "id"})
    assert (now(source).include, now(source).languages) == (["teh", "kopi susu"], ["id"])
    client.post(f"{here}{source.pk}/act/", {"act": "rest"})
    assert now(source).due_at is None
    api = f"/api/v1/w/{cast.workspace.slug}/window/sources/"
    assert client.get(f"{api}{source.pk}/items/?state=new").json()[0]["title"] == "Kabar 2"
    assert client.patch(f"{api}{source.pk}/", {"resting": False}, "application/json").json()["health"] == "watched"
    assert client.post(api, {"address": address}, "application/json").status_code == 400
    client.force_login(cast.charlie)
    assert client.get(f"{api}{source.pk}/").status_code == 404
    with pytest.raises(NotFetched):
        read_feed("http://127.0.0.1/", reach=REAL)
