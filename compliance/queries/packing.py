"""What belongs into an evidence pack: the links in its scope, and the records and files they rest on."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from compliance import chain
from compliance.models import (
    Connection,
    Document,
    Endorser,
    Evidence,
    EvidenceBody,
    EvidenceFile,
    Letter,
    Pack,
    RecordVersion,
    Signature,
    Substantiation,
)
from compliance.queries.proving import Anchor, anchors_of

PRIVATE = frozenset({"email", "notes"})
Body = Mapping[str, Any]  # Any: the JSON of a link's body


@dataclass(slots=True)
class Piece:
    """One publication of the pack: its link, what was sealed of it (None: its time was over), and its picture."""

    link: Evidence
    body: Body | None
    rendering: Body | None = None
    picture: EvidenceFile | None = None


@dataclass(slots=True)
class Gathered:
    """All that goes into a pack. `texts`: number -> the sealed bytes; `emptied`: numbers whose bodies are gone."""

    pieces: list[Piece]
    texts: dict[int, str]
    emptied: list[int]
    files: list[EvidenceFile]
    documents: list[Document]
    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # Any: JSON objects


def publications_in(pack: Pack) -> QuerySet[Evidence]:
    """The links of publications that `pack` asks for, oldest first."""
    found = Evidence.objects.filter(kind=Evidence.Kind.PUBLICATION)
    if pack.through:
        found = found.filter(number__lte=pack.through)
    if pack.subjects:
        found = found.filter(subject__in=pack.subjects)
    if pack.endorser_number:
        found = found.filter(endorser_number=pack.endorser_number)
    if pack.since:
        found = found.filter(at__date__gte=pack.since)
    if pack.until:
        found = found.filter(at__date__lte=pack.until)
    return found.order_by("number")


def gather(pack: Pack) -> Gathered:
    """Everything for `pack`. About a dozen queries, however many posts."""
    posts = list(publications_in(pack))
    people = {link.endorser_number for link in posts if link.endorser_number}
    people |= {pack.endorser_number} if pack.endorser_number else set()
    about = [f"evidence:{link.number}" for link in posts]
    beside = Q(subject__in=about) | Q(kind=Evidence.Kind.SIGNATURE, endorser_number__in=people)
    others = list(Evidence.objects.filter(beside, number__lte=pack.through).order_by("number"))
    links = sorted([*posts, *others], key=lambda link: link.number)
    texts = _texts(links)
    files = list(EvidenceFile.objects.filter(evidence__in=[link.pk for link in links]).order_by("pk"))
    records, documents = _records(people, texts)
    return Gathered(
        pieces=_pieces(posts, others, texts, files),
        texts=texts,
        emptied=[link.number for link in links if link.number not in texts],
        files=files,
        documents=documents,
        records=records,
    )


def chain_lines(first: int, through: int) -> Iterator[str]:
    """Every link from `first` to `through`, also those of other posts, as lines of JSON: without them no proof."""
    for link in Evidence.objects.filter(number__gte=first, number__lte=through).order_by("number").iterator(1000):
        told = {
            "number": link.number,
            "kind": link.kind,
            "subject": link.subject,
            "at": chain.moment(link.at),
            "body_sha256": link.body_sha256,
            "previous": link.previous,
            "digest": link.digest,
        }
        yield json.dumps(told, sort_keys=True)


def end_of(pack: Pack) -> str:
    """The digest of the last link of the pack's chain: what Gardu shows on its page. One query."""
    digest: str = Evidence.objects.values_list("digest", flat=True).get(number=pack.through)
    return digest


def anchors_within(workspace_id: int, first: int, through: int) -> list[dict[str, Any]]:  # Any: JSON objects
    """The anchors outside the database that speak of links `first` to `through`."""
    found = [one for one in anchors_of(workspace_id) if isinstance(one, Anchor) and first <= one.number <= through]
    return [{"number": one.number, "digest": one.digest, "at": one.at} for one in found]


