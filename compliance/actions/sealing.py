"""Sealing what went out: one statement, in the transaction that writes the network's receipt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from compliance.models import Evidence
from workspaces.tenancy import current_workspace_id

SEAL = """
WITH given AS (SELECT place, item FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS g(item, place)),
body AS MATERIALIZED (
    SELECT place, item, ((item -> 'facts') || CASE WHEN item ? 'verdict' THEN jsonb_build_object('on_record',
        compliance_on_record((item ->> 'verdict')::bigint, (item ->> 'endorser')::bigint,
        (SELECT (now() AT TIME ZONE here.zone)::date FROM workspaces_workspace here WHERE here.id = %s)))
        ELSE '{}' END)::text AS text FROM given),
link AS (
    INSERT INTO compliance_evidence
        (workspace_id, number, kind, subject, endorser_number, at, body_sha256, previous, digest)
    SELECT %s, 0, item ->> 'kind', item ->> 'subject', (item ->> 'endorser')::bigint, now(),
        encode(sha256(convert_to(text, 'UTF8')), 'hex'), '', '' FROM body ORDER BY place
    RETURNING id, number, body_sha256),
kept AS (
    INSERT INTO compliance_evidencebody (workspace_id, evidence_id, text)
    SELECT DISTINCT ON (link.id) %s, link.id, body.text FROM link
    JOIN body ON link.body_sha256 = encode(sha256(convert_to(body.text, 'UTF8')), 'hex'))
SELECT id, number FROM link ORDER BY number
"""


@dataclass(frozen=True, slots=True)
class Sealing:
    """What is to be sealed: `facts` (JSON) about `subject`, like "publication:7".

    With `verdict` given (None: there is none) everything on record that it rests on is sealed along.
    """

    kind: Evidence.Kind
    subject: str
    facts: Mapping[str, Any]  # Any: JSON values
    endorser: int | None = None
    verdict: int | None = None
    with_records: bool = False

    def as_json(self) -> dict[str, Any]:  # Any: a JSON object
        told = {"kind": self.kind, "subject": self.subject, "facts": self.facts, "endorser": self.endorser}
        return told | ({"verdict": self.verdict} if self.with_records else {})


def seal(*sealings: Sealing) -> list[tuple[int, int]]:
    """Append each to the chain of the workspace entered, in this transaction; answers (id, number) of the links.

    One query for all of them. Links of one workspace queue behind each other until commit, so call it last.
    """
    if not sealings:
        return []
    here = current_workspace_id()
    with connection.cursor() as cursor:
        told = json.dumps([one.as_json() for one in sealings], ensure_ascii=False)
        cursor.execute(SEAL, [told, here, here, here])
        return [(row[0], row[1]) for row in cursor.fetchall()]
