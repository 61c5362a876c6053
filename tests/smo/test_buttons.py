"""Share buttons are plain links that anybody can use, read and trust."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from smo.actions.buttons import bring_back, save_buttons
from smo.context.buttons import integrity, made, script
from smo.models import ButtonSet, ButtonVersion, LinkDay, TrackedLink
from smo.queries.buttons import came_through
from smo.rules.buttons import SHAPES, SIZES, Design, inks, too_faint
from smo.rules.contrast import contrast, ink_on
from smo.rules.places import COPY, SHEET, labelled, places
from tests.cast import Cast, gather
from tests.house import baseline
from workspaces.tenancy import entered

PAGE = "https://teras.example/kopi?a=1&b=“dua”"
EVERY = Design(address=PAGE, text="Kopi <baru> & “enak”", places=tuple(places()), counted=False)


class Links(HTMLParser):
    """The links of a snippet, each with its words."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[dict[str, str | None], str]] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "a":
            self.found.append((dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self.found:
            attrs, words = self.found[-1]
            self.found[-1] = (attrs, words + data.strip())


def links(html: str) -> Links:
    read = Links()
    read.feed(html)
    return read


def test_every_place_gets_the_page_and_the_words_whole() -> None:
    found = {str(attrs["data-to"]): str(attrs["href"]) for attrs, _words in links(made(EVERY).html).found}
    assert list(found) == list(places())
    for slug, href in found.items():
        sent = labelled(PAGE, source=slug)
        said = [value for values in parse_qs(urlsplit(href).query).values() for value in values]
        if slug == COPY:
            assert href == sent
            continue
        assert any(sent in value for value in said), (slug, href)
        filled = {"text", "both"} & set(places()[slug].params.values())
        assert not filled or any(EVERY.text in value for value in said), (slug, href)
        assert f"utm_source={slug}" in sent and "utm_medium=share" in sent


def test_every_address_says_where_it_comes_from() -> None:
    for place in places().values():
        assert place.source.startswith("https://"), place.slug
        assert place.note or (place.documented and re.fullmatch(r"\d{4}-\d\d-\d\d", place.checked)), place.slug


def test_a_snippet_brings_nothing_from_elsewhere_and_has_words_for_everybody() -> None:
    read = links(made(replace(EVERY, labels=False)).html)
    assert read.tags <= {"nav", "ul", "li", "a", "span", "svg", "g", "path", "circle", "rect"}
    for attrs, words in read.found:
        assert words, attrs  # hidden to the eye only
        assert not {"style", "onclick", "src"} & set(attrs)
        assert "noopener" in str(attrs["rel"])
    assert "url(" not in made(EVERY).css and "@import" not in made(EVERY).css


def test_the_words_are_in_the_language_of_the_page() -> None:
    html = made(replace(EVERY, language="id")).html
    assert 'lang="id"' in html and "Bagikan lewat e-mail" in html and "Share" not in html.replace("gs-", "")


@pytest.mark.parametrize("theme", ["brand", "light", "dark"])
def test_words_on_every_button_can_be_read(theme: str) -> None:
    for place in places().values():
        ground, ink, _edge = inks(replace(EVERY, theme=theme), place)
        assert contrast(ground, ink) >= 4.5, place.slug


def test_an_own_colour_that_cannot_be_read_is_answered_with_one_that_can() -> None:
    faint = replace(EVERY, theme="own", colour="#777777", ink="#999999")
    assert contrast(too_faint(faint), "#777777") >= 4.5
    assert too_faint(replace(faint, ink="")) == "" and too_faint(replace(faint, theme="dark")) == ""
    for colour in ("#777777", "#ff0000", "#808000", "#0b6e66"):
        assert contrast(ink_on(colour), colour) >= 4.5


def test_sizes_and_shapes_reach_the_smallest_target() -> None:
    for size in SIZES:
        for shape in SHAPES:
            css = made(replace(EVERY, size=size, shape=shape)).css
            assert int(re.findall(r"min-width:(\d+)px", css)[0]) >= 24


def test_the_script_is_small_keeps_no_cookie_and_calls_nobody() -> None:
    assert len(script()) <= 2048
    assert not re.search(rb"cookie|fetch|XMLHttp|sendBeacon|import|eval|new Image", script())


def test_the_script_is_served_to_any_page(client: Client) -> None:
    answer = client.get("/share/v1.js")
    assert answer.content == script() and answer["Access-Control-Allow-Origin"] == "*"
    assert (
        not answer.cookies and client.get("/share/v1.js", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    )
    assert integrity() in made(EVERY).pasted["component"]


def test_asking_for_a_server_shows_the_way_and_never_redirects(client: Client) -> None:
    asked = client.get("/share/server/", {"text": "Halo", "server": "https://me@Mastodon.Social/@me"})
    assert asked.status_code == 200 and 'href="https://mastodon.social/share?text=Halo"' in asked.content.decode()
    for bad in ("javascript:alert(1)", "a b", "localhost", "evil.example:80", 'x"onload=.y'):
        answer = client.get("/share/server/", {"text": "Halo", "server": bad})
        assert answer.status_code == 422 and 'rel="noopener' not in answer.content.decode(), bad
    assert not asked.cookies


@pytest.fixture
def company(db: None) -> Cast:
    return gather()


def at(cast: Cast, name: str, **more: object) -> str:
    return reverse(f"smo:{name}", kwargs={"workspace": cast.workspace.slug, **more})


SENT = EVERY.as_json() | {"name": "Blog", "labels": "on", "colour": "#0b6e66", "counted": ""}


def test_a_set_is_saved_changed_and_brought_back(company: Cast, client: Client) -> None:
    client.force_login(company.bob.user)
    saved = client.post(at(company, "new_buttons"), SENT)
    assert saved.status_code == 302
    pk = int(saved["Location"].rstrip("/").rsplit("/", 1)[1])
    order = list(reversed(EVERY.places))
    client.post(at(company, "button_set", pk=pk), SENT | {"places": order, "name": "Blog 2"})
    client.post(at(company, "button_set", pk=pk), SENT | {"places": order, "name": "Blog 2"})  # nothing changed
    with entered(company.workspace.pk):
        assert [v.number for v in ButtonVersion.objects.all()] == [2, 1]
        assert ButtonVersion.objects.get(number=2).design.places == tuple(order)
    client.post(at(company, "buttons_back", pk=pk, number=1))
    page = client.get(at(company, "button_set", pk=pk)).content.decode()
    with entered(company.workspace.pk):
        found = ButtonSet.objects.get()
        assert (found.name, found.number) == ("Blog 2", 3)
        assert ButtonVersion.objects.get(number=3).design == ButtonVersion.objects.get(number=1).design
    assert "Version 3" in page and "Version 1" in page
    assert client.post(at(company, "new_buttons"), SENT | {"name": "Blog 2"}).status_code == 422
    client.post(at(company, "buttons_away", pk=pk))
    assert "Blog 2" not in client.get(at(company, "buttons")).content.decode()


def test_each_button_shares_a_tracked_link_of_its_own(company: Cast, client: Client) -> None:
    counted = replace(EVERY, counted=True, campaign="kopi", places=("email", COPY))
    with entered(company.workspace.pk):
        found = save_buttons(counted, name="Blog", by=company.bob)
        save_buttons(replace(counted, gap=2), name="Blog", by=company.bob, into=found)
        first, second = ButtonVersion.objects.order_by("number")
        tracked = {link.short: link for link in TrackedLink.objects.all()}
    assert first.links == second.links and set(first.links) == {"email", COPY, SHEET}
    assert {tracked[short].utm["source"] for short in first.links.values()} == set(first.links)
    for attrs, _words in links(made(counted, first.links).html).found:
        assert quote(first.links[str(attrs["data-to"])], safe="") in quote(unquote(str(attrs["href"])), safe="")
    with entered(company.workspace.pk):
        LinkDay.objects.create(link=tracked[first.links["email"]], day="2026-11-24", clicks=7)
        assert came_through(found) == [
            ("email", "E-mail", 7),
            (COPY, "Copy link", 0),
            (SHEET, "The phone's share sheet", 0),
        ]
    client.force_login(company.bob.user)
    assert "Who came through" in client.get(at(company, "button_set", pk=found.pk)).content.decode()
    inward = {"name": "In", "address": "http://10.0.0.1/", "counted": "on"}
    inside = client.post(at(company, "new_buttons"), SENT | inward)
    assert inside.status_code == 422 and "cannot be counted" in inside.content.decode()


def test_who_may_only_look_gets_the_code_and_changes_nothing(company: Cast, client: Client) -> None:
    with entered(company.workspace.pk):
        found = save_buttons(EVERY, name="Blog", by=company.bob)
    client.force_login(company.dewi.user)
    assert "share-text" in client.get(at(company, "button_set", pk=found.pk)).content.decode()
    for name, more in (("new_buttons", {}), ("try_buttons", {}), ("buttons_away", {"pk": found.pk})):
        assert client.post(at(company, name, **more), SENT).status_code == 403
    client.post(at(company, "button_set", pk=found.pk), SENT | {"name": "Mine"})
    with entered(company.workspace.pk):
        assert ButtonSet.objects.get().name == "Blog"


def test_the_likeness_answers_with_what_is_wrong(company: Cast, client: Client) -> None:
    client.force_login(company.bob.user)
    faint = {"theme": "own", "colour": "#777777", "ink": "#888888", "own_ink": "on"}
    answer = client.post(at(company, "try_buttons"), SENT | faint).content.decode()
    assert "hard to read" in answer and "share-likeness" not in answer
    assert "share-likeness" in client.post(at(company, "try_buttons"), SENT | {"address": ""}).content.decode()
    assert (
        "share-likeness"
        not in client.post(at(company, "try_buttons"), SENT | {"address": "file:///etc"}).content.decode()
    )


def test_programs_save_sets_and_read_their_code(company: Cast, client: Client) -> None:
    client.force_login(company.bob.user)
    url = at(company, "api_buttons")
    told = {"name": "API", "address": PAGE, "places": ["copy", "email"], "theme": "dark"}
    answer = client.post(url, json.dumps(told), content_type="application/json")
    assert answer.status_code == 201 and answer.json()["pasted"]["html"].count("<li>") == 2
    again = client.post(url, json.dumps(told), content_type="application/json")
    assert again.status_code == 400 and "name" in again.json()
    one = at(company, "api_button_set", pk=answer.json()["id"])
    assert client.put(one, json.dumps(told | {"gap": 2}), content_type="application/json").json()["number"] == 2
    client.force_login(company.dewi.user)
    assert client.get(one).status_code == 200
    assert client.put(one, json.dumps(told), content_type="application/json").status_code == 403


def test_the_list_costs_the_same_however_long_it_is(company: Cast, client: Client) -> None:
    client.force_login(company.bob.user)
    with entered(company.workspace.pk):
        for number in range(5):
            save_buttons(EVERY, name=f"Set {number}", by=company.bob)
        bring_back(ButtonVersion.objects.earliest("pk"), by=company.bob)
    client.get(at(company, "buttons"))
    with baseline.queries("share buttons"):
        client.get(at(company, "buttons"))
