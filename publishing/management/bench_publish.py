"""How many posts due in one minute really go out, once each, and how late they start.

Real worker, real clock and the real pretend networks, over a database made for this measurement and dropped after it;
the pretend networks' own book is the truth.
"""

from __future__ import annotations

import csv
import random
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from networks import registry
from networks.models import Account
from networks.protocol import Content
from publishing.actions import enqueue
from publishing.management.scratch import Scratch, scratch
from publishing.models import Attempt, Publication
from publishing.protocol import Stopped
from workspaces.tenancy import entered

SAMPLE_PLAN = settings.BASE_DIR / "campaigns" / "sample" / "teras_kopi_plan.csv"
P99_LATENESS = 15.0  # seconds
HEAD_START = timedelta(seconds=8)  # for the worker and the clock to begin
TO_SCHEDULE = timedelta(seconds=0.06)  # each post


@dataclass(frozen=True)
class Published:
    """One row for each network, and one for all."""

    rows: list[dict[str, object]]
    summary: str
    misses: list[str]


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--posts", type=int, default=300)
    parser.add_argument("--within", type=float, default=60, help="seconds over which they are due; 0: all at once")
    parser.add_argument("--accounts", type=int, default=5, help="on each network")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--latency-ms", type=int, default=250, help="of every call to a pretend network")
    parser.add_argument("--redis-db", type=int, default=15, help="a number nobody else uses")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plan", type=Path, default=SAMPLE_PLAN, help="a CSV whose texts are posted, over and over")
    parser.add_argument("--patience", type=float, default=120, help="seconds to wait after the last is due")


def run(options: Mapping[str, Any]) -> Published:  # Any: the options of every kind
    """Schedule, let the house publish, and compare what is on record with what the networks show."""
    with scratch(latency_ms=options["latency_ms"], redis_db=options["redis_db"]) as house:
        accounts = [account for slug in registry.slugs() for account in house.accounts(slug, options["accounts"])]
        with house.publishing(workers=options["workers"]):
            first_due = timezone.now() + HEAD_START + TO_SCHEDULE * options["posts"]
            _schedule(house, accounts, options, first_due)
            _wait(house, first_due + timedelta(seconds=options["within"] + options["patience"]))
        return _report(house, accounts, options)


def _schedule(house: Scratch, accounts: Sequence[Account], options: Mapping[str, Any], first_due: datetime) -> None:
    """Every account in turn, each post with the plan's words and a last line of its own."""
    dice = random.Random(options["seed"])  # noqa: S311 - replayable, no secret
    plan = _texts(options["plan"])
    with entered(house.workspace.pk):
        for number in range(options["posts"]):
            account = accounts[number % len(accounts)]
            due_at = first_due + timedelta(seconds=dice.uniform(0, options["within"]))
            _post(house, account, plan[number % len(plan) :] + plan[: number % len(plan)], number, due_at)


def _texts(plan: Path) -> list[tuple[str, str]]:
    """(text, language) of the plan's rows that speak for nobody but the brand."""
    with plan.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["language"]) for row in csv.DictReader(file) if row["text"] and not row["endorser"]]


def _post(house: Scratch, account: Account, texts: Sequence[tuple[str, str]], number: int, due_at: datetime) -> None:
    """The first of `texts` that fits the account's network and that customs let through."""
    for text, language in texts:
        words = Content(text=f"{text}\nNo. {number}", title=f"Teras Kopi {number}", language=language)
        content = house.fitting(account, words)
        if registry.get(account.network).misfits(content):
            continue
        try:
            enqueue(content, account=account, due_at=due_at, by=None)
        except Stopped:
            continue
        return
    raise ValueError(f"No text of the plan may go to {account.network}")


def _last_line(text: str) -> str:
    return text.rstrip().rsplit("\n", 1)[-1]


def _wait(house: Scratch, until: datetime) -> None:
    while timezone.now() < until:
        with entered(house.workspace.pk):
            if not Publication.objects.exclude(state__in=_FINAL).exists():
                return
        time.sleep(0.5)


_FINAL = (
    Publication.State.PUBLISHED,
    Publication.State.REFUSED,
    Publication.State.NEEDS_ATTENTION,
    Publication.State.HELD,
    Publication.State.MISSED,
)


def _report(house: Scratch, accounts: Sequence[Account], options: Mapping[str, Any]) -> Published:
    shown = Counter(_last_line(text) for account in accounts for text in house.shown(account))
    with entered(house.workspace.pk):
        publications = list(Publication.objects.select_related("account"))
        began = dict(Attempt.objects.order_by("-fence").values_list("publication_id", "started_at"))
    slugs = sorted({publication.account.network for publication in publications})
    rows = [_row(slug, [p for p in publications if p.account.network == slug], began, shown) for slug in slugs]
    rows.append(_row("all", publications, began, shown))
    return Published(rows, _summary(rows[-1], options), _misses(rows[-1], options["posts"]))


def _row(
    name: str, publications: Sequence[Publication], began: Mapping[int, datetime], shown: Counter[str]
) -> dict[str, object]:
    copies = [shown[_last_line(publication.sealed.text)] for publication in publications]
    live = [p for p in publications if p.state == Publication.State.PUBLISHED]
    late = sorted((began[p.pk] - p.due_at).total_seconds() for p in publications if p.pk in began)
    last = max((p.published_at for p in live if p.published_at), default=None)
    took = (last - min(p.due_at for p in publications)).total_seconds() if last else 0.0
    return {
        "network": name,
        "posts": len(publications),
        "live": len(live),
        "duplicated": sum(count > 1 for count in copies),
        "lost": sum(count == 0 for count in copies),
        "late p50 s": _cut(late, 0.50),
        "late p99 s": _cut(late, 0.99),
        "late max s": late[-1] if late else 0.0,
        "posts/s": len(live) / took if took else 0.0,
    }


def _cut(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def _summary(whole: Mapping[str, Any], options: Mapping[str, Any]) -> str:  # Any: a row's values
    return (
        f"publish: {whole['live']} of {options['posts']} live, {whole['duplicated']} duplicated, {whole['lost']} lost, "
        f"start lateness p50 {whole['late p50 s']:.2f} s, p99 {whole['late p99 s']:.2f} s, "
        f"{whole['posts/s']:.1f} posts/s, latency {options['latency_ms']} ms, {options['workers']} worker(s)"
    )


def _misses(whole: Mapping[str, Any], posts: int) -> list[str]:  # Any: a row's values
    found = []
    if whole["live"] != posts or whole["lost"]:
        found.append(f"{whole['live']} of {posts} are live, {whole['lost']} are nowhere to be seen")
    if whole["duplicated"]:
        found.append(f"{whole['duplicated']} went out more than once")
    if whole["late p99 s"] > P99_LATENESS:
        found.append(f"start lateness p99 {whole['late p99 s']:.1f} s, promised {P99_LATENESS:.0f}")
    return found
