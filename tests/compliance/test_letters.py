"""Briefs and attestations: read and signed by whoever has the link, in their own language, and kept as evidence."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from compliance.actions.letters import link_to, send_letter
from compliance.actions.upkeep import remind_endorsers, tell_of_ends
from compliance.models import Evidence, EvidenceBody, Letter, Signature, Substantiation
from compliance.queries import prove
from compliance.queries.briefing import languages, words_in
from tests.cast import Cast
from tests.compliance.sealed import nadia
from workspaces.models import Notice
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db


def sent(cast: Cast, kind: Letter.Kind = Letter.Kind.BRIEF, **how: object) -> tuple[Letter, str]:
    with entered(cast.workspace.pk):
        letter = send_letter(nadia(), kind=kind, brand="Sagara", workspace=cast.workspace, by=cast.omar, **how)
        return letter, urlsplit(link_to(letter)).path


def test_a_brief_names_words_that_the_rules_accept_there_and_those_they_do_not(cast: Cast) -> None:
    _, path = sent(cast)
    page = Client().get(path)
    text = page.content.decode()
    assert page.status_code == 200 and '<html lang="id"' in text
    assert "<b>#iklan</b>" in text and "<span>#collab</span>" in text
    assert "kamu dibayar" in text
    assert page["Cache-Control"].startswith("max-age=0")


def test_every_language_says_the_same_things() -> None:
    assert {"en", "id", "de", "fr", "es"} <= set(languages())
    english = words_in("en")
    for language in languages():
        words = words_in(language)
        assert set(words) == set(english), language
        for table in ("statements", "kinds"):
            assert set(words[table]) == set(english[table]), language
        for name, text in english.items():
            if isinstance(text, str) and name not in {"name", "praise"}:
                assert text.count("{") == words[name].count("{"), (language, name)


def test_a_confirmation_is_kept_with_name_and_time_and_sealed(cast: Cast) -> None:
    letter, path = sent(cast)
    stranger = Client()
    assert stranger.post(path, {"name": "Nadia Putri"}).status_code == 422  # nothing ticked
    assert stranger.post(path, {"statements": ["understood"], "name": " "}).status_code == 422
    signed = stranger.post(path, {"statements": ["understood"], "name": "Nadia Putri"})
    assert signed.status_code == 200 and "Dikonfirmasi oleh Nadia Putri" in signed.content.decode()
    assert stranger.post(path, {"statements": ["understood"], "name": "Somebody Else"}).status_code == 200
    with entered(cast.workspace.pk):
        word = Signature.objects.get()
        assert (word.name, word.letter_id) == ("Nadia Putri", letter.pk)
        body = json.loads(EvidenceBody.objects.get(evidence__kind=Evidence.Kind.SIGNATURE).text)
        assert body["shown_sha256"] == word.digest and body["says"] == letter.says
    assert prove(cast.workspace.pk).wrong == []


def test_an_attestation_asks_for_both_statements(cast: Cast) -> None:
    _, path = sent(cast, Letter.Kind.ATTESTATION, language="de")
    page = Client().get(path).content.decode()
    assert "Ich habe es selbst benutzt." in page and '<html lang="de"' in page
    assert Client().post(path, {"statements": ["used"], "name": "N"}).status_code == 422
    assert Client().post(path, {"statements": ["used", "honest"], "name": "N"}).status_code == 200


def test_a_link_that_lapsed_was_withdrawn_or_made_up_opens_nothing(cast: Cast) -> None:
    letter, path = sent(cast)
    assert Client().get(path[:-3] + "xx/").status_code == 404
    with entered(cast.workspace.pk):
        Letter.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    gone = Client().get(path)
    assert gone.status_code == 410 and "#iklan" not in gone.content.decode()
    assert Client().post(path, {"statements": ["understood"], "name": "N"}).status_code == 422
    with entered(cast.workspace.pk):
        Letter.objects.update(nonce="another")
    assert Client().get(path).status_code == 404
    with entered(cast.workspace.pk):
        assert not Signature.objects.exists() and letter.pk


def test_it_is_mailed_and_reminded_of_until_signed(cast: Cast, django_capture_on_commit_callbacks: object) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        _, path = sent(cast)
    assert path in mail.outbox[0].body and mail.outbox[0].to == ["nadia@example.test"]
    later = timezone.now() + timedelta(days=4)
    with django_capture_on_commit_callbacks(execute=True), entered(cast.workspace.pk):  # type: ignore[operator]
        assert remind_endorsers(cast.workspace, now=timezone.now()) == 0
        assert remind_endorsers(cast.workspace, now=later) == 1
        assert remind_endorsers(cast.workspace, now=timezone.now() + timedelta(days=1)) == 0
    assert mail.outbox[-1].subject.startswith("Pengingat")
    Client().post(path, {"statements": ["understood"], "name": "Nadia"})
    with entered(cast.workspace.pk):
        assert remind_endorsers(cast.workspace, now=later + timedelta(days=4)) == 0


def test_people_hear_once_of_evidence_that_ends_soon(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        ends = timezone.now().date() + timedelta(days=10)
        Substantiation.objects.create(claim="clinically proven", evidence="T7", starts_on="2026-01-01", ends_on=ends)
        for _ in range(2):
            assert tell_of_ends(cast.workspace, now=timezone.now()) == 1
        assert {notice.member_id for notice in Notice.objects.all()} == {cast.alice.pk, cast.omar.pk}
        assert Notice.objects.count() == 2
