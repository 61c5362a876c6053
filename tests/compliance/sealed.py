"""Sealed posts for tests, as publishing seals them: with a verdict and everything on record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connections
from django.utils import timezone

from compliance.actions import Sealing, screen, seal
from compliance.models import Connection, Endorser, Evidence
from compliance.protocol import ConnectionKind
from networks import registry
from networks.protocol import Content
from tests.cast import Cast

TEXT = "#iklan Akhirnya nemu kopi yang pas 😍 Cold Brew Sagara favorit aku minggu ini, wajib coba!"


def nadia() -> Endorser:
    """Nadia, who is paid by Sagara."""
    endorser = Endorser.objects.create(name="Nadia Putri", place="ID", language="id", email="nadia@example.test")
    Connection.objects.create(
        endorser=endorser,
        brand="Sagara",
        kind=ConnectionKind.PAYMENT,
        value=4_500_000,
        currency="IDR",
        starts_on=date(2026, 1, 1),
        evidence="KT-118",
        recorded_by_name="Omar",
    )
    return endorser


def sealed(cast: Cast, endorser: Endorser | None, number: int = 1, text: str = TEXT) -> int:
    """Seal publication `number`; answers the link's number. The workspace must be entered."""
    content = Content(text=text, language="id")
    slug = registry.slugs()[0]
    verdict = screen(
        content,
        account_network=slug,
        endorser=endorser,
        workspace=cast.workspace,
        on=timezone.now().date(),
    )
    ((_, link),) = seal(
        Sealing(
            Evidence.Kind.PUBLICATION,
            f"publication:{number}",
            {
                "publication": number,
                "content": json.dumps(content.as_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":")),
                "fingerprint": content.fingerprint,
                "network": slug,
                "account": {"id": 1, "uid": "u", "name": "Sagara", "handle": "sagara"},
                "receipt": {"remote_id": f"r{number}", "url": f"https://example.test/{number}", "told_by": ""},
            },
            endorser=endorser.pk if endorser else None,
            verdict=verdict.pk,
            with_records=True,
        )
    )
    return link


@contextmanager
def as_owner() -> Iterator[object]:
    """A cursor of the database's owner with every trigger and wall out of the way: the strongest tamperer there is.

    Needs a test that commits.
    """
    tables = ("evidence", "evidencebody", "evidencehead", "evidencefile")
    with connections["owner"].cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE compliance_{table} DISABLE TRIGGER USER")
            cursor.execute(f"ALTER TABLE compliance_{table} NO FORCE ROW LEVEL SECURITY")
        try:
            yield cursor
        finally:
            for table in tables:
                cursor.execute(f"ALTER TABLE compliance_{table} ENABLE TRIGGER USER")
                cursor.execute(f"ALTER TABLE compliance_{table} FORCE ROW LEVEL SECURITY")
