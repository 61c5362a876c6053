"""The watch's pages and its interface: the same figures everywhere, and nobody does what they may not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from compliance.models import SeenVersion
from compliance.queries.watching import Seek, dashboard, sightings
from tests.compliance.watchers import MENDED, PRAISE, Watchers
from tests.house import baseline
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db


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
