"""What a site tells: landings by where they came from, conversions once, credit to the last cent, and nobody's name."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from smo.actions import shorten
from smo.models import Conversion, Credit, Site, Touch, VisitDay
from smo.queries.numbers import results_of
from smo.rules.attribution import MODELS, parts, shares
from smo.rules.script import MOST_BYTES, script
from smo.rules.telling import NotUnderstood, read
from tests.cast import Cast
from tests.smo.visitors import COMPUTER, PHONE, Door
from workspaces.tenancy import entered

ORIGIN = "https://www.warung.example"


@pytest.fixture
def site(cast: Cast) -> Site:
    with entered(cast.workspace.pk):
        made: Site = Site.objects.create(host="warung.example", key="sitekey")
        return made


def tell(told: dict[str, object] | bytes, *, agent: str = PHONE, origin: str = ORIGIN, **headers: str) -> HttpResponse:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    more = {"HTTP_ORIGIN": origin, "HTTP_USER_AGENT": agent, "REMOTE_ADDR": "203.0.113.7", **headers}
    return Client().post("/v/sitekey/", body, content_type="text/plain;charset=UTF-8", **more)  # type: ignore[return-value]


@given(st.decimals(0, 10**9, places=4), st.integers(1, 60), st.sampled_from(MODELS))
def test_shares_sum_to_the_value_exactly(value: Decimal, landings: int, model: str) -> None:
    each = shares(value, landings, model)
    assert len(each) == landings and sum(each) == value and min(each) >= 0
    assert sum(parts(landings, model)) == 1
    if model == "linear":
        assert max(each) - min(each) <= Decimal("0.0001")


def test_a_click_a_landing_and_an_order_are_one_story(cast: Cast, site: Site, tmp_path: object) -> None:
    with entered(cast.workspace.pk):
        link = shorten(f"{ORIGIN}/menu", by=cast.bob, campaign=4, post=9, network="x")
        other = shorten(f"{ORIGIN}/menu", by=cast.bob, campaign=5, post=10, network="linkedin")
    door = Door(tmp_path)  # type: ignore[arg-type]  # a path
    for one in (link, other):
        landing = door.ask(f"/l/{one.code}").location
        assert "gdc=" in landing
        assert tell({"url": landing, "referrer": "https://t.co/x"}).status_code == 204
    assert tell({"key": "order-1", "goal": "order", "value": "10.0001", "currency": "eur"}).status_code == 204
    assert tell({"key": "order-1", "value": "99", "currency": "EUR"}).status_code == 204, "told twice"
    with entered(cast.workspace.pk):
        assert Conversion.objects.get().value == Decimal("10.0001")
        got = {(c.model, c.post): c.value for c in Credit.objects.all()}
        assert got == {
            ("first", 9): Decimal("10.0001"),
            ("last", 10): Decimal("10.0001"),
            ("linear", 9): Decimal("5.0001"),
            ("linear", 10): Decimal("5.0000"),
        }
        days = {row.post: (row.visits, row.visitors, row.again) for row in VisitDay.objects.all()}
        assert days == {9: (1, 1, 0), 10: (1, 0, 1)}
        brought = results_of(post=10)
    assert brought["conversions"] == 1 and brought["worth"] == [("EUR", Decimal("10.0001"))]


def test_a_click_lands_once(cast: Cast, site: Site, tmp_path: object) -> None:
    with entered(cast.workspace.pk):
        link = shorten(f"{ORIGIN}/menu", by=cast.bob, post=9)
    landing = Door(tmp_path).ask(f"/l/{link.code}").location  # type: ignore[arg-type]  # a path
    tell({"url": landing})
    tell({"url": landing})
    with entered(cast.workspace.pk):
        assert {row.post: row.visits for row in VisitDay.objects.all()} == {9: 1, 0: 1}


def test_who_asks_not_to_be_tracked_is_counted_and_nothing_else(cast: Cast, site: Site) -> None:
    tell({"url": f"{ORIGIN}/?utm_source=news", "untracked": True})
    tell({"url": f"{ORIGIN}/?utm_source=news"}, HTTP_SEC_GPC="1")
    with entered(cast.workspace.pk):
        row = VisitDay.objects.get()
        assert (row.source, row.visits, row.unhashed, row.visitors) == ("news", 2, 2, 0) and not Touch.objects.exists()


def test_another_origin_is_refused_and_ours_is_allowed_without_credentials(site: Site) -> None:
    assert tell({"url": "https://evil.example/"}, origin="https://evil.example").status_code == 403
    assert tell({"url": "https://evil.example/"}, origin="").status_code == 403
    assert tell({"url": "x"}, origin="https://warung.example.evil.example").status_code == 403
    answer = tell({"url": f"{ORIGIN}/"})
    assert answer["Access-Control-Allow-Origin"] == ORIGIN and "Access-Control-Allow-Credentials" not in answer
    assert not answer.cookies
    asked = Client().options("/v/sitekey/", HTTP_ORIGIN=ORIGIN)
    assert asked.status_code == 204 and asked["Access-Control-Allow-Methods"] == "POST"
    assert Client().post("/v/nobody/", b"{}", content_type="text/plain").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b"[" * 4000,
        b'{"url": 1}',
        b'{"key": "a b"}',
        b'{"key": "k", "value": NaN, "currency": "EUR"}',
        b'{"key": "k", "value": -1, "currency": "EUR"}',
        b'{"key": "k", "value": 1e99, "currency": "EUR"}',
        b'{"key": "k", "value": "Infinity", "currency": "EUR"}',
        b'{"key": "k", "value": true, "currency": "EUR"}',
        b'{"key": "k", "value": 5}',
        b'{"key": "k", "value": 5, "currency": "EURO"}',
        b'{"url": "' + b"a" * 5000 + b'"}',
    ],
)
def test_hostile_words_are_refused_and_not_repeated(body: bytes) -> None:
    with pytest.raises(NotUnderstood) as refused:
        read(body)
    assert len(str(refused.value)) < 20


def test_hostile_addresses_leave_no_trace() -> None:
    told = read(json.dumps({"url": "https://[", "referrer": "https://a/<script>"}).encode())
    assert (told.source, told.click) == ("a", "")
    assert read(json.dumps({"url": "https://w.example/?utm_source=a\u0000\u202eb"}).encode()).source == "ab"


def test_the_script_is_small_stores_nothing_and_is_kept_long(db: None) -> None:
    assert len(script()) <= MOST_BYTES
    assert not any(word in script() for word in (b"cookie", b"localStorage", b"sessionStorage", b"indexedDB"))
    answer = Client().get("/v/gardu.js")
    assert answer.content == script() and "max-age=604800" in answer["Cache-Control"] and not answer.cookies
    assert Client().get("/v/gardu.js", headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_programs_tell_nothing(cast: Cast, site: Site) -> None:
    assert tell({"url": f"{ORIGIN}/"}, agent="Googlebot/2.1").status_code == 204
    assert tell({"url": f"{ORIGIN}/"}, agent=COMPUTER).status_code == 204
    with entered(cast.workspace.pk):
        assert VisitDay.objects.get().visits == 1
