"""The clock and the pages find what they ask for by its index, however much is scheduled; and the race still runs."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from networks.models import Account
from networks.protocol import Content
from publishing.management.tables import ASKED
from publishing.models import Publication
from tests import database
from tests.cast import Cast
from tests.publishing.processes import ROOT
from workspaces.tenancy import entered


def plan_of(statement: str) -> str:
    """How PostgreSQL goes about it in a table that is too large to be read whole."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {statement}")
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.fixture
def crowded(cast: Cast) -> Cast:
    """Enough rows that the planner has a choice to make; an empty table is read by any index."""
    content = Content(text="Halo")
    with entered(cast.workspace.pk):
        account = Account.objects.create(network="x", uid="1", name="Teras Kopi")
        Publication.objects.bulk_create(
            Publication(
                workspace=cast.workspace,
                account=account,
                content=content.as_json(),
                fingerprint=content.fingerprint,
                due_at=timezone.now() + timedelta(minutes=number),
            )
            for number in range(2_000)
        )
    return cast


def test_the_clock_the_queue_and_the_calendar_ask_an_index(crowded: Cast) -> None:
    for asked, (statement, index) in ASKED.items():
        with entered(crowded.workspace.pk):
            plan = plan_of(statement)
        assert f"using {index} " in plan, f"{asked}: {plan}"
        assert "Sort" not in plan, f"{asked}: and it gives the order as well"
    now = timezone.now()
    with entered(crowded.workspace.pk):
        plan_of("SELECT 1")  # for the rest of this transaction too
        asked = (Publication.objects.for_a_person(), Publication.objects.between(now, now))
        plans = [str(rows[:50].explain()) for rows in asked]
    assert "publication_for_a_person" in plans[0], plans[0]
    assert "publication_by_time" in plans[1], plans[1]


@pytest.mark.slow
def test_the_race_runs_and_every_way_brings_each_post_once(house_environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "bench", "publish", "--json", "--scene", "race", "--quick"]
    command += ["--ways", "floor", "async"]  # each way starts its own processes
    command += ["--template", database.template()]
    keys = {"VAULT_KEYS": settings.VAULT_KEYS, "REDIS_URL": settings.REDIS_URL}
    # Its exit code tells how fast it was, which beside other tests means nothing.
    said = subprocess.run(command, cwd=ROOT, env=house_environment | keys, capture_output=True, text=True, check=False)
    rows = {row["way"]: row for row in json.loads(said.stdout)["rows"]}
    assert set(rows) == {"floor", "async"}
    assert all((row["live"], row["doubled"], row["lost"]) == (40, 0, 0) for row in rows.values()), rows
