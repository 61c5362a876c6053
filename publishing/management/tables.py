"""A million scheduled posts in the table, or ten: what the clock, the claim, the calendar and the queue cost then."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
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
PLANNED_FROM = 100_000  # rows: a smaller table may well be read whole
TIMES = 40
BATCH = 50
SHOWN = 50  # rows of a page: as many in a small table as in a large one
TABLE = "publishing_publication"
READY = "SELECT id FROM publishing_publication WHERE state = 'scheduled' AND greatest(due_at, not_before)"
ASKED = {  # what the clock's functions ask, and the index that answers
    "what is due": (f"{READY} <= now() ORDER BY greatest(due_at, not_before) LIMIT 50", "publication_ready"),
    "what is next": (f"{READY} > now() ORDER BY greatest(due_at, not_before) LIMIT 1", "publication_ready"),
    "the crowd's houses": (
        f"{READY} <= now() AND workspace_id = 1 ORDER BY greatest(due_at, not_before) LIMIT 50",
        "publication_ready_fairly",
    ),
    "ended leases": (
        "SELECT id FROM publishing_publication WHERE state = 'publishing' AND lease_until < now()",
        "publication_leased",
    ),
}
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
        misses = _plans(houses[-1]) if have >= PLANNED_FROM else []
    before, whole = rows[-2:]
    grown = ", ".join(f"{name} x{_ratio(whole, before, name):.1f}" for name in ("tick", "hand out 50", "calendar"))
    misses += [
        f"{name}: {whole[name]:.1f} ms, promised {MOST_MS:.0f}"
        for name in PROMISED
        if float(str(whole[name])) > MOST_MS
    ]
    summary = (
        f"publish table: p50 and p95 of {TIMES} in ms, {len(houses)} workspaces; "
        f"ten times the rows: {grown}; {measure.machine()}"
    )
    return Bench(rows, summary, misses)


def _ratio(whole: Mapping[str, object], before: Mapping[str, object], name: str) -> float:
    return float(str(whole[f"{name} p50"])) / max(0.01, float(str(before[f"{name} p50"])))


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

    def page(rows: Callable[[], QuerySet[Publication]]) -> Callable[[], object]:
        def read() -> None:
            with entered(houses[next(turn) % len(houses)].workspace.pk):
                list(rows()[:SHOWN])

        return read

    asked: dict[str, Callable[[], object]] = {
        "tick": queries.clock,
        "hand out 50": lambda: queries.take_due(BATCH),
        "claim 50": lambda: claim_in(houses[0].workspace.pk, batches.pop()),
        "calendar": page(lambda: _month(start)),
        "queue": page(_queue),
    }
    found: dict[str, object] = {"due": len(due)}
    for name, act in asked.items():
        took = sorted(_times(act))
        found[f"{name} p50"], found[name] = measure.cut(took, 0.50), measure.cut(took, 0.95)
    return found


def _month(start: datetime) -> QuerySet[Publication]:
    return Publication.objects.between(start, start + timedelta(days=31)).for_display()


def _queue() -> QuerySet[Publication]:
    return Publication.objects.for_a_person().for_display()


def _times(act: Callable[[], object]) -> Iterator[float]:
    for _ in range(TIMES):
        began = time.perf_counter()
        act()
        yield (time.perf_counter() - began) * 1000


# --- how PostgreSQL goes about it ---------------------------------------------------------------------


def _plans(house: Scratch) -> list[str]:
    """What is read whole or sorted, of everything that the clock and the pages ask of the table."""
    found = []
    with entered(house.workspace.pk):
        pages = {"the calendar": _month(timezone.now())[:SHOWN], "the queue": _queue()[:SHOWN]}
        plans = {name: json.loads(rows.explain(format="json")) for name, rows in pages.items()}
        with connection.cursor() as cursor:
            for name, (statement, _index) in ASKED.items():
                cursor.execute(f"EXPLAIN (FORMAT json) {statement}")
                plans[name] = cursor.fetchone()[0]
    for name, (plan, *_rest) in plans.items():
        found += [f"{name}: {wrong}" for wrong in _wrong_in(plan["Plan"])]
    return found


def _wrong_in(node: Mapping[str, Any]) -> Iterator[str]:  # Any: PostgreSQL's JSON
    below = node.get("Plans", ())
    if node["Node Type"] == "Seq Scan" and node.get("Relation Name") == TABLE:
        yield "the whole table is read"
    if node["Node Type"] == "Sort" and any(one.get("Relation Name") == TABLE for one in below):
        yield "rows are sorted"
    for one in below:
        yield from _wrong_in(one)
