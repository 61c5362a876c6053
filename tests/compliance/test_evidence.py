"""Sealed evidence: written with the receipt, drawn as readers saw it, and no tampering stays unseen."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError
from PIL import Image
from pytest_django import Settings

from compliance.actions import Sealing, seal
from compliance.actions.anchoring import anchor
from compliance.actions.packing import ask_pack
from compliance.actions.records import amend_connection
from compliance.actions.rendering import draw_waiting
from compliance.adapters import verifier
from compliance.models import Connection, Evidence, EvidenceBody, EvidenceFile, Pack, RecordVersion
from compliance.pipeline import packs as pipeline
from compliance.queries import prove
from tests.cast import Cast, gather
from tests.compliance.sealed import as_owner, nadia, sealed
from workspaces.tenancy import entered


@pytest.fixture(autouse=True)
def own_storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EVIDENCE_ANCHORS = str(tmp_path / "anchors.jsonl")


def chained(cast: Cast, posts: int = 4) -> None:
    """A chain with an anchor, drawn, of `posts` posts by Nadia."""
    with entered(cast.workspace.pk):
        person = nadia()
        for number in range(1, posts + 1):
            sealed(cast, person, number)
        draw_waiting(posts)
    with entered(cast.workspace.pk):
        anchor(audit=True)


@pytest.mark.django_db
def test_a_seal_costs_one_query_and_holds_everything_the_post_rests_on(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        person = nadia()
        amend_connection(Connection.objects.get(), because="Paid more", by=cast.omar, value=5_000_000)
        sealed(cast, person)
        body = json.loads(EvidenceBody.objects.get().text)
        on_record = body["on_record"]
        assert on_record["verdict"]["fingerprint"] == body["fingerprint"]
        assert [(row["version"], row["value"]) for row in on_record["connections"]] == [(2, 5_000_000.00)]
        assert on_record["endorser"]["name"] == "Nadia Putri" and "email" not in on_record["endorser"]
    assert prove(cast.workspace.pk).wrong == []


@pytest.mark.django_db
def test_one_statement_seals_many(cast: Cast, django_assert_num_queries: Callable[[int], object]) -> None:
    with entered(cast.workspace.pk):
        person = nadia()
        sealed(cast, person)
        many = [Sealing(Evidence.Kind.PACK, f"pack:{n}", {"n": n}) for n in range(20)]
        with django_assert_num_queries(1):  # type: ignore[attr-defined]
            links = seal(*many)
        assert [number for _, number in links] == list(range(2, 22))
    assert prove(cast.workspace.pk).links == 21


@pytest.mark.django_db
def test_the_picture_is_real_and_says_where_the_disclosure_stands(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        person = nadia()
        sealed(cast, person, 1)
        sealed(cast, person, 2, text="Kopi Sagara enak banget, wajib coba! " + "Ceritanya panjang. " * 40 + "#iklan")
        draw_waiting(9)
        drawn = [json.loads(row.text) for row in EvidenceBody.objects.filter(evidence__kind="rendering").order_by("pk")]
        assert [[one["above_fold"] for one in told["disclosures"]] for told in drawn] == [[True], [False]]
        assert drawn[1]["fold"]["characters"] > 0 and drawn[1]["fold"]["source"]
        for file in EvidenceFile.objects.all():
            with default_storage.open(file.key) as opened, Image.open(opened) as picture:
                assert picture.format == "PNG" and picture.width == 720 and picture.height > 200
                assert (255, 226, 138) in {colour for _, colour in picture.getcolors(maxcolors=10**6)}
    assert prove(cast.workspace.pk).files == 2


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["evidence", "evidencebody", "evidencefile", "recordversion", "signature", "look"])
@pytest.mark.parametrize("sql", ["UPDATE compliance_{} SET id = id", "DELETE FROM compliance_{}"])
def test_the_database_refuses_the_app_to_change_what_is_sealed(cast: Cast, table: str, sql: str) -> None:
    with entered(cast.workspace.pk):
        sealed(cast, nadia())
        draw_waiting(1)
    refused = pytest.raises(DatabaseError, match=r"append-only|permission denied|never changed|still to be kept")
    rows = {"signature", "look"}  # empty here: the privilege is gone all the same
    with refused, transaction.atomic(), entered(cast.workspace.pk), connection.cursor() as cursor:
        cursor.execute(sql.format(table))
        assert table in rows


@pytest.mark.django_db
def test_a_connection_is_amended_never_overwritten_and_never_deleted(cast: Cast) -> None:
    with entered(cast.workspace.pk):
        nadia()
        Connection.objects.update(value=1)
        what = list(RecordVersion.objects.filter(kind="connection").values_list("number", "what__value"))
        assert what == [(2, 1), (1, 4_500_000)]
    with pytest.raises(DatabaseError, match="stays on record"), transaction.atomic(), entered(cast.workspace.pk):
        Connection.objects.all().delete()


# --- tampering: by the owner of the database, with every trigger out of the way -------------------

EDIT = "UPDATE compliance_evidencebody SET text = replace(text, 'Sagara', 'Segera') WHERE evidence_id = {second}"
DELETE = (
    "DELETE FROM compliance_evidencebody WHERE evidence_id = {second}; "
    "DELETE FROM compliance_evidence WHERE id = {second}"
)
INSERT = (
    "INSERT INTO compliance_evidence SELECT 999999, number + 100, kind, subject, endorser_number, at, body_sha256, "
    "previous, digest, workspace_id FROM compliance_evidence WHERE id = {second}"
)
INSERT = INSERT.replace("SELECT 999999, number + 100,", "SELECT 999999, 100,")
REORDER = (
    "UPDATE compliance_evidence SET number = 1000 WHERE id = {second}; "
    "UPDATE compliance_evidence SET number = {second_number} WHERE id = {third}; "
    "UPDATE compliance_evidence SET number = {third_number} WHERE id = {second}"
)
CUT = (
    "DELETE FROM compliance_evidencefile WHERE evidence_id > {second}; "
    "DELETE FROM compliance_evidencebody WHERE evidence_id > {second}; "
    "DELETE FROM compliance_evidence WHERE id > {second}"
)
CUT_AND_COVER = CUT + (
    "; UPDATE compliance_evidencehead SET number = {second_number}, digest = "
    "(SELECT digest FROM compliance_evidence WHERE id = {second})"
)
EMPTIED = "DELETE FROM compliance_evidencebody WHERE evidence_id = {second}"


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_edit_delete_insert_reorder_and_a_cut_tail_are_all_found() -> None:
    for sql, told in (
        (EDIT, "body of link 2 was changed"),
        (DELETE, "links 2 to 2 are missing"),
        (INSERT, "are missing"),
        (REORDER, "was changed after it was written"),
        (CUT, "but 8 links were written"),
        (CUT_AND_COVER, "links up to 8 were anchored, but the chain ends at 2"),
        (EMPTIED, "gone without a tombstone"),
    ):
        cast = gather(f"House {told}"[:30])
        chained(cast)
        assert prove(cast.workspace.pk).wrong == []
        with entered(cast.workspace.pk):
            second, third = Evidence.objects.filter(number__in=(2, 3)).order_by("number")
        tamper = sql.format(second=second.pk, third=third.pk, second_number=2, third_number=3)
        here = f" workspace_id = {cast.workspace.pk}"
        with as_owner() as cursor:
            for statement in tamper.split("; "):
                where = "" if statement.startswith("INSERT") else (" AND" if "WHERE" in statement else " WHERE") + here
                statement = statement.replace("999999", str(10**6 + second.pk))
                cursor.execute(statement + ("" if "evidencehead" in statement else where))  # type: ignore[attr-defined]
        wrong = prove(cast.workspace.pk).wrong
        assert any(told in line for line in wrong), (sql, wrong)
        with pytest.raises(CommandError):
            call_command("verify_evidence", workspace=cast.workspace.slug, stdout=io.StringIO())
        _forget(cast)


def _forget(cast: Cast) -> None:
    """The people's addresses are free for the next house."""
    for member in (cast.alice, cast.bob, cast.dewi, cast.omar):
        member.user.email = f"{member.user.pk}@gone.test"
        member.user.save()
    cast.charlie.email = f"{cast.charlie.pk}@gone.test"
    cast.charlie.save()


