"""A short link leads on, counts once, keeps nobody's name, and goes on working when things around it do not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.utils import timezone

from smo.actions import lead, shorten
from smo.actions.forgetting import forget
from smo.actions.spooling import Spool
from smo.actions.taking import take
from smo.models import DaySalt, Domain, LinkDay, LinkSplit, SeenToday, Site, TrackedLink
from smo.rules.clicks import PARAMETER, Click, click_name, read_click
from tests.cast import Cast
from tests.smo.visitors import COMPUTER, PHONE, Door
from workspaces.tenancy import entered

SHOP = "https://shop.example.com/kopi"


@pytest.fixture
def door(db: None, tmp_path: Path) -> Door:
    return Door(tmp_path / "clicks")


def made(cast: Cast, url: str = SHOP, **more: object) -> TrackedLink:
    with entered(cast.workspace.pk):
        link = shorten(url, by=cast.bob)
        TrackedLink.objects.filter(pk=link.pk).update(**more)
        return link


def day_of(cast: Cast, link: TrackedLink) -> LinkDay:
    with entered(cast.workspace.pk):
        found: LinkDay = LinkDay.objects.get(link=link)
        return found


def test_a_click_leads_on_and_counts_by_people_and_day(cast: Cast, door: Door) -> None:
    link = made(cast)
    first = door.ask(f"/l/{link.code}", referer="https://t.co/abc?secret=1")
    assert (first.status, first.location) == (302, SHOP)
    assert "Set-Cookie" not in first.headers and "no-store" in first.headers["Cache-Control"]
    door.ask(f"/l/{link.code}")
    door.ask(f"/l/{link.code}", agent=COMPUTER)
    assert door.count() == 3
    day = day_of(cast, link)
    assert (day.clicks, day.visitors, day.again, day.bots) == (3, 2, 1, 0)
    with entered(cast.workspace.pk):
        split = {(s.kind, s.name): s.clicks for s in LinkSplit.objects.all()}
    assert split[("referrer", "t.co")] == 1 and split[("network", "x")] == 1
    assert split[("device", "phone")] == 2 and split[("device", "computer")] == 1
    assert door.count() == 0, "the same file again counts nothing"


@pytest.mark.parametrize(
    ("agent", "headers"),
    [
        ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", {}),
        ("Twitterbot/1.0", {}),
        ("LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)", {}),
        ("WhatsApp/2.23.20.0", {}),
        ("python-requests/2.32", {}),
        ("", {}),
        (PHONE, {"sec_purpose": "prefetch;prerender"}),
        (PHONE, {"x_moz": "prefetch"}),
    ],
)
def test_programs_are_sent_on_and_not_counted_as_people(
    cast: Cast, door: Door, agent: str, headers: dict[str, str]
) -> None:
    link = made(cast)
    assert door.ask(f"/l/{link.code}", agent=agent, **headers).status == 302
    door.count()
    day = day_of(cast, link)
    assert (day.clicks, day.visitors, day.bots) == (0, 0, 1)


@pytest.mark.parametrize("header", ["dnt", "sec_gpc"])
def test_who_asks_not_to_be_tracked_is_one_of_many(cast: Cast, door: Door, header: str) -> None:
    with entered(cast.workspace.pk):
        Site.objects.create(host="shop.example.com", key="k")
    link = made(cast)
    answer = door.ask(f"/l/{link.code}", **{header: "1"})
    assert answer.location == SHOP, "no name of a click in the address either"
    door.count()
    day = day_of(cast, link)
    assert (day.clicks, day.visitors, day.unhashed) == (1, 0, 1)
    with entered(cast.workspace.pk):
        assert not SeenToday.objects.exists()


def test_a_changed_target_holds_within_a_second_and_an_end_is_an_end(cast: Cast, door: Door) -> None:
    link = made(cast)
    door.ask(f"/l/{link.code}")
    with entered(cast.workspace.pk):
        lead(link, "https://shop.example.com/other", by=cast.bob)
    door.wait(1.01)
    assert door.ask(f"/l/{link.code}").location == "https://shop.example.com/other"
    over = made(cast, expires_at=timezone.now() - timedelta(minutes=1))
    assert door.ask(f"/l/{over.code}").status == 410
    onward = made(cast, expires_at=timezone.now() - timedelta(minutes=1), expired_url="https://shop.example.com/late")
    assert door.ask(f"/l/{onward.code}").location == "https://shop.example.com/late"
    assert door.ask("/l/nothing").status == 404 and door.ask(f"/l/{link.code}/x").status == 404
    assert door.ask(f"/l/{link.code}", method="POST").status == 405


def test_a_flagged_link_asks_first_and_escapes_what_it_shows(cast: Cast, door: Door) -> None:
    link = made(cast, flag="person", target="https://shop.example.com/?q='><script>alert(1)</script>")
    page = door.ask(f"/l/{link.code}", accept_language="id-ID,id;q=0.9")
    assert page.status == 200 and "Location" not in page.headers
    assert "<script>" not in page.body and 'lang="id"' in page.body and "shop.example.com" in page.body
    assert "script-src" not in page.headers["Content-Security-Policy"]


def test_a_workspaces_domain_leads_to_its_own_links_only(cast: Cast, door: Door) -> None:
    with entered(cast.workspace.pk):
        domain = Domain.objects.create(host="go.warung.example", token="t", verified_at=timezone.now(), main=True)
        link = shorten(SHOP, by=cast.bob, alias="kopi")
        assert link.short == "https://go.warung.example/kopi"
    with entered(cast.elsewhere.pk):
        theirs = shorten(SHOP, by=None)
    assert door.ask("//go.warung.example/kopi").location == SHOP
    assert door.ask(f"//go.warung.example/{theirs.code}").status == 404
    assert door.ask("/l/kopi").status == 404
    assert door.ask("/w/warung/").body == "the app itself"
    with entered(cast.workspace.pk):
        Domain.objects.filter(pk=domain.pk).update(main=False, verified_at=None)
    assert Door(door.folder).ask("//go.warung.example/kopi").status == 404


def test_with_the_database_away_known_links_lead_on_and_their_clicks_are_kept(cast: Cast, door: Door) -> None:
    link = made(cast)
    door.ask(f"/l/{link.code}")
    door.wait(10_000)
    with patch("smo.queries.targets.connection.cursor", side_effect=OperationalError("gone")):
        assert door.ask(f"/l/{link.code}", ip="203.0.113.8").location == SHOP
        assert door.ask("/l/neverseen").status == 503
    door.count()
    assert day_of(cast, link).clicks == 2


def test_a_file_is_counted_once_whoever_dies_in_between(cast: Cast, door: Door) -> None:
    link = made(cast)
    for number in range(5):
        door.ask(f"/l/{link.code}", ip=f"203.0.113.{number}")
    with patch("smo.actions.taking.Path.write_text", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        door.count()  # dies after the commit, before it noted how far it came
    (note,) = list(door.folder.glob("*.upto")) or [None]
    assert note is None
    door.ask(f"/l/{link.code}", ip="203.0.113.9")
    door.count()
    assert day_of(cast, link).clicks == 6


def test_a_dead_process_leaves_its_clicks_and_its_file_goes_when_they_are_counted(cast: Cast, tmp_path: Path) -> None:
    link = made(cast)
    folder = tmp_path / "spool"
    folder.mkdir()
    line = Click(cast.workspace.pk, link.pk, "2026-11-24", "", "", "", "phone", False).line()
    (folder / "dead.clicks").write_bytes(line * 3 + line[:10])
    alive = Spool(folder)
    alive.write(line)
    assert take(folder) == 4
    assert [path.name for path in folder.glob("*.clicks")] != [] and not (folder / "dead.clicks").exists()
    assert day_of(cast, link).clicks == 4


def test_a_full_disk_keeps_nobody_from_the_page_and_is_not_silent(
    cast: Cast, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    link = made(cast)
    with patch("smo.actions.spooling.os.write", side_effect=OSError(28, "No space left on device")):
        assert door.ask(f"/l/{link.code}").status == 302
    assert "could not be written down" in caplog.text and "203.0.113" not in caplog.text


def test_when_the_day_is_over_salt_and_hashes_go(cast: Cast, door: Door) -> None:
    link = made(cast)
    door.ask(f"/l/{link.code}")
    door.count()
    now = timezone.now()
    assert forget(door.folder, now) == 0
    forget(door.folder, now + timedelta(days=1))
    with entered(cast.workspace.pk):
        assert not SeenToday.objects.exists() and LinkDay.objects.get().visitors == 1
    assert not DaySalt.objects.exists()


def test_the_name_of_a_click_is_ours_and_short_lived(cast: Cast, door: Door) -> None:
    with entered(cast.workspace.pk):
        Site.objects.create(host="example.com", key="k")
    link = made(cast)
    landing = door.ask(f"/l/{link.code}").location
    assert landing.startswith(f"{SHOP}?{PARAMETER}=")
    key, minute = b"k" * 32, int(datetime(2026, 11, 24, tzinfo=UTC).timestamp() // 60)
    name = click_name(key, link.pk, minute, b"abcd")
    found = read_click(key, name, minute=minute + 5, within=30)
    assert found is not None and found.link == link.pk
    assert read_click(key, name, minute=minute + 31, within=30) is None
    assert read_click(b"other" * 7, name, minute=minute, within=30) is None
    assert (
        read_click(key, name[:-2] + "AA", minute=minute, within=30) is None
        and read_click(key, "ü", minute=0, within=1) is None
    )
