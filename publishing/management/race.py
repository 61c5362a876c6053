"""Ten thousand posts due in one second: how fast the house is beside a bare loop, with and without the SDKs."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.conf import settings
from django.utils import timezone

from networks.actions import open_many
from networks.models import Account
from publishing.management import measure
from publishing.management.measure import Bench, Run
from publishing.management.play import Options, Order, connected, play
from publishing.management.scratch import NO_LIMITS, Scratch, scratch
from publishing.management.stock import stock, texts
from publishing.models import Publication
from workspaces.tenancy import entered

WAYS = {"floor": None, "blocking": {"PUBLISH_ASYNC": "0"}, "async": {"PUBLISH_ASYNC": "1"}}
PROMISED = {"blocking": 3.0, "async": 2.0}
ALL_LIVE = 60.0


def race(options: Options) -> Bench:
    """Each way `repeat` times on each counterpart, one after the other; medians, and the ratio to the floor."""
    rows: list[dict[str, object]] = []
    misses = []
    machine = measure.machine()
    for counterpart in options["counterparts"]:
        runs: dict[str, list[Run]] = {way: [] for way in options["ways"]}
        with scratch(options, lean=counterpart == "lean") as house:
            accounts = connected(house, options["accounts"])
            for _ in range(options["repeat"]):
                for way in runs:
                    runs[way].append(run_once(house, accounts, way, options))
        found = [_row(counterpart, way, tries, runs.get("floor", [])) for way, tries in runs.items()]
        misses += [miss for row, tries in zip(found, runs.values(), strict=True) for miss in _misses(row, tries)]
        rows += found
    posts, accounts_, latency = options["posts"], options["accounts"], options["latency_ms"]
    summary = (
        f"publish race: {posts} posts due at once, {accounts_} accounts, {latency} ms latency, "
        f"{options['workers']} worker(s), medians of {options['repeat']}; {machine}"
    )
    return Bench(rows, summary, misses)


def run_once(house: Scratch, accounts: Sequence[Account], way: str, options: Options) -> Run:
    """One run, from stocking until all is settled."""
    told = WAYS[way]
    if told is not None:
        orders = [Order(accounts[place % len(accounts)], 0.0) for place in range(options["posts"])]
        return play([house], orders, options, told=NO_LIMITS | told)
    after = measure.newest([house])
    stock(house, accounts, texts(options["plan"]), [timezone.now()] * options["posts"])
    house.swept()
    _due_now(house, after)
    with measure.watching() as seen:
        used = _floor(house, accounts, options["posts"])
    run = measure.read(after, house.shown(accounts))
    run.cpu, run.whole = used, seen.whole
    return run


def _due_now(house: Scratch, after: Mapping[int, int]) -> None:
    with entered(house.workspace.pk):
        Publication.objects.filter(pk__gt=after[house.workspace.pk]).update(due_at=timezone.now())


def _floor(house: Scratch, accounts: Sequence[Account], posts: int) -> float:
    """Run the bare loop as a process of its own; answers its processor seconds."""
    senders = {}
    for workspace_id, own in groupby(sorted(accounts, key=lambda one: one.workspace_id), lambda one: one.workspace_id):
        of_it = list(own)
        with entered(workspace_id):
            opened = open_many(of_it)
        for one in of_it:
            senders[one.pk] = [one.network, one.uid, opened[one.pk].credentials.access_token]
    note = house.log.with_name("senders.json")
    note.write_text(json.dumps(senders))
    command = [sys.executable, "-m", "sandbox.floor", "--database", house.environment["DATABASE_URL"]]
    command += ["--networks", house.sandbox, "--senders", str(note), "--media", house.environment["MEDIA_ROOT"]]
    command += ["--workspaces", str(house.workspace.pk), "--posts", str(posts)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=settings.BASE_DIR, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _row(counterpart: str, way: str, runs: Sequence[Run], floors: Sequence[Run]) -> dict[str, object]:
    rates = sorted(run.rate for run in runs)
    floor = measure.median(run.rate for run in floors) if floors else 0.0
    middle = measure.median(rates)
    return {
        "counterpart": counterpart,
        "way": way,
        "posts/s": middle,
        "lowest": rates[0],
        "highest": rates[-1],
        "floor / it": floor / middle if middle else 0.0,
        "all live in s": measure.median(run.took for run in runs),
        "late p50 s": measure.median(run.late(0.50) for run in runs),
        "late p99 s": measure.median(run.late(0.99) for run in runs),
        "CPU ms/post": measure.median(1000 * run.cpu / max(1, run.live) for run in runs),
        "all CPU ms/post": measure.median(1000 * run.whole / max(1, run.live) for run in runs),
        "MB": max((max(run.memory, default=0.0) for run in runs), default=0.0),
        "live": min(run.live for run in runs),
        "doubled": sum(run.doubled for run in runs),
        "lost": sum(run.lost for run in runs),
    }


def _misses(row: Mapping[str, Any], runs: Sequence[Run]) -> Iterator[str]:  # Any: a row's values
    name = f"{row['way']} on the {row['counterpart']} counterpart"
    posts = len(runs[0].sent)
    if row["live"] != posts or row["lost"] or row["doubled"]:
        yield f"{name}: {row['live']} of {posts} live, {row['doubled']} doubled, {row['lost']} lost"
    most = PROMISED.get(str(row["way"]))
    if most and row["floor / it"] > most:
        yield f"{name}: {row['floor / it']:.1f} times slower than the floor, promised {most:.0f}"
    if most and posts >= 10_000 and row["all live in s"] > ALL_LIVE:
        yield f"{name}: all live after {row['all live in s']:.0f} s, promised {ALL_LIVE:.0f}"