@pytest.mark.django_db
def test_a_line_added_to_the_anchor_file_or_the_file_gone_is_found(cast: Cast, settings: Settings) -> None:
    chained(cast, 1)
    path = Path(settings.EVIDENCE_ANCHORS)
    line = path.read_text()
    path.write_text(line + line.replace('"number":', '"number":1'))
    assert any("not written by us" in wrong for wrong in prove(cast.workspace.pk).wrong)
    path.unlink()
    assert any("the file ends before it" in wrong for wrong in prove(cast.workspace.pk).wrong)


@pytest.mark.django_db
def test_a_changed_picture_is_found(cast: Cast) -> None:
    chained(cast, 1)
    with entered(cast.workspace.pk):
        key = EvidenceFile.objects.get().key
    Path(default_storage.path(key)).write_bytes(b"another picture")
    assert any("post.png of link 2 was changed" in wrong for wrong in prove(cast.workspace.pk).wrong)


# --- packs ----------------------------------------------------------------------------------------


def packed(cast: Cast, tmp_path: Path) -> tuple[Pack, Path]:
    """A pack of everything by Nadia, made and unpacked."""
    with entered(cast.workspace.pk):
        pack = ask_pack(title="Evidence: Nadia", by=cast.omar, endorser=Evidence.objects.first().endorser_number)
    made = pipeline.make_pack(pack.pk, cast.workspace.pk)
    assert made is not None and made.state == Pack.State.READY, made and made.problem
    folder = tmp_path / f"pack{pack.pk}"
    with made.file.open() as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return made, folder


