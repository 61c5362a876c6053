"""Endorsers' own posts: seen once by whichever way, followed through edits and deletions, asked about, settled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from compliance.actions import asking
from compliance.actions.sources import watch_feed
from compliance.actions.watching import Seen, see
from compliance.models import Ask, Case, Connection, Endorser, SeenVersion, Sighting, Source
from compliance.pipeline.watching import CannotLook, read_link
from compliance.queries import pace
from compliance.queries.asking import compose, languages
from compliance.queries.watching import Seek, dashboard, sightings, sources_due
from networks.models import Account
from tests.cast import Cast
from tests.compliance.watchers import Watchers, long_ago, watchers
from tests.house import baseline
from tests.sandbox_process import SandboxProcess
from workspaces.models import Notice
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db
PRAISE = "Cold brew Teras Kopi ini enak banget, wajib coba!"
MENDED = f"Iklan: Teras Kopi mengirimi aku ini gratis. {PRAISE}"
RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>Nadia</title>{}</channel></rss>'
ITEM = "<item><title>{title}</title><link>{link}</link><description>{text}</description><pubDate>{at}</pubDate></item>"
AT = "%a, %d %b %Y %H:%M:%S +0000"


@pytest.fixture
def watched(pretend_networks: SandboxProcess, settings: Settings, cast: Cast) -> Callable[..., Watchers]:
    settings.SANDBOX_URL, settings.NETWORKS = pretend_networks.url, {}
    return lambda network="x": watchers(cast, pretend_networks, network)


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


# -- asking -------------------------------------------------------------------------------------------


@pytest.fixture
def asked(watched: Callable[..., Watchers]) -> Watchers:
    nadia = watched()
    nadia.posts(PRAISE)
    nadia.turn()
    send(nadia, way=Ask.Way.MAIL)
    return nadia


def send(nadia: Watchers, *, way: str) -> Ask:
    one = nadia.only()
    with entered(nadia.cast.workspace.pk):
        version = one.versions.get()
        message = compose(one, version, workspace=nadia.cast.workspace)
        return asking.ask(one, message, way=way, to=nadia.endorser.email, by=nadia.cast.omar)


def later(nadia: Watchers) -> None:
    """As if what comes next were due now."""
    with entered(nadia.cast.workspace.pk):
        Sighting.objects.filter(remind_at__isnull=False).update(remind_at=long_ago())
    nadia.turn()


def test_who_does_not_answer_is_reminded_twice_and_then_given_up(asked: Watchers) -> None:
    asked.turn()
    assert [sent.subject for sent in mail.outbox] == ["Tolong perbaiki kirimanmu tentang Teras Kopi"]
    assert mail.outbox[0].reply_to == [asked.cast.omar.user.email]
    later(asked)
    later(asked)
    assert len(mail.outbox) == 3 and "Sekadar mengingatkan" in mail.outbox[2].body
    assert asked.only().state == "asked"
    later(asked)
    seen = asked.only()
    assert (seen.state, seen.closed_at is not None) == ("silent", True)
    later(asked)
    assert len(mail.outbox) == 3
    with entered(asked.cast.workspace.pk):
        assert Notice.objects.filter(kind="endorser_silent", member=asked.cast.omar).count() == 1


def test_a_request_by_hand_is_reminded_by_hand(watched: Callable[..., Watchers]) -> None:
    nadia = watched()
    nadia.posts(PRAISE)
    nadia.turn()
    send(nadia, way=Ask.Way.COPIED)
    later(nadia)
    assert mail.outbox == []
    with entered(nadia.cast.workspace.pk):
        assert Notice.objects.filter(kind="endorser_remind", member=nadia.cast.omar).exists()


def test_the_desks_word_is_carried_out_once_it_holds(
    watched: Callable[..., Watchers], settings: Settings, client: Client
) -> None:
    settings.COMPLIANCE_UNDO_SECONDS = 0
    nadia = watched()
    nadia.posts(PRAISE)
    nadia.turn()
    case = nadia.only().case
    assert case is not None
    client.force_login(nadia.cast.omar.user)
    address = reverse("compliance:decide", kwargs={"workspace": nadia.cast.workspace.slug, "pk": case.pk})
    client.post(address, {"choice": "ask", "other": "Tell her"})
    nadia.turn()
    assert (nadia.only().state, [sent.to for sent in mail.outbox]) == ("asked", [["nadia@endorser.example"]])


@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "id"])
def test_the_request_speaks_the_endorsers_language(asked: Watchers, language: str) -> None:
    assert language in languages()
    one = asked.only()
    with entered(asked.cast.workspace.pk):
        version = one.versions.select_related("verdict").get()
        message = compose(one, version, workspace=asked.cast.workspace, language=language)
        reminder = compose(one, version, workspace=asked.cast.workspace, language=language, reminder=True)
    assert message.language == language and message.codes == ("undisclosed",)
    assert "Teras Kopi" in message.subject and one.url in message.body and "#iklan" in message.body
    assert "{" not in message.body + reminder.body and len(reminder.body) > len(message.body)


def test_what_is_settled_needs_a_reason_and_somebody_who_may(asked: Watchers) -> None:
    one = asked.only()
    with entered(asked.cast.workspace.pk):
        for outcome, reason, by in (
            ("refused", " ", asked.cast.omar),
            ("refused", "She said no", asked.cast.bob),
            ("fixed", "It looks fine", asked.cast.omar),
        ):
            with pytest.raises(asking.CannotAsk):
                asking.settle(one, outcome=outcome, reason=reason, by=by)
        settled = asking.settle(one, outcome="refused", reason="She said no", by=asked.cast.omar)
    assert (settled.state, settled.closed_at is not None) == ("refused", True)
    assert asked.only().remind_at is None


# -- what is kept -------------------------------------------------------------------------------------


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


# -- pages and the interface --------------------------------------------------------------------------


def test_the_figures_the_list_and_the_csv_tell_the_same(asked: Watchers, client: Client) -> None:
    asked.posts(MENDED)
    asked.turn()
    here = {"workspace": asked.cast.workspace.slug}
    client.force_login(asked.cast.omar.user)
    with entered(asked.cast.workspace.pk):
        figures = dashboard(Seek(), asked.cast.workspace)
        assert (figures.total.percent_at_first, figures.total.open, figures.asked) == (50, 1, 1)
        for by in (figures.by_endorser, figures.by_network, figures.by_brand, figures.by_week):
            assert [(share.posts, share.at_first, share.open) for share in by] == [(2, 1, 1)]
        assert sightings(Seek(state="unsettled", brand="Teras Kopi"), asked.cast.workspace).count() == 1
    page = client.get(reverse("compliance:watch", kwargs=here)).content.decode()
    assert "50 %" in page and "Nadia Putri" in page
    listed = client.get(reverse("compliance:sightings", kwargs=here), {"state": "asked", "network": "x"})
    assert listed.content.decode().count('class="row link"') == 1
    table = client.get(reverse("compliance:sightings", kwargs=here), {"csv": "1"}).content.decode("utf-8-sig")
    assert len(table.splitlines()) == 3 and "Nadia Putri,x," in table
    weeks = client.get(reverse("compliance:watch", kwargs=here), {"csv": "week"}).content.decode("utf-8-sig")
    assert weeks.splitlines()[0].startswith("name,posts,") and weeks.splitlines()[1].split(",")[1:3] == ["2", "1"]


def test_the_pages_cost_no_more_with_more_posts(asked: Watchers, client: Client) -> None:
    for number in range(4):
        asked.posts(f"{PRAISE} {number}")
    asked.turn()
    here = {"workspace": asked.cast.workspace.slug}
    client.force_login(asked.cast.omar.user)
    for name, address, more in (
        ("watch: figures", "compliance:watch", {}),
        ("watch: posts", "compliance:sightings", {}),
        ("watch: one post", "compliance:sighting", {"pk": asked.first()}),
        ("watch: sources", "compliance:sources", {}),
    ):
        with baseline.queries(name):
            assert client.get(reverse(address, kwargs={**here, **more})).status_code == 200


def test_a_post_is_pasted_or_typed_and_its_endorser_found_by_the_handle(
    watched: Callable[..., Watchers], client: Client
) -> None:
    nadia = watched()
    post = nadia.posts(PRAISE)
    address = reverse("compliance:paste", kwargs={"workspace": nadia.cast.workspace.slug})
    client.force_login(nadia.cast.bob.user)
    pasted = client.post(address, {"url": post["address"]})
    assert pasted.status_code == 302 and nadia.only().state == "missing"
    silent = nadia.sandbox.control("site", host="silent.example", body="<title></title>")["url"]
    refused = client.post(address, {"url": silent, "endorser": nadia.endorser.pk})
    assert refused.status_code == 422 and "keeps its words to itself" in refused.content.decode()
    inward = client.post(address, {"url": "http://127.0.0.1/", "endorser": nadia.endorser.pk})
    assert "not on the public internet" in inward.content.decode()
    typed = {"url": silent, "endorser": nadia.endorser.pk, "text": PRAISE, "posted_on": str(timezone.now().date())}
    assert client.post(f"{address}?by=type", typed).status_code == 302
    with entered(nadia.cast.workspace.pk):
        version = SeenVersion.objects.filter(way="hand").get()
        assert version.by_name == str(nadia.cast.bob.user)


def test_who_only_reads_may_look_and_do_nothing(asked: Watchers, client: Client) -> None:
    here = {"workspace": asked.cast.workspace.slug}
    one = {**here, "pk": asked.only().pk}
    client.force_login(asked.cast.dewi.user)
    page = client.get(reverse("compliance:sighting", kwargs=one))
    assert page.status_code == 200 and "Send the e-mail" not in page.content.decode()
    for name, kwargs in (
        ("compliance:ask", one),
        ("compliance:settle", one),
        ("compliance:look_again", one),
        ("compliance:paste", here),
        ("compliance:pause_source", {**here, "pk": asked.source.pk}),
    ):
        assert client.post(reverse(name, kwargs=kwargs)).status_code == 403, name


def test_programs_do_the_same(asked: Watchers, client: Client) -> None:
    here = {"workspace": asked.cast.workspace.slug}
    client.force_login(asked.cast.omar.user)
    told = {"endorser": asked.endorser.pk, "url": "https://nadia.example/kopi/", "text": PRAISE}
    first = client.post(reverse("compliance:api_sightings", kwargs=here), told, content_type="application/json")
    again = client.post(reverse("compliance:api_sightings", kwargs=here), told, content_type="application/json")
    assert (first.status_code, first.json()["state"], again.json()["id"]) == (201, "missing", first.json()["id"])
    one = {**here, "pk": first.json()["id"]}
    sent = client.post(reverse("compliance:api_ask", kwargs=one), {"language": "en"}, content_type="application/json")
    assert (sent.status_code, sent.json()["to"], sent.json()["mail"]) == (201, "nadia@endorser.example", "due")
    settled = client.post(
        reverse("compliance:api_settle", kwargs=one),
        {"outcome": "dismissed", "reason": "Old"},
        content_type="application/json",
    )
    assert settled.json()["state"] == "dismissed"
    told_of = client.get(reverse("compliance:api_sighting", kwargs=one)).json()
    assert [version["number"] for version in told_of["versions"]] == [1]
    listed = client.get(reverse("compliance:api_sightings", kwargs=here), {"state": "asked"}).json()
    assert [row["network"] for row in listed["results"]] == ["x"]
    made = client.post(
        reverse("compliance:api_sources", kwargs=here),
        {"endorser": asked.endorser.pk, "address": "https://nadia.example/feed.xml"},
        content_type="application/json",
    )
    assert (made.status_code, made.json()[0]["kind"]) == (201, "feed")
    assert len(client.get(reverse("compliance:api_sources", kwargs=here)).json()) == 2
    shares = client.get(reverse("compliance:api_shares", kwargs=here)).json()
    assert (shares["total"]["posts"], shares["by_endorser"][0]["name"]) == (2, "Nadia Putri")
