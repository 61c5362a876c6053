"""An endorser is asked to mend a post, reminded, and given up; the desk's word is carried out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from compliance.actions import asking
from compliance.models import Ask, Sighting
from compliance.queries.asking import compose, languages, public_url
from tests.compliance.watchers import PRAISE, Watchers, long_ago, send
from workspaces.models import Notice
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db


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
    assert "Teras Kopi" in message.subject and public_url(one) in message.body and "#iklan" in message.body
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