@pytest.mark.django_db
def test_a_pack_opens_proves_itself_and_comes_out_the_same_again(cast: Cast, tmp_path: Path) -> None:
    chained(cast, 3)
    made, folder = packed(cast, tmp_path)
    told = json.loads((folder / "pack.json").read_text())
    assert verifier.problems(folder, told["head"]) == []
    assert "nadia@example.test" not in (folder / "records.json").read_text()
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert len(told["evidence"]) == 6 and told["anchors"]
    assert json.loads((folder / "records.json").read_text())["versions"][0]["what"]["brand"] == "Sagara"
    with entered(cast.workspace.pk):
        Pack.objects.filter(pk=made.pk).update(state=Pack.State.FAILED)
    again = pipeline.make_pack(made.pk, cast.workspace.pk)
    assert again is not None and again.sha256 == made.sha256
    assert prove(cast.workspace.pk).wrong == []


@pytest.mark.django_db
def test_whatever_is_done_to_a_pack_is_found(cast: Cast, tmp_path: Path) -> None:
    chained(cast, 3)
    _, folder = packed(cast, tmp_path)
    chain, second = folder / "chain.jsonl", folder / "evidence" / "00000002.json"
    lines = chain.read_text().splitlines(keepends=True)
    head = json.loads((folder / "pack.json").read_text())["head"]

    def after(path: Path, data: bytes | None) -> list[str]:
        """What is found when `path` holds `data` (None: is gone) and the manifest was made to fit."""
        before = path.read_bytes() if path.exists() else None
        manifest = folder / "MANIFEST.sha256"
        kept = manifest.read_bytes()
        path.unlink(missing_ok=True) if data is None else path.write_bytes(data)
        listed = {
            p.relative_to(folder).as_posix(): verifier.sha256(p.read_bytes()) for p in folder.rglob("*") if p.is_file()
        }
        listed.pop("MANIFEST.sha256")
        manifest.write_text("".join(f"{digest}  {name}\n" for name, digest in listed.items()))
        found = verifier.problems(folder, head)
        manifest.write_bytes(kept)
        path.unlink(missing_ok=True) if before is None else path.write_bytes(before)
        return found

    assert "evidence 2 was changed" in after(second, second.read_bytes().replace(b"Sagara", b"Segera"))
    assert "evidence 2 is missing" in after(second, None)
    assert "evidence 00000099 was added" in after(folder / "evidence" / "00000099.json", b"{}")
    reordered = "".join([lines[0], lines[2], lines[1], *lines[3:]]).encode()
    assert any("missing, added or moved" in line for line in after(chain, reordered))
    assert any("the chain ends at link" in line for line in after(chain, "".join(lines[:-1]).encode()))
    assert any("missing, added or moved" in line for line in after(chain, "".join([*lines, lines[1]]).encode()))
    assert any(
        "link 2 was changed" in line
        for line in after(chain, chain.read_bytes().replace(b"publication:2", b"publication:9"))
    )
    told = json.loads((folder / "pack.json").read_text())
    shorter = {**told, "through": told["through"] - 1, "head": json.loads(lines[-2])["digest"]}
    assert any("Gardu says" in line for line in after(folder / "pack.json", json.dumps(shorter).encode()))
    assert verifier.problems(folder, head) == []
