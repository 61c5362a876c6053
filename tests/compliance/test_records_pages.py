"""The records' pages and their API: who may, what they keep, and what they refuse."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connections
from django.db.utils import DatabaseError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from compliance.actions.anchoring import anchor
from compliance.actions.keeping import hold, let_go, lift
from compliance.actions.rendering import draw_waiting
from compliance.adapters.sniffing import mime_of
from compliance.models import (
    Connection,
    ConnectionImport,
    Document,
    Endorser,
    Evidence,
    EvidenceBody,
    EvidenceFile,
    Keeping,
    LegalHold,
    Look,
    Pack,
    RecordVersion,
    Substantiation,
)
from compliance.pipeline import packs as pipeline
from compliance.queries import prove
from networks import registry
from tests.cast import Cast, gather
from tests.compliance.sealed import nadia, sealed
from tests.compliance.test_pages import api, at, signed_in
from tests.house import baseline
from workspaces.tenancy import entered

PDF = b"%PDF-1.7 a contract"


@pytest.fixture(autouse=True)
def own_storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EVIDENCE_ANCHORS = str(tmp_path / "anchors.jsonl")


def recorded(cast: Cast) -> Endorser:
    with entered(cast.workspace.pk):
        person = nadia()
        sealed(cast, person)
        draw_waiting(1)
    return person


# --- endorsers and connections --------------------------------------------------------------------


@pytest.mark.django_db
def test_what_was_on_record_when_is_kept_and_shown(cast: Cast) -> None:
    client = signed_in(cast.bob)
    slug = registry.slugs()[0]
    client.post(at(cast, "endorsers/new/"), {"name": "Raka", f"handle_{slug}": "https://example.test/raka.unbox/?a=1"})
    with entered(cast.workspace.pk):
        raka = Endorser.objects.get()
        assert raka.handles == {slug: "raka.unbox"}
    sent = {"name": "Raka Pratama", "audience_age": "13_17", "audience_places": ["ID"], "elsewhere": "instagram: @raka"}
    assert client.post(at(cast, f"endorsers/{raka.pk}/edit/"), sent).status_code == 302
    page = client.get(at(cast, f"endorsers/{raka.pk}/history/")).content.decode()
    assert "<td>Raka</td>" in page and "<td>Raka Pratama</td>" in page and "13_17" in page
    with entered(cast.workspace.pk):
        assert RecordVersion.objects.filter(kind="endorser").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("slug", [slug for slug in registry.slugs() if registry.get(slug).limits.handle])
def test_a_handle_that_no_account_there_can_have_is_not_taken(cast: Cast, slug: str) -> None:
    answer = signed_in(cast.bob).post(at(cast, "endorsers/new/"), {"name": "Raka", f"handle_{slug}": "no spaces !"})
    assert answer.status_code == 422 and "can be called so" in answer.content.decode()


@pytest.mark.django_db
def test_the_list_is_searched_by_name_handle_and_brand(cast: Cast) -> None:
    recorded(cast)
    with entered(cast.workspace.pk):
        Endorser.objects.create(name="Raka", handles={"x": "raka_unbox"})
    client = signed_in(cast.dewi)
    for asked, found, not_found in (
        ("nadia", "Nadia", "Raka"),
        ("@raka_u", "Raka", "Nadia"),
        ("saga", "Nadia", "Raka"),
    ):
        page = client.get(at(cast, "endorsers/"), {"q": asked}).content.decode()
        assert found in page.split("</thead>")[-1] and not_found not in page.split("</thead>")[-1]


@pytest.mark.django_db
def test_a_finding_leads_to_the_form_filled_in(cast: Cast) -> None:
    person = recorded(cast)
    where = at(cast, f"connections/new/?endorser={person.pk}&brand=Solvano&kind=loan")
    page = signed_in(cast.bob).get(where).content.decode()
    assert 'value="Solvano"' in page and '<option value="loan" selected' in page
    assert f'<option value="{person.pk}" selected' in page


@pytest.mark.django_db
def test_a_contract_is_only_downloaded_by_who_may_and_it_is_written_down(cast: Cast) -> None:
    person = recorded(cast)
    client = signed_in(cast.bob)
    sent = {"brand": "Sagara", "kind": "loan", "starts_on": "2026-11-01"}
    page = SimpleUploadedFile("contract.pdf", b"<html><script>alert(1)</script>", "application/pdf")
    refused = client.post(at(cast, f"endorsers/{person.pk}/"), {**sent, "contract_file": page})
    assert refused.status_code == 422 and "no document that is taken" in refused.content.decode()
    real = SimpleUploadedFile("../KT 118.pdf", PDF, "text/html")
    assert client.post(at(cast, f"endorsers/{person.pk}/"), {**sent, "contract_file": real}).status_code == 302
    with entered(cast.workspace.pk):
        document = Document.objects.get()
        assert (document.mime, document.filename) == ("application/pdf", "KT 118.pdf")
    file = client.get(at(cast, f"compliance/documents/{document.pk}/"))
    assert b"".join(file.streaming_content) == PDF
    assert file["Content-Type"] == "application/octet-stream" and file["Content-Disposition"].startswith("attachment")
    assert signed_in(cast.dewi).get(at(cast, f"compliance/documents/{document.pk}/")).status_code == 403
    with entered(cast.workspace.pk):
        assert list(Look.objects.values_list("thing", "by_name")) == [(f"document:{document.pk}", "Bob")]


def test_only_documents_are_documents() -> None:
    assert mime_of(io.BytesIO(PDF)) == "application/pdf"
    assert mime_of(io.BytesIO(b"Kontrak KT-118, pasal 4")) == "text/plain"
    for page in (
        b"<!DOCTYPE html><p>",
        b"hello <script>x</script>",
        b"MZ\x90\x00",
        b"#!/bin/sh\x00",
        b"",
        b"\xff\xfe\x00",
    ):
        assert mime_of(io.BytesIO(page)) == "", page
    program = io.BytesIO()
    with zipfile.ZipFile(program, "w") as archive:
        archive.writestr("index.html", "<p>")
    assert mime_of(program) == ""


@pytest.mark.django_db
def test_an_amendment_needs_a_reason_and_makes_a_version(cast: Cast) -> None:
    recorded(cast)
    with entered(cast.workspace.pk):
        row = Connection.objects.get()
    client, where = signed_in(cast.bob), at(cast, f"connections/{row.pk}/")
    sent = {"brand": "Sagara", "kind": "payment", "value": "6000000", "currency": "IDR", "starts_on": "2026-01-01"}
    assert client.post(where, sent).status_code == 422
    assert client.post(where, {**sent, "because": "Two more posts"}).status_code == 302
    page = client.get(where).content.decode()
    assert "Two more posts" in page and "4,500,000" in page and "6,000,000" in page


CSV = """endorser,brand,kind,value,currency,from,until,evidence
Nadia Putri,Solvano,Free product,350000,IDR,2026-11-01,,Parcel 7
Nobody,Solvano,loan,,,2026-11-01,,
Nadia Putri,Solvano,bribe,,,2026-11-01,,
Nadia Putri,Solvano,loan,5,,2026-11-02,2026-11-01,
Nadia Putri,Sagara,payment,1,IDR,2026-01-01,,again
"""


@pytest.mark.django_db
def test_many_connections_come_from_a_file_looked_at_first(cast: Cast) -> None:
    recorded(cast)
    client = signed_in(cast.bob)
    posted = client.post(at(cast, "connections/imports/"), {"table": SimpleUploadedFile("c.csv", CSV.encode())})
    assert posted.status_code == 302, posted.content
    page = client.get(posted["Location"]).content.decode()
    assert "1 row can go on record" in page and "3 rows have mistakes" in page
    for told in (
        "Nobody called “Nobody”",
        "cannot end before it starts",
        "Is on record already",
        "Say in which currency",
    ):
        assert told in page, told
    with entered(cast.workspace.pk):
        assert Connection.objects.count() == 1
    assert client.post(posted["Location"] + "decide/", {"answer": "yes"}).status_code == 302
    client.post(posted["Location"] + "decide/", {"answer": "yes"})
    with entered(cast.workspace.pk):
        assert sorted(Connection.objects.values_list("brand", flat=True)) == ["Sagara", "Solvano"]
        assert ConnectionImport.objects.get().state == "imported"
    bad = client.post(at(cast, "connections/imports/"), {"table": SimpleUploadedFile("c.csv", b"a,b\n1,2")})
    assert bad.status_code == 422 and "must name the columns" in bad.content.decode()


# --- sealed posts, packs, keeping -----------------------------------------------------------------


@pytest.mark.django_db
def test_a_sealed_post_shows_its_picture_and_who_looked(cast: Cast) -> None:
    person = recorded(cast)
    client = signed_in(cast.omar)
    page = client.get(at(cast, "compliance/sealed/1/")).content.decode()
    assert "compliance/sealed/1/post.png" in page and "above the fold: “#iklan”" in page and "Omar · Read" in page
    picture = client.get(at(cast, "compliance/sealed/1/post.png"))
    assert b"".join(picture.streaming_content).startswith(b"\x89PNG")
    for query in ({"subject": "publication:1"}, {"endorser": person.pk}, {"verify": 1}):
        assert "compliance/sealed/1/" in client.get(at(cast, "compliance/sealed/"), query).content.decode()
    assert (
        "compliance/sealed/1/" not in client.get(at(cast, "compliance/sealed/?subject=publication:9")).content.decode()
    )
    assert signed_in(cast.dewi).get(at(cast, "compliance/sealed/1/")).status_code == 403


@pytest.mark.django_db
def test_pages_of_records_do_not_grow_queries_unseen(cast: Cast) -> None:
    person = recorded(cast)
    client = signed_in(cast.omar)
    for name, path in (
        ("endorsers", "endorsers/"),
        ("endorser", f"endorsers/{person.pk}/"),
        ("sealed posts", "compliance/sealed/"),
        ("sealed post", "compliance/sealed/1/"),
        ("evidence for claims", "compliance/evidence/"),
        ("keeping", "compliance/keeping/"),
    ):
        client.get(at(cast, path))
        with baseline.queries(name):
            assert client.get(at(cast, path)).status_code == 200


@pytest.mark.django_db
def test_a_pack_is_asked_for_on_the_page_made_and_downloaded(cast: Cast, tmp_path: Path) -> None:
    person = recorded(cast)
    client = signed_in(cast.omar)
    asked = client.post(at(cast, "compliance/packs/"), {"endorser": person.pk})
    assert asked.status_code == 302
    with entered(cast.workspace.pk):
        pack = Pack.objects.get()
    assert "0 of 1 posts" in client.get(asked["Location"]).content.decode()
    assert client.get(asked["Location"] + "download/").status_code == 404
    made = pipeline.make_pack(pack.pk, cast.workspace.pk)
    assert made is not None
    page = client.get(asked["Location"]).content.decode()
    assert made.sha256 in page and "verify.py --head" in page
    data = b"".join(client.get(asked["Location"] + "download/").streaming_content)
    assert "report.pdf" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert signed_in(cast.bob).post(at(cast, "compliance/packs/")).status_code == 403
    nothing = client.post(at(cast, "compliance/packs/"), {"since": "2020-01-01", "until": "2020-01-02"})
    assert nothing.status_code == 422
    out = tmp_path / "by command.zip"
    call_command("evidence_pack", cast.workspace.slug, str(out), endorser="nadia putri", stdout=io.StringIO())
    assert zipfile.is_zipfile(out)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_old_evidence_goes_behind_a_tombstone_and_a_legal_hold_keeps_it() -> None:
    cast = gather()
    with connections["owner"].cursor() as cursor:  # sixty days ago, by the database's own clock
        cursor.execute("SELECT pg_get_functiondef('compliance_chain_evidence'::regproc)")
        now = cursor.fetchone()[0]
        cursor.execute(now.replace("clock_timestamp()", "clock_timestamp() - interval '60 days'"))
    with entered(cast.workspace.pk):
        person = nadia()
        for number in (1, 2, 3):
            sealed(cast, person, number)
        draw_waiting(9)
    with connections["owner"].cursor() as cursor:
        cursor.execute(now)
    with entered(cast.workspace.pk):
        assert let_go(now=timezone.now()) == 0  # kept for seven years unless the workspace says otherwise
        with pytest.raises(DatabaseError, match="still to be kept"), entered(cast.workspace.pk):
            EvidenceBody.objects.all().delete()
    with entered(cast.workspace.pk):
        Keeping.objects.create(evidence_days=30)
        held = hold(reason="Case 12/2026", subject="publication:1", by=cast.omar)
        with pytest.raises(DatabaseError, match="legal hold keeps"), entered(cast.workspace.pk):
            EvidenceBody.objects.filter(evidence__number=1).delete()
        with pytest.raises(DatabaseError, match="no tombstone"), entered(cast.workspace.pk):
            EvidenceBody.objects.filter(evidence__number=2).delete()
        assert let_go(now=timezone.now()) == 4  # two posts and their pictures
        left = Evidence.objects.filter(body__isnull=False).exclude(kind="tombstone")
        assert sorted(left.values_list("number", flat=True)) == [1, 4]
        assert EvidenceFile.objects.count() == 1
    proof = prove(cast.workspace.pk)
    assert proof.wrong == [] and proof.emptied == 4
    with entered(cast.workspace.pk):
        with pytest.raises(DatabaseError, match="lifted once"), entered(cast.workspace.pk):
            LegalHold.objects.update(reason="Never mind")
        with pytest.raises(DatabaseError, match="lifted once"), entered(cast.workspace.pk):
            LegalHold.objects.all().delete()
        lift(held, because="Case closed", by=cast.omar)
        assert let_go(now=timezone.now()) == 2
        anchor()
    assert prove(cast.workspace.pk).wrong == []
    page = signed_in(cast.omar).get(at(cast, "compliance/sealed/1/")).content.decode()
    assert "Deleted when its time was over" in page


@pytest.mark.django_db
def test_holds_and_keeping_are_set_by_who_may(cast: Cast) -> None:
    client = signed_in(cast.omar)
    assert client.post(at(cast, "compliance/keeping/hold/"), {"reason": ""}).status_code == 422
    until = (timezone.now() + timedelta(days=9)).date()
    client.post(at(cast, "compliance/keeping/hold/"), {"reason": "Regulator", "publication": 7, "until": until})
    client.post(
        at(cast, "compliance/keeping/"), {"evidence_days": 400, "notice_days": 9, "letter_days": 9, "reminder_days": 9}
    )
    with entered(cast.workspace.pk):
        held = LegalHold.objects.get()
        assert (held.subject, held.until, held.set_by_name) == ("publication:7", until, "Omar")
        assert Keeping.objects.get().evidence_days == 400
    client.post(at(cast, f"compliance/keeping/holds/{held.pk}/lift/"), {"because": ""})
    client.post(at(cast, f"compliance/keeping/holds/{held.pk}/lift/"), {"because": "Closed"})
    page = client.get(at(cast, "compliance/keeping/")).content.decode()
    assert "lifted by Omar" in page and "Closed" in page
    assert signed_in(cast.bob).post(at(cast, "compliance/keeping/hold/"), {"reason": "x"}).status_code == 403
    assert signed_in(cast.bob).get(at(cast, "compliance/keeping/")).status_code == 403


@pytest.mark.django_db
def test_evidence_for_a_claim_keeps_its_kind_and_files(cast: Cast) -> None:
    sent = {"claim": "clinically proven", "kind": "trial", "evidence": "Trial 7", "starts_on": "2026-01-01"}
    files = [SimpleUploadedFile("a.pdf", PDF), SimpleUploadedFile("b.txt", b"raw data")]
    client = signed_in(cast.omar)
    assert client.post(at(cast, "compliance/evidence/"), {**sent, "exhibits": files}).status_code == 302
    with entered(cast.workspace.pk):
        row = Substantiation.objects.get()
        assert row.kind == "trial" and row.documents.count() == 2
    assert client.post(at(cast, f"compliance/evidence/{row.pk}/"), {**sent, "ends_on": "2027-01-01"}).status_code == 302
    with entered(cast.workspace.pk):
        assert Substantiation.objects.get().version == 2 and row.documents.count() == 2


# --- the same for programs ------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_api_amends_sends_seals_and_packs(cast: Cast) -> None:
    person = recorded(cast)
    client: Client = signed_in(cast.omar)
    with entered(cast.workspace.pk):
        row = Connection.objects.get()
    json = {"content_type": "application/json"}
    assert client.patch(api(cast, f"connections/{row.pk}"), {"value": "1"}, **json).status_code == 400
    amended = client.patch(api(cast, f"connections/{row.pk}"), {"value": "1", "because": "Less"}, **json)
    assert amended.status_code == 200 and amended.json()["version"] == 2
    assert len(client.get(api(cast, f"connections/{row.pk}")).json()["versions"]) == 2
    assert client.patch(api(cast, f"endorsers/{person.pk}"), {"place": "DE"}, **json).json()["version"] == 2
    letter = client.post(api(cast, f"endorsers/{person.pk}/letters"), {"kind": "brief", "brand": "Sagara"}, **json)
    assert letter.status_code == 201 and "/letters/" in letter.json()["link"]
    assert client.get(api(cast, "sealed?subject=publication:1")).json()["results"][0]["number"] == 1
    assert client.get(api(cast, "sealed/1")).json()["body"]["publication"] == 1
    assert client.get(api(cast, "proof")).json()["wrong"] == []
    pack = client.post(api(cast, "packs"), {"title": "All"}, **json)
    assert pack.status_code == 202 and client.get(api(cast, f"packs/{pack.json()['id']}")).json()["state"] == "waiting"
    reader = signed_in(cast.dewi)
    assert reader.get(api(cast, "sealed")).status_code == 403 and reader.get(api(cast, "packs")).status_code == 403