def _texts(links: Collection[Evidence]) -> dict[int, str]:
    numbers = {link.pk: link.number for link in links}
    rows = EvidenceBody.objects.filter(evidence__in=list(numbers)).values_list("evidence_id", "text")
    return {numbers[pk]: text for pk, text in rows}


def _pieces(
    posts: list[Evidence], others: list[Evidence], texts: dict[int, str], files: list[EvidenceFile]
) -> list[Piece]:
    drawn = {link.subject: link for link in others if link.kind == Evidence.Kind.RENDERING}
    pictures = {file.evidence_id: file for file in files}
    pieces = []
    for link in posts:
        piece = Piece(link, json.loads(texts[link.number]) if link.number in texts else None)
        rendering = drawn.get(f"evidence:{link.number}")
        if rendering is not None:
            piece.picture = pictures.get(rendering.pk)
            piece.rendering = json.loads(texts[rendering.number]) if rendering.number in texts else None
        pieces.append(piece)
    return pieces


def _records(
    people: Collection[int], texts: Mapping[int, str]
) -> tuple[dict[str, list[dict[str, Any]]], list[Document]]:  # Any: JSON objects
    """Every version of what the posts rest on, letters and signatures, and the files that prove it."""
    sealed = [json.loads(text).get("on_record") or {} for text in texts.values()]
    claims = {row["id"] for on_record in sealed for row in on_record.get("substantiation", [])}
    ties = set(Connection.objects.filter(endorser__in=people).values_list("pk", flat=True))
    kinds = RecordVersion.Kind
    versions = RecordVersion.objects.filter(
        Q(kind=kinds.ENDORSER, record__in=people)
        | Q(kind=kinds.CONNECTION, record__in=ties)
        | Q(kind=kinds.SUBSTANTIATION, record__in=claims)
    ).order_by("kind", "record", "number")
    contracts = {row.what["contract_id"] for row in versions if row.what.get("contract_id")}
    exhibits = Substantiation.objects.filter(pk__in=claims).values_list("documents", flat=True)
    documents = Document.objects.filter(pk__in=contracts | {pk for pk in exhibits if pk}).order_by("pk")
    records = {
        "versions": [
            {
                "kind": row.kind,
                "record": row.record,
                "number": row.number,
                "at": chain.moment(row.at),
                # A pack goes to strangers: what is nobody's business but the workspace's stays here.
                "what": {name: value for name, value in row.what.items() if name not in PRIVATE},
            }
            for row in versions
        ],
        "letters": [_letter(row) for row in Letter.objects.filter(endorser__in=people).order_by("pk")],
        "signatures": [_signature(row) for row in Signature.objects.filter(endorser__in=people).order_by("pk")],
        "documents": [
            {"id": row.pk, "filename": row.filename, "mime": row.mime, "sha256": row.sha256, "size": row.size}
            for row in documents
        ],
    }
    return records, list(documents)


def _letter(row: Letter) -> dict[str, Any]:  # Any: a JSON object
    return {
        "id": row.pk,
        "kind": row.kind,
        "endorser": row.endorser_id,
        "brand": row.brand,
        "language": row.language,
        "statements": row.statements,
        "says": row.says,
        "note": row.note,
        "sent_at": chain.moment(row.sent_at),
        "sent_by": row.sent_by_name,
        "opened_at": chain.moment(row.opened_at) if row.opened_at else None,
        "reminders": row.reminders,
    }


def _signature(row: Signature) -> dict[str, Any]:  # Any: a JSON object
    return {
        "id": row.pk,
        "letter": row.letter_id,
        "endorser": row.endorser_id,
        "brand": row.brand,
        "statements": row.statements,
        "name": row.name,
        "digest": row.digest,
        "at": chain.moment(row.at),
    }


def people_in(gathered: Gathered) -> list[Endorser]:
    """The endorsers that the pack speaks of."""
    numbers = {piece.link.endorser_number for piece in gathered.pieces if piece.link.endorser_number}
    return list(Endorser.objects.filter(pk__in=numbers).order_by("name", "pk"))
