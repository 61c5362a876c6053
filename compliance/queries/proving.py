"""Whether the chain of evidence still is what it was: every link, every body, its end, and the anchors outside."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files.storage import default_storage
from django.db import connection

from compliance import chain
from compliance.adapters import anchors
from compliance.models import Evidence, EvidenceBody, EvidenceFile, EvidenceHead, EvidenceWork
from workspaces.models import AuditEntry
from workspaces.tenancy import entered

SALT = "evidence anchor"
ANCHORED = "anchored_evidence"
CHUNK = 500


@dataclass(slots=True)
class Proof:
    """What a walk over one workspace's chain found; `wrong` is empty when everything holds."""

    links: int = 0
    bodies: int = 0
    emptied: int = 0
    files: int = 0
    anchors: int = 0
    head: str = chain.START
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The end of a chain as it was written down outside the database."""

    workspace: int
    number: int
    digest: str
    at: str
    audit_number: int = 0
    audit_digest: str = ""

    def line(self) -> str:
        """The anchor as its line in the file, under a signature that the database does not hold."""
        told = json.dumps({name: getattr(self, name) for name in self.__slots__}, sort_keys=True, separators=(",", ":"))
        return signing.Signer(salt=SALT).sign(told)


def anchor_file() -> Path:
    """Where the anchors are."""
    return Path(settings.EVIDENCE_ANCHORS)


def anchors_of(workspace_id: int) -> Iterator[Anchor | str]:
    """The workspace's anchors, oldest first; a sentence in place of a line that we did not sign."""
    for number, line in enumerate(anchors.read(anchor_file()), 1):
        if f'"workspace":{workspace_id}}}' not in line and f'"workspace":{workspace_id},' not in line:
            continue
        try:
            yield Anchor(**json.loads(signing.Signer(salt=SALT).unsign(line)))
        except (signing.BadSignature, ValueError, TypeError):
            yield f"line {number} of the anchor file was not written by us"


def behind(batch: int) -> list[int]:
    """Workspaces with links that are not drawn or not anchored yet, those that wait longest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id FROM evidence_behind(%s)", [batch])
        return [row[0] for row in cursor.fetchall()]


def prove(workspace_id: int, *, files: bool = True) -> Proof:
    """Walk the workspace's whole chain. `files`: read every sealed file as well. Enters the workspace itself."""
    proof = Proof()
    with entered(workspace_id):
        ends = _ends(workspace_id, proof)
        tombs = _tombs(proof)
        _walk(proof, ends, tombs)
        if files:
            _check_files(proof)
    return proof


def _ends(workspace_id: int, proof: Proof) -> dict[int, str]:
    """Number -> digest of every link that was written down outside, or in the audit trail."""
    ends: dict[int, str] = {}
    for anchor in anchors_of(workspace_id):
        if isinstance(anchor, str):
            proof.wrong.append(anchor)
            continue
        proof.anchors += 1
        if ends.setdefault(anchor.number, anchor.digest) != anchor.digest:
            proof.wrong.append(f"two anchors disagree about link {anchor.number}")
    work = EvidenceWork.objects.first()
    if work is not None and work.anchored > max(ends, default=0):
        proof.wrong.append(f"anchors up to link {work.anchored} were written, and the file ends before it")
    for facts in AuditEntry.objects.filter(verb=ANCHORED).values_list("facts", flat=True):
        if ends.setdefault(facts["number"], facts["digest"]) != facts["digest"]:
            proof.wrong.append(f"the audit trail says otherwise of link {facts['number']}")
    return ends


def _tombs(proof: Proof) -> set[int]:
    """The numbers of links whose bodies went when their time was over, by the tombstones' own bodies."""
    bodies = EvidenceBody.objects.filter(evidence__kind=Evidence.Kind.TOMBSTONE).values_list("text", flat=True)
    return {int(json.loads(text)["emptied"]) for text in bodies}


def _walk(proof: Proof, ends: dict[int, str], tombs: set[int]) -> None:
    previous, expected = chain.START, 1
    for link, text in _links():
        proof.links += 1
        if link.number != expected:
            proof.wrong.append(f"links {expected} to {link.number - 1} are missing")
        elif link.previous != previous:
            proof.wrong.append(f"link {link.number} does not follow the one before it")
        if chain.digest_of(link) != link.digest:
            proof.wrong.append(f"link {link.number} was changed after it was written")
        if ends.get(link.number, link.digest) != link.digest:
            proof.wrong.append(f"link {link.number} is not the one that was anchored")
        _check_body(proof, link, text, tombs)
        previous, expected = link.digest, link.number + 1
    proof.head = previous
    head = EvidenceHead.objects.first()
    if head is not None and (head.number, head.digest) != (expected - 1, previous):
        proof.wrong.append(f"the chain ends at {expected - 1}, but {head.number} links were written")
    if ends and max(ends) >= expected:
        proof.wrong.append(f"links up to {max(ends)} were anchored, but the chain ends at {expected - 1}")


def _links() -> Iterator[tuple[Evidence, str | None]]:
    """Every link in order, with its body's text or None; a few queries for each five hundred."""
    after = 0
    while found := list(Evidence.objects.filter(number__gt=after).order_by("number")[:CHUNK]):
        texts = dict(
            EvidenceBody.objects.filter(evidence__in=[link.pk for link in found]).values_list("evidence_id", "text")
        )
        yield from ((link, texts.get(link.pk)) for link in found)
        after = found[-1].number


def _check_body(proof: Proof, link: Evidence, text: str | None, tombs: set[int]) -> None:
    if text is None:
        proof.emptied += 1
        if link.number not in tombs:
            proof.wrong.append(f"the body of link {link.number} is gone without a tombstone")
        return
    proof.bodies += 1
    if chain.sha256(text) != link.body_sha256:
        proof.wrong.append(f"the body of link {link.number} was changed")
        return
    if link.kind == Evidence.Kind.PUBLICATION and not speaks_true(json.loads(text)):
        proof.wrong.append(f"the words of link {link.number} are not those of its fingerprint")


def speaks_true(body: dict[str, Any]) -> bool:  # Any: a JSON object
    """Whether the sealed words give the sealed fingerprint, and the verdict is one on them."""
    found = chain.sha256(unicodedata.normalize("NFC", body["content"]))
    verdict = (body.get("on_record") or {}).get("verdict")
    return bool(found == body["fingerprint"] and (verdict is None or verdict["fingerprint"] == found))


def _check_files(proof: Proof) -> None:
    for file in EvidenceFile.objects.select_related("evidence", "evidence__body").iterator(chunk_size=200):
        proof.files += 1
        body = getattr(file.evidence, "body", None)
        if body is not None and file.sha256 not in body.text:
            proof.wrong.append(f"link {file.evidence.number} knows nothing of the file {file.name}")
        if not default_storage.exists(file.key):
            proof.wrong.append(f"the file {file.name} of link {file.evidence.number} is gone")
            continue
        with default_storage.open(file.key, "rb") as opened:
            if chain.sha256(opened.read()) != file.sha256:
                proof.wrong.append(f"the file {file.name} of link {file.evidence.number} was changed")
