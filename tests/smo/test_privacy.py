"""Nobody's address, browser or cookie is anywhere afterwards: not in a table, not in a log line, not in an answer."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from smo.actions import shorten
from smo.models import Site
from tests.cast import Cast
from tests.smo.visitors import Door
from workspaces.tenancy import entered

IP = "203.0.113.77"
AGENT = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Zebrafish/77.42 Mobile"
COOKIE = "zebracookie=7742"
MARKS = (IP, "Zebrafish", "zebracookie", "secretpath")
ORIGIN = "https://www.warung.example"


def test_database_logs_and_answers_keep_nobody(cast: Cast, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with entered(cast.workspace.pk):
        Site.objects.create(host="warung.example", key="sitekey")
        link = shorten(f"{ORIGIN}/menu", by=cast.bob, campaign=4, post=9)
    door = Door(tmp_path)
    said = []
    for headers in ({}, {"dnt": "1"}, {"x_forwarded_for": IP}):
        answer = door.ask(
            f"/l/{link.code}", ip=IP, agent=AGENT, cookie=COOKIE, referer="https://t.co/secretpath", **headers
        )
        said += [answer.body, *answer.headers.values()]
        assert "Set-Cookie" not in answer.headers
    said += door.ask("/l/unknown", ip=IP, agent=AGENT, cookie=COOKIE).headers
    landing = door.ask(f"/l/{link.code}", ip=IP, agent=AGENT).location
    told: list[dict[str, object]] = [
        {"url": f"{landing}&secretpath=7742", "referrer": "https://t.co/secretpath"},
        {"key": "order-1", "value": "5", "currency": "EUR", "goal": "order"},
        {"key": "nonsense", "value": "7742 zebra"},
    ]
    for one in told:
        reply = Client(REMOTE_ADDR=IP, HTTP_USER_AGENT=AGENT, HTTP_COOKIE=COOKIE, HTTP_ORIGIN=ORIGIN).post(
            "/v/sitekey/", json.dumps(one), content_type="text/plain"
        )
        assert not reply.cookies
        said += [reply.content.decode(), *map(str, reply.headers.values())]
    assert door.count() == 4
    spooled = "".join(path.read_text() for path in tmp_path.glob("*"))
    kept = {"database": _everything(cast), "logs": caplog.text, "answers": " ".join(said), "spool": spooled}
    for where, text in kept.items():
        assert [mark for mark in MARKS if mark.lower() in text.lower()] == [], where


def _everything(cast: Cast) -> str:
    """Every row of every table, as text."""
    rows: list[str] = []
    with entered(cast.workspace.pk), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (table,) in cursor.fetchall():
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [table])
            if cursor.fetchone()[0]:
                cursor.execute(f'SELECT t::text FROM "{table}" t')
                rows += [f"{table} {row}" for (row,) in cursor.fetchall()]
    assert any(row.startswith("smo_touch ") for row in rows) and any(row.startswith("smo_linkday ") for row in rows)
    return "\n".join(rows)
