"""A page is looked at as networks look at it, heeding its site's word, and judged with the exact mends."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from networks.fetch import NotFetched
from networks.wire import Reach
from smo.actions.looking import ask_look, ask_walk, ask_weekly
from smo.adapters.robots import read_robots, said_by
from smo.adapters.sitemaps import NotAMap, read_map
from smo.models import CheckedPage, PageLook, State, Walk
from smo.pipeline import pages
from smo.pipeline.pages import Visit, look, make_look, make_walk
from smo.queries.mends import TROUBLES, WORDS, said
from smo.queries.pages import looks_left, pages_due, walks_left
from smo.rules.anatomy import anatomy, shared_to
from smo.rules.cards import Picture, card_rules, cards
from smo.rules.pages import Facts, findings, score, tags
from tests.cast import Cast, gather
from tests.house import baseline
from tests.networks.test_fetch import Web, web  # noqa: F401 - the pretend public web
from workspaces.models import Notice
from workspaces.tenancy import entered

GOOD = """<!doctype html><html lang="id"><head><title>Kopi gula aren</title>
<meta name="viewport" content="width=device-width"><meta name="description" content="Kopi susu dari Jakarta.">
<meta property="og:title" content="Kopi &quot;gula aren&quot; &amp; kawan">
<meta property="og:description" content="Kopi susu dari Jakarta.">
<meta property="og:image" content="https://site.example/card.png"><meta property="og:image:alt" content="Segelas kopi">
<meta property="og:image:width" content="1200"><meta property="og:image:height" content="630">
<meta property="og:type" content="article"><meta property="og:url" content="https://site.example/kopi">
<meta property="og:site_name" content="Teras Kopi"><meta name="twitter:card" content="summary_large_image">
<link rel="canonical" href="https://site.example/kopi"><link rel="icon" href="/i.svg">
<link rel="alternate" type="application/rss+xml" href="/feed"></head>
<body><h1>Kopi</h1><a href="https://wa.me/?text=x">WA</a></body></html>"""
URL = "https://site.example/kopi"
BARE = "<html><body><h1>Menu <b>kami</b></h1><p>Kopi “enak” & murah sekali di tengah kota Jakarta, setiap hari.</p>"


def picture(width: int = 1200, height: int = 630, kind: str = "PNG") -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (width, height), "brown").save(kept, kind)
    return kept.getvalue()


def facts(html: str, shown: Picture | None = None, url: str = URL) -> Facts:
    return Facts(anatomy(url, html), shown)


FINE = Picture("https://site.example/card.png", "image/png", 1200, 630, 40_000)


def test_a_page_with_everything_scores_a_hundred() -> None:
    assert findings(facts(GOOD, FINE)) == []
    assert score([]) == 100


def test_every_flaw_costs_and_has_words_and_the_costliest_comes_first() -> None:
    worst = findings(facts(BARE))
    assert [each.points for each in worst] == sorted((each.points for each in worst), reverse=True)
    assert score(worst) < 25 and {"no_title", "no_image", "no_lang", "no_feed", "no_buttons"} <= {f.code for f in worst}
    for finding in worst:
        title, how = said(finding)
        assert title and how and "%(" not in title + how


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("no_og_title", {'<meta property="og:title" content="Kopi &quot;gula aren&quot; &amp; kawan">': ""}),
        ("title_cut", {"Kopi &quot;gula aren&quot; &amp; kawan": "Kopi " * 20}),
        ("description_cut", {"Kopi susu dari Jakarta.": "Kopi susu " * 30}),
        ("image_relative", {"https://site.example/card.png": "/card.png"}),
        ("image_http", {"https://site.example/card.png": "http://site.example/card.png"}),
        ("no_image_alt", {'<meta property="og:image:alt" content="Segelas kopi">': ""}),
        ("no_card", {"summary_large_image": ""}),
        ("card_unknown", {"summary_large_image": "huge"}),
        ("canonical_elsewhere", {'canonical" href="https://site.example': 'canonical" href="https://other.example'}),
        ("noindex", {"</head>": '<meta name="robots" content="NOINDEX, follow"></head>'}),
        ("no_snippet", {"</head>": '<meta name="robots" content="max-image-preview:none"></head>'}),
        ("no_lang", {' lang="id"': ""}),
        ("no_icon", {'<link rel="icon" href="/i.svg">': ""}),
        ("no_viewport", {'name="viewport"': 'name="v"'}),
        ("no_buttons", {"https://wa.me/?text=x": "https://instagram.com/teras"}),
        ("login", {"</body>": '<input type="password"></body>'}),
    ],
)
def test_one_flaw_is_found_as_that_flaw(code: str, change: dict[str, str]) -> None:
    html = GOOD
    for old, new in change.items():
        assert old in html
        html = html.replace(old, new)
    assert [each.code for each in findings(facts(html, FINE))] == [code]


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("image_gone", Picture("u", trouble="gone")),
        ("image_kind", Picture("u", "image/svg+xml", 1200, 630, 1)),
        ("image_small", Picture("u", "image/png", 120, 63, 1)),
        ("image_not_best", Picture("u", "image/png", 800, 420, 1)),
        ("image_heavy", Picture("u", "image/png", 1200, 630, 1_200_000)),
        ("image_ratio", Picture("u", "image/png", 1300, 1300, 1)),
    ],
)
def test_a_picture_is_judged_by_its_measures(code: str, shown: Picture) -> None:
    assert code in [each.code for each in findings(facts(GOOD, shown))]


def test_the_tags_to_paste_carry_the_pages_own_words_safely_and_mend_it() -> None:
    told = tags(facts(BARE.replace("<p>", '<p>"><script>')))
    assert "<script>" not in told and "Menu kami" in told and told.count("<meta") == 9
    mended = BARE.replace("<body>", f"<head>{told}</head><body>")
    left = {each.code for each in findings(facts(mended, FINE))}
    assert not left & {"no_title", "no_og_title", "no_description", "no_image", "no_card", "no_canonical", "no_og_url"}
    hostile = GOOD.replace("Kopi susu dari Jakarta.", "x&quot;&gt;&lt;img src=x onerror=alert(1)&gt;")
    assert "<img" not in tags(facts(hostile, FINE))


def test_each_network_shows_the_card_by_its_own_figures() -> None:
    shown = {each.rule.slug: each for each in cards(anatomy(URL, GOOD.replace("Kopi susu dari", "Kopi " * 50)), FINE)}
    assert {each.layout for each in shown.values()} == {"large"}
    for each in shown.values():
        assert len(each.title) <= each.rule.title and len(each.description) <= each.rule.description
    small = {each.rule.slug: each.layout for each in cards(anatomy(URL, GOOD), Picture("u", "image/png", 250, 250, 9))}
    assert "small" in small.values() and "bare" not in small.values()
    without = anatomy(URL, GOOD.replace("summary_large_image", "summary"))
    assert {each.layout for each in cards(without, FINE)} == {"large", "small"}
    assert {each.layout for each in cards(anatomy(URL, BARE), None)} == {"bare"}
    for rule in card_rules():
        assert rule.source.startswith("https://") and (rule.note or (rule.sure and rule.checked)), rule.slug


def test_share_links_are_known_whoever_made_them() -> None:
    assert shared_to("https://twitter.com/intent/tweet?url=x") == shared_to("https://x.com/share?url=x") != ""
    assert shared_to("https://x.com/teras") == "" and shared_to("http://[bad") == ""


def test_robots_are_read_as_rfc_9309_says() -> None:
    word = read_robots(
        b"User-agent: *\nDisallow: /\n\nUser-agent: GarduBot\nDisallow: /a/*.pdf$\nDisallow: /b\nAllow: /b/c"
    )
    assert word.may("https://s.example/x") and not word.may("https://s.example/a/1.pdf")
    assert word.may("https://s.example/b/c/d") and not word.may("https://s.example/b/d")
    assert said_by(404).may("https://s.example/") and said_by(403).may("https://s.example/")
    assert not said_by(500).may("https://s.example/") and not said_by(429).may("https://s.example/")
    assert read_robots(b"\xff\xfe<html>").may("https://s.example/")


def test_a_site_map_is_read_packed_listed_and_plain_and_never_expanded() -> None:
    space = b"xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    plain = b"<?xml version='1.0'?><urlset %b><url><loc> https://s/1 </loc></url></urlset>" % space
    listed = plain.replace(b"urlset", b"sitemapindex").replace(b"url>", b"sitemap>")
    assert read_map(plain, most=9).pages == read_map(gzip.compress(plain), most=9).pages == ("https://s/1",)
    assert read_map(listed, most=9).maps == ("https://s/1",)
    assert read_map(b"https://s/1\nhttps://s/2\n", most=1).pages == ("https://s/1",)
    laughs = b"<!DOCTYPE x [<!ENTITY a 'ha'>]>" + plain
    for bad in (laughs, laughs.decode().encode("utf-16"), b"<html></html>", b"kopi", gzip.compress(b" " * 20_000_000)):
        with pytest.raises(NotAMap):
            read_map(bad, most=9)


@pytest.fixture
def site(web: Web, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:  # noqa: F811 - the fixture
    monkeypatch.setattr(pages, "PAUSE", 0.0)
    monkeypatch.setattr("smo.pipeline.pages.registry.reach", lambda: Reach())
    web.put("/robots.txt", "User-agent: *\nDisallow: /shut", kind="text/plain")
    web.put("/card.png", picture(), kind="image/png")
    web.put("/feed", "<rss></rss>", kind="application/rss+xml")
    web.put("/kopi", GOOD.replace("https://site.example/card.png", "http://site.example/card.png"))
    yield web


def visited(url: str) -> Facts:
    return look(url, Visit(Reach())).facts


def refusal(url: str) -> str:
    with pytest.raises(NotFetched) as stopped:
        visited(url)
    return pages._word(stopped.value)


def test_one_look_reads_the_page_and_measures_its_picture(site: Web) -> None:
    seen = look("http://site.example/kopi", Visit(Reach()))
    shown = seen.facts.picture
    assert shown and (shown.kind, shown.width, shown.height) == ("image/png", 1200, 630)
    assert seen.facts.feed == "ok" and seen.thumb[:2] == b"\xff\xd8"
    assert Facts.from_json(json.loads(json.dumps(seen.facts.as_json()))) == seen.facts
    site.put("/card.png", b"GIF89a no picture", kind="image/png")
    assert visited("http://site.example/kopi").picture == Picture(
        "http://site.example/card.png", "image/png", 0, 0, 17, "no_picture"
    )
    site.put("/x", GOOD, X_Robots_Tag="noindex")
    assert "noindex" in [each.code for each in findings(visited("http://site.example/x"))]


def test_whatever_cannot_be_read_says_why(site: Web) -> None:
    put = site.put
    assert refusal("http://site.example/shut/x") == "robots"
    assert refusal(put("/way", "", status=302, Location="/shut/y")) == "robots"
    assert refusal(put("/gone", "", status=404)) == "gone"
    assert refusal(put("/door", "", status=401)) == "login"
    assert refusal(put("/broken", "", status=503)) == "status"
    assert refusal(put("/file", "x", kind="application/pdf")) == "kind"
    assert refusal(put("/large", b"x" * (pages.PAGE_BYTES + 1))) == "large"
    assert refusal(put("/round", "", status=301, Location="/round")) == "hops"
    assert refusal(put("/in", "", status=301, Location="http://127.0.0.1/")) == "private"
    put("/login?next=/member", '<form><input type="password"></form>')
    assert refusal(put("/member", "", status=302, Location="/login?next=/member")) == "login"
    put("/robots.txt", "", status=500)
    assert refusal("http://site.example/kopi") == "robots"
    put("/robots.txt", "", status=404)
    assert visited("http://site.example/kopi").page.title
    for word in ("robots", "gone", "login", "status", "kind", "large", "hops", "private", "slow", "unreachable"):
        assert word in TROUBLES


@pytest.fixture
def company(db: None) -> Cast:
    return gather()


def at(cast: Cast, name: str, **more: object) -> str:
    return reverse(f"smo:{name}", kwargs={"workspace": cast.workspace.slug, **more})


def looked(cast: Cast, url: str = "http://site.example/kopi") -> PageLook:
    with entered(cast.workspace.pk):
        asked = ask_look(url, by=cast.bob)
    make_look(cast.workspace.pk, asked.pk)
    with entered(cast.workspace.pk):
        return PageLook.objects.select_related("page").get(pk=asked.pk)


def test_a_page_that_gets_worse_is_told_to_who_may_mend_it(site: Web, company: Cast) -> None:
    first = looked(company)
    assert (first.state, first.step) == (State.DONE, PageLook.STEPS) and first.page.score == first.score
    again = looked(company)
    with entered(company.workspace.pk):
        assert Notice.objects.count() == 0
    site.put("/kopi", BARE)
    worse = looked(company)
    assert worse.page.before == again.score and worse.score is not None and worse.score < 30
    with entered(company.workspace.pk):
        told = Notice.objects.select_related("member__user").all()
        assert {notice.member.user.name for notice in told} == {"Alice", "Bob"}
        assert str(worse.score) in told[0].title and told[0].url == at(company, "page", pk=worse.page_id)
    site.put("/kopi", "", status=500)
    failed = looked(company)
    assert (failed.state, failed.trouble, failed.page.score) == (State.FAILED, "status", worse.score)


def test_a_look_is_made_once_and_what_was_left_lying_is_found(site: Web, company: Cast) -> None:
    with entered(company.workspace.pk):
        asked = ask_look("http://site.example/kopi", by=company.bob, weekly=True)
        assert ask_look("http://site.example/kopi", by=company.bob) == asked
        PageLook.objects.filter(pk=asked.pk).update(asked_at=timezone.now() - timedelta(minutes=1))
    assert looks_left(9) == [(asked.pk, company.workspace.pk)]
    make_look(company.workspace.pk, asked.pk)
    site.looked_up.clear()
    make_look(company.workspace.pk, asked.pk)
    assert site.looked_up == [] and looks_left(9) == []
    assert pages_due(9) == []
    with entered(company.workspace.pk):
        CheckedPage.objects.update(due_at=timezone.now() - timedelta(hours=1))
    assert pages_due(9) == [(asked.page_id, company.workspace.pk)]
    with entered(company.workspace.pk):
        assert ask_weekly(asked.page_id) is not None
        assert ask_weekly(asked.page_id) is None  # a second clock finds nothing
    assert pages_due(9) == []


def test_a_site_map_is_walked_within_bounds(site: Web, company: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST", 2)
    named = ("site.example/kopi", "site.example/shut", "site.example/3", "other.example/4")
    locs = "".join(f"<url><loc>http://{each}</loc></url>" for each in named)
    site.put("/sitemap.xml", f"<urlset xmlns='x'>{locs}</urlset>", kind="application/xml")
    with entered(company.workspace.pk):
        walk = ask_walk("http://site.example/sitemap.xml", by=company.bob)
        Walk.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    assert walks_left(9) == [(walk.pk, company.workspace.pk)]
    make_walk(company.workspace.pk, walk.pk)
    make_walk(company.workspace.pk, walk.pk)
    with entered(company.workspace.pk):
        walk.refresh_from_db()
        assert (walk.state, walk.total, walk.done, walk.left_out) == (State.DONE, 2, 2, 1)
        assert sorted(PageLook.objects.values_list("trouble", flat=True)) == ["", "robots"]
    site.put("/none.xml", "<html/>", kind="application/xml")
    with entered(company.workspace.pk):
        wrong = ask_walk("http://site.example/none.xml", by=company.bob)
    make_walk(company.workspace.pk, wrong.pk)
    with entered(company.workspace.pk):
        wrong.refresh_from_db()
        assert (wrong.state, wrong.trouble) == (State.FAILED, "kind")


def test_the_screens_show_what_was_found(site: Web, company: Cast, client: Client) -> None:
    client.force_login(company.bob.user)
    asked = client.post(at(company, "pages"), {"url": "http://site.example/kopi", "kind": "page", "weekly": "on"})
    assert asked.status_code == 302
    with entered(company.workspace.pk):
        waiting = PageLook.objects.get()
    state = client.get(asked["Location"], headers={"HX-Request": "true"})
    assert "page-progress" in state.content.decode() and "HX-Refresh" not in state
    make_look(company.workspace.pk, waiting.pk)
    assert client.get(asked["Location"], headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    site.put("/kopi", BARE)
    worse = looked(company)
    page = client.get(asked["Location"]).content.decode()
    assert "page-curve" in page and "No picture for the card" in page and "Worse than the last time" in page
    assert "&lt;meta property=&quot;og:image&quot;" in page
    assert client.get(at(company, "page_picture", pk=waiting.pk))["Content-Type"] == "image/jpeg"
    assert client.get(at(company, "page_picture", pk=worse.pk)).status_code == 404
    assert client.post(at(company, "pages"), {"url": "http://10.0.0.1/", "kind": "page"}).status_code == 422
    client.get(at(company, "pages"))
    with baseline.queries("checked pages"):
        client.get(at(company, "pages"))
    with baseline.queries("one checked page"):
        client.get(asked["Location"])
    client.post(at(company, "page_weekly", pk=worse.page_id), {"weekly": "0"})
    client.post(at(company, "page_forget", pk=worse.page_id))
    with entered(company.workspace.pk):
        assert CheckedPage.objects.count() == PageLook.objects.count() == 0


def test_who_may_only_look_asks_for_nothing(company: Cast, client: Client) -> None:
    client.force_login(company.dewi.user)
    assert client.get(at(company, "pages")).status_code == 200
    client.post(at(company, "pages"), {"url": "http://site.example/kopi", "kind": "page"})
    told = json.dumps({"url": "http://site.example/kopi"})
    assert client.post(at(company, "api_pages"), told, content_type="application/json").status_code == 403
    for name in ("page_again", "page_weekly", "page_forget"):
        assert client.post(at(company, name, pk=1)).status_code == 403
    with entered(company.workspace.pk):
        assert CheckedPage.objects.count() == 0


def test_programs_ask_and_read(site: Web, company: Cast, client: Client) -> None:
    client.force_login(company.bob.user)
    told = json.dumps({"url": "http://site.example/kopi", "weekly": True})
    asked = client.post(at(company, "api_pages"), told, content_type="application/json")
    assert asked.status_code == 202 and asked.json()["due_at"]
    with entered(company.workspace.pk):
        pk = PageLook.objects.get().pk
    make_look(company.workspace.pk, pk)
    one = client.get(at(company, "api_page", pk=asked.json()["id"])).json()
    assert one["score"] == one["looks"][0]["score"] and one["mends"][0]["title"] and "og:title" in one["tags"]
    inside = json.dumps({"url": "http://127.0.0.1/"})
    assert client.post(at(company, "api_pages"), inside, content_type="application/json").status_code == 400
    told = json.dumps({"url": "http://site.example/s.xml", "kind": "map"})
    walk = client.post(at(company, "api_pages"), told, content_type="application/json")
    assert client.get(at(company, "api_walk", pk=walk.json()["id"])).json()["state"] == "queued"


def test_every_code_has_words() -> None:
    source = (pages.__file__ or "").replace("pipeline", "rules")
    with open(source) as file:
        made = {line.split('Finding("')[1].split('"')[0] for line in file if 'Finding("' in line}
    assert made == set(WORDS)
