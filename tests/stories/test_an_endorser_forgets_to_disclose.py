"""Nadia praises what she got for free and says nothing: it is seen, she is asked, she mends it, which is seen too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from compliance.models import Case, Sighting
from compliance.queries.watching import Seek, dashboard
from tests.cast import Cast
from tests.compliance.watchers import Watchers, watchers
from tests.sandbox_process import SandboxProcess
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db
PRAISE = "Cold brew Teras Kopi ini enak banget, wajib coba!"
MENDED = f"Iklan: Teras Kopi mengirimi aku ini gratis. {PRAISE}"


@pytest.fixture
def nadia(pretend_networks: SandboxProcess, settings: Settings, cast: Cast) -> Watchers:
    settings.SANDBOX_URL, settings.NETWORKS = pretend_networks.url, {}
    return watchers(cast, pretend_networks)


def test_an_endorser_forgets_to_disclose(nadia: Watchers, client: Client) -> None:
    post = nadia.posts(PRAISE)
    nadia.turn()
    seen = nadia.only()
    assert (seen.state, seen.about, seen.brands, seen.disclosed_at_first) == ("missing", True, ["Teras Kopi"], False)
    assert seen.case is not None and seen.case.status == Case.Status.OPEN

    client.force_login(nadia.cast.omar.user)
    here = {"workspace": nadia.cast.workspace.slug, "pk": seen.pk}
    page = client.get(reverse("compliance:sighting", kwargs=here)).content.decode()
    assert PRAISE.split(",")[0] in page and "Teras Kopi" in page and "Halo Nadia" in page
    written = {"way": "mail", "to": nadia.endorser.email, "language": "id", "subject": "Tolong", "body": "Perbaiki"}
    client.post(reverse("compliance:ask", kwargs=here), written)
    nadia.turn()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["nadia@endorser.example"], "Tolong", "Perbaiki")
    assert nadia.only().state == Sighting.State.ASKED

    nadia.edits(post, MENDED)
    nadia.turn()
    seen = nadia.only()
    assert (seen.state, seen.disclosed_at_first) == ("fixed", False)
    assert seen.case is not None and seen.case.status == Case.Status.LAPSED
    with entered(nadia.cast.workspace.pk):
        figures = dashboard(Seek(), nadia.cast.workspace)
        assert [version.content["text"] for version in seen.versions.all()] == [PRAISE, MENDED]
    assert (figures.total.posts, figures.total.at_first, figures.total.now, figures.total.open) == (1, 0, 1, 0)
    assert figures.median is not None and timedelta() < figures.median < timedelta(minutes=5)
    assert [(share.name, share.percent_now) for share in figures.by_brand] == [("Teras Kopi", 100)]
    nadia.turn()
    assert len(mail.outbox) == 1, "nobody is reminded of what is mended"
