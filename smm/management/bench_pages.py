"""How fast the sign-in page is answered, through the whole stack of middleware and templates."""

from __future__ import annotations

import statistics
import time
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse

SLOWEST_P95 = 150.0  # milliseconds


@dataclass(frozen=True)
class Pages:
    """One row for each page measured; times in milliseconds."""

    rows: list[dict[str, object]]
    summary: str
    misses: list[str]


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--times", type=int, default=100, help="how often each page is asked for")


def run(options: Mapping[str, Any]) -> Pages:  # Any: the options of every kind
    """Ask for each page `times` times in this process, after one that warms up."""
    rows = [_measure(path, options["times"]) for path in ("/healthz", reverse("account_login"))]
    misses = [
        f"{row['page']}: p95 {row['p95 ms']:.0f} ms, promised {SLOWEST_P95:.0f}"
        for row in rows
        if float(str(row["p95 ms"])) > SLOWEST_P95
    ]
    return Pages(rows, f"pages: {len(rows)} pages, {options['times']} times each, {len(misses)} too slow", misses)


def _measure(path: str, times: int) -> dict[str, object]:
    client = Client(headers={"host": "localhost"})
    client.get(path)
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        client.get(path)
        taken.append((time.perf_counter() - began) * 1000)
    cuts = statistics.quantiles(taken, n=20)
    return {"page": path, "median ms": statistics.median(taken), "p95 ms": cuts[18]}
