"""The moment a network says that a post is live, its bytes, its receipt and what it rested on are sealed."""

from __future__ import annotations

import json
import unicodedata

from compliance.actions.rendering import draw_waiting
from compliance.chain import sha256
from compliance.models import Evidence, EvidenceBody, EvidenceFile
from compliance.queries import prove
from publishing.models import Publication
from tests.compliance.sealed import nadia
from tests.publishing.post_office import PostOffice
from workspaces.tenancy import entered

WORDS = "#iklan Kopi Sagara 😍 café crème, favorit aku minggu ini"


def test_a_live_post_is_sealed_with_its_receipt(office: PostOffice) -> None:
    with entered(office.cast.workspace.pk):
        person = nadia()
    account = office.account()
    live = office.until(
        office.schedule(account, WORDS, endorser=person, brands=["Sagara"]), Publication.State.PUBLISHED
    )
    with entered(office.cast.workspace.pk):
        link = Evidence.objects.get(subject=f"publication:{live.pk}")
        body = json.loads(EvidenceBody.objects.get(evidence=link).text)
        assert json.loads(body["content"])["text"] == WORDS
        assert sha256(unicodedata.normalize("NFC", body["content"])) == body["fingerprint"] == live.fingerprint
        assert body["receipt"]["remote_id"] == live.remote_id and link.endorser_number == person.pk
        assert body["on_record"]["verdict"]["outcome"] == "allow"
        assert [row["brand"] for row in body["on_record"]["connections"]] == ["Sagara"]
        draw_waiting(1)
        assert EvidenceFile.objects.count() == 1
    assert prove(office.cast.workspace.pk).wrong == []
