"""Endorsers' own posts are seen once, by whichever way, and followed through edits and deletions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from compliance.actions.sources import watch_feed
from compliance.actions.watching import Seen, see
from compliance.models import Case, Connection, Endorser, SeenVersion, Sighting, Source
from compliance.pipeline.watching import CannotLook, read_link
from compliance.queries import pace
from compliance.queries.watching import sources_due
from networks.models import Account
from tests.compliance.watchers import MENDED, PRAISE, Watchers, long_ago
from tests.sandbox_process import SandboxProcess
from workspaces.models import Notice
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db
RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>Nadia</title>{}</channel></rss>'
ITEM = "<item><title>{title}</title><link>{link}</link><description>{text}</description><pubDate>{at}</pubDate></item>"
AT = "%a, %d %b %Y %H:%M:%S +0000"


def feed(nadia: Watchers, host: str, *items: tuple[str, str], **more: Any) -> str:
    """A feed on the pretend web, and the pages it names; each item is (address, words). Its address."""
    for link, text in items:
        parts = urlsplit(link)
        head = f'<meta property="og:title" content="Catatan"><meta property="og:description" content="{text}">'
        nadia.sandbox.control("site", host=parts.hostname, path=parts.path, body=head)
    now = timezone.now().strftime(AT)
    drawn = "".join(ITEM.format(title="Catatan", link=link, text=text, at=now) for link, text in items)
    page = {"host": host, "path": "/feed.xml", "body": RSS.format(drawn), "kind": "application/rss+xml", **more}
    return str(nadia.sandbox.control("site", **page)["url"])


def follow(nadia: Watchers, address: str) -> Source:
    with entered(nadia.cast.workspace.pk):
        return watch_feed(nadia.endorser, address, by=nadia.cast.omar)


def counted(nadia: Watchers) -> dict[str, int]:
    with entered(nadia.cast.workspace.pk):
        models = {"sightings": Sighting, "versions": SeenVersion, "cases": Case}
        return {name: model.objects.count() for name, model in models.items()}


@pytest.mark.parametrize("network", ["x", "facebook", "youtube"])
def test_every_network_that_shows_others_is_watched(watched: Callable[..., Watchers], network: str) -> None:
    nadia = watched(network)
    post = nadia.posts(f"{PRAISE}\n{PRAISE}")
    nadia.turn()
    seen = nadia.only()
    assert seen.state in {"missing", "review"} and seen.about and seen.case is not None
    nadia.edits(post, "Hujan seharian, di rumah saja.")
    nadia.turn()
    nadia.removes(post)
    nadia.turn()
    seen = nadia.only()
    assert seen.gone_at is not None
    with entered(nadia.cast.workspace.pk):
        assert [version.gone for version in seen.versions.all()][-1]


def test_a_post_seen_by_network_feed_and_link_is_one_sighting_and_one_case(watched: Callable[..., Watchers]) -> None:
    nadia = watched()
    post = nadia.posts(PRAISE)
    nadia.turn()
    follow(nadia, feed(nadia, "nadia.example", (post["address"] + "?utm_source=rss", PRAISE)))
    nadia.turn()
    nadia.turn()
    pasted = read_link(post["address"].replace("x.com", "twitter.com"), workspace_id=nadia.cast.workspace.pk)
    with entered(nadia.cast.workspace.pk):
        see(pasted, endorser=nadia.endorser, by=nadia.cast.omar)
    assert counted(nadia) == {"sightings": 1, "versions": 1, "cases": 1}


def test_a_deleted_post_is_noticed_and_its_case_lapses(watched: Callable[..., Watchers]) -> None:
    nadia = watched()
    post = nadia.posts(PRAISE)
    nadia.turn()
    nadia.removes(post)
    nadia.turn()
    seen = nadia.only()
    assert (seen.state, seen.gone_at is not None, seen.look_at) == ("removed", True, None)
    assert seen.case is not None and seen.case.status == Case.Status.LAPSED
    nadia.turn()
    assert counted(nadia) == {"sightings": 1, "versions": 2, "cases": 1}


def test_an_edit_takes_the_disclosure_away_again(watched: Callable[..., Watchers]) -> None:
    nadia = watched()
    post = nadia.posts(MENDED)
    nadia.turn()
    assert (nadia.only().state, nadia.only().disclosed_at_first) == ("fine", True)
    nadia.edits(post, PRAISE)
    nadia.turn()
    assert (nadia.only().state, nadia.only().disclosed_at_first) == ("missing", True)
    nadia.edits(post, MENDED)
    nadia.turn()
    assert nadia.only().state == "fixed"


def test_only_a_connection_of_that_day_counts_and_only_for_its_brand(watched: Callable[..., Watchers]) -> None:
    nadia = watched()
    with entered(nadia.cast.workspace.pk):
        Connection.objects.update(ends_on=timezone.now().date() - timedelta(days=3))
    nadia.posts("Hujan seharian, main kartu saja.")
    nadia.posts(PRAISE)
    nadia.posts(f"{PRAISE} Lagi.", ago=86400 * 5)
    nadia.turn()
    with entered(nadia.cast.workspace.pk):
        found = {(one.about, one.state) for one in Sighting.objects.all()}
        (about,) = Sighting.objects.filter(about=True)
        assert [match.brand for match in about.matches.all()] == ["Teras Kopi"]
    assert found == {(False, "fine"), (True, "missing")}


def test_a_video_is_for_a_person_and_the_label_is_kept_as_unknown(watched: Callable[..., Watchers]) -> None:
    nadia = watched("youtube")
    nadia.posts(f"Iklan: seminggu bersama Teras Kopi\n{MENDED}")
    nadia.turn()
    seen = nadia.only()
    assert (seen.state, seen.label) == ("review", Sighting.Label.UNKNOWN)


def test_a_network_that_tells_the_label_is_believed_but_words_are_still_needed(
    watched: Callable[..., Watchers],
) -> None:
    nadia = watched()
    nadia.posts(PRAISE, label=True)
    nadia.turn()
    assert (nadia.only().label, nadia.only().state in {"missing", "review"}) == (Sighting.Label.ON, True)


# -- sources ------------------------------------------------------------------------------------------


def test_one_bad_feed_stops_no_other_and_waits_ever_longer(watched: Callable[..., Watchers]) -> None:
    nadia = watched()
    bomb = '<!DOCTYPE x [<!ENTITY a "ha">]><rss><channel><item><title>&a;</title></item></channel></rss>'
    inward = {"status": 302, "headers": {"Location": "http://169.254.169.254/latest/meta-data/"}}
    bad = [
        follow(nadia, feed(nadia, "laughs.example", body=bomb)),
        follow(nadia, feed(nadia, "inward.example", **inward)),
        follow(nadia, "https://nowhere.example/feed.xml"),
    ]
    good = follow(nadia, feed(nadia, "nadia.example", ("https://nadia.example/kopi?utm_source=rss", PRAISE)))
    nadia.turn()
    nadia.turn()
    with entered(nadia.cast.workspace.pk):
        told = {source.address.split("/")[2]: source for source in Source.objects.filter(kind="feed")}
        assert [told[one.address.split("/")[2]].failures for one in bad] == [2, 2, 2]
        assert told["laughs.example"].trouble.startswith("The feed brings declarations")
        assert told["inward.example"].trouble == "That address is not on the public internet."
        assert all(one.due_at > timezone.now() + pace.FEED_EVERY for one in map(told.get, map(_host, bad)) if one)
        assert (told["nadia.example"].failures, told["nadia.example"].health) == (0, "watched")
        assert told["nadia.example"].etag and good.pk
    seen = nadia.only()
    assert (seen.network, seen.key, seen.state) == ("", "https://nadia.example/kopi", "missing")


def _host(source: Source) -> str:
    return source.address.split("/")[2]


def test_a_feed_that_did_not_change_is_not_sent_again(watched: Callable[..., Watchers]) -> None:
    nadia = watched()
    source = follow(nadia, feed(nadia, "nadia.example", ("https://nadia.example/1", PRAISE)))
    nadia.turn()
    nadia.turn()
    with entered(nadia.cast.workspace.pk):
        assert (Source.objects.get(pk=source.pk).failures, Sighting.objects.get().state) == (0, "missing")
    feed(nadia, "nadia.example", ("https://nadia.example/1", MENDED), ("https://nadia.example/2", PRAISE))
    nadia.turn()
    with entered(nadia.cast.workspace.pk):
        assert sorted(Sighting.objects.values_list("state", flat=True)) == ["fixed", "missing"]


def test_a_page_that_is_gone_is_noticed_without_any_network(watched: Callable[..., Watchers]) -> None:
    nadia = watched()
    host = {"host": "nadia.example", "path": "/kopi"}
    head = f'<meta property="og:title" content="Kopi"><meta property="og:description" content="{PRAISE}">'
    url = nadia.sandbox.control("site", **host, body=head)["url"]
    with entered(nadia.cast.workspace.pk):
        see(read_link(url, workspace_id=nadia.cast.workspace.pk), endorser=nadia.endorser, by=nadia.cast.omar)
    assert nadia.only().state == "missing"
    nadia.sandbox.control("site", **host, body="", status=410)
    nadia.turn()
    assert nadia.only().state == "removed"
    with pytest.raises(CannotLook, match="did not give it"):
        read_link(url, workspace_id=nadia.cast.workspace.pk)


def test_without_an_account_of_ours_the_source_says_so(watched: Callable[..., Watchers]) -> None:
    nadia = watched()
    with entered(nadia.cast.workspace.pk):
        Account.objects.update(health=Account.Health.DISCONNECTED)
    for _ in range(pace.TROUBLED_AFTER):
        nadia.turn()
    with entered(nadia.cast.workspace.pk):
        assert Source.objects.get().trouble.startswith("No account is connected there")
        assert {notice.kind for notice in Notice.objects.all()} == {"source_down"}


def test_every_workspace_has_its_turn(watched: Callable[..., Watchers], pretend_networks: SandboxProcess) -> None:
    nadia = watched()
    with entered(nadia.cast.workspace.pk):
        for number in range(5):
            Source.objects.create(
                endorser=nadia.endorser, kind="api", network="x", handle=f"n{number}", due_at=long_ago()
            )
    other = nadia.cast.elsewhere.pk
    with entered(other):
        rina = Endorser.objects.create(name="Rina")
        late = Source.objects.create(endorser=rina, kind="api", network="x", handle="rina", due_at=long_ago())
    assert (late.pk, other) in sources_due("x", 2), "one workspace's many do not go before another's first"


def test_what_was_seen_cannot_be_changed(asked: Watchers) -> None:
    with entered(asked.cast.workspace.pk):
        version = SeenVersion.objects.get()
        for act in ("UPDATE compliance_seenversion SET content = '{}'", "DELETE FROM compliance_seenversion"):
            with (
                pytest.raises(DatabaseError, match=r"append-only|permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(act)
        assert SeenVersion.objects.get().digest == version.digest


def test_whatever_a_site_sends_can_be_kept(watched: Callable[..., Watchers]) -> None:
    nadia = watched()
    odd = Seen(
        network="",
        key="https://odd.example/\0" + "x" * 900,
        text="Kopi\0 \ud800 Teras Kopi enak " + "a" * 30_000,
        posted_at=timezone.now() + timedelta(days=900),
        way=SeenVersion.Way.FEED,
        url="https://odd.example/",
        evidence={"raw": "x" * 40_000},
    )
    with entered(nadia.cast.workspace.pk):
        first = see(odd, endorser=nadia.endorser)
        assert see(odd, endorser=nadia.endorser).pk == first.pk
    seen = nadia.only()
    assert seen.posted_at <= timezone.now() and "\0" not in seen.key
