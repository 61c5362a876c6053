"""A million scheduled posts in the table, or ten: what the clock, the claim, the calendar and the queue cost then."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from publishing import queries
from publishing.actions import publisher
from publishing.actions.claim import claim_in
from publishing.management import measure
from publishing.management.measure import Bench
from publishing.management.play import connected
from publishing.management.scratch import Scratch, scratch
from publishing.management.stock import stock, texts
from publishing.models import Publication
from workspaces.tenancy import entered

MOST_MS = 10.0
PROMISED = ("hand out 50",)  # the claim of a batch by the clock; the counter's own claim checks each post besides
TIMES = 40
BATCH = 50
# For later, over the next ninety days; copies of one that was stocked, so that every column is as in life.
MANY = """
INSERT INTO publishing_publication ({columns})
SELECT {values} FROM publishing_publication p, generate_series(1, %(count)s) AS n WHERE p.id = %(id)s
"""


def tables(options: Mapping[str, Any]) -> Bench:  # Any: the options of every kind
    """Measure at a hundredth, a tenth, and the whole of `posts`: what grows with the table shows."""
    rows: list[dict[str, object]] = []
    with scratch({**options, "latency_ms": 0}, lean=True) as house:
        publisher.beat()  # nothing is claimed before the clock has begun
        houses = [house, *house.found(options["workspaces"] - 1)]
        accounts = [account for one in houses for account in connected(one, 1)[:1]]
        stock(house, accounts, texts(options["plan"]), [timezone.now() + timedelta(days=1)] * len(accounts))
        have = 0
        for share in (100, 10, 1):
            wanted = options["posts"] // share
            _fill(houses, wanted - have)
            have = wanted
            stock(house, connected(house, 8), texts(options["plan"]), [timezone.now()] * (BATCH * TIMES))
            house.swept()
            rows.append({"scheduled": have, **_measured(houses)})
    whole = rows[-1]
    misses = [
        f"{name}: {whole[name]:.1f} ms, promised {MOST_MS:.0f}"
        for name in PROMISED
        if float(str(whole[name])) > MOST_MS
    ]
    summary = f"publish table: p95 of {TIMES} in ms, {len(houses)} workspaces; {measure.machine()}"
    return Bench(rows, summary, misses)


def _fill(houses: Sequence[Scratch], count: int) -> None:
    """`count` more rows for later, the same number in each workspace."""
    names = [field.column for field in Publication._meta.concrete_fields if field.column != "id"]
    values = ["now() + n * interval '90 days' / %(count)s" if name == "due_at" else f"p.{name}" for name in names]
    statement = MANY.format(columns=", ".join(f'"{name}"' for name in names), values=", ".join(values))
    for house in houses:
        with entered(house.workspace.pk), connection.cursor() as cursor:
            one = (
                Publication.objects.filter(due_at__gt=timezone.now())
                .order_by("pk")
                .values_list("pk", flat=True)
                .first()
            )
            cursor.execute(statement, {"id": one, "count": max(1, count // len(houses))})


def _measured(houses: Sequence[Scratch]) -> dict[str, object]:
    start, turn = timezone.now(), itertools.count()
    with entered(houses[0].workspace.pk):
        due = list(Publication.objects.filter(due_at__lte=start, state="scheduled").values_list("pk", flat=True))
    batches = [due[place : place + BATCH] for place in range(0, BATCH * TIMES, BATCH)]

    def calendar() -> None:
        with entered(houses[next(turn) % len(houses)].workspace.pk):
            list(Publication.objects.between(start, start + timedelta(days=31)).for_display()[:500])

    def queue() -> None:
        with entered(houses[next(turn) % len(houses)].workspace.pk):
            list(Publication.objects.for_a_person().for_display()[:50])

    return {
        "due": len(due),
        "tick": _p95(queries.clock),
        "hand out 50": _p95(lambda: queries.take_due(BATCH)),
        "claim 50": _p95(lambda: claim_in(houses[0].workspace.pk, batches.pop())),
        "calendar": _p95(calendar),
        "queue": _p95(queue),
    }


def _p95(act: Callable[[], object]) -> float:
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    return measure.cut(sorted(took), 0.95)
