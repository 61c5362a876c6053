"""Many workspaces at once: all of them at the full hour, and small ones beside one that queues ten thousand posts."""

from __future__ import annotations

import random

from publishing.management.measure import Bench, Run
from publishing.management.play import (
    Options,
    Order,
    books,
    connected,
    late,
    machine_in,
    one_each,
    play,
    the_way,
)
from publishing.management.scratch import scratch

HOUR_P50, P99 = 2.0, 15.0  # seconds


def hour(options: Options) -> Bench:
    """Due at :00, each workspace as many as the others. The budgets of accounts and apps are those of real life."""
    posts, count = options["posts"], options["workspaces"]
    lean = options["counterparts"][0] == "lean"
    with scratch(options, lean=lean) as house:
        houses = [house, *house.found(count - 1)]
        accounts = one_each(houses)
        orders = [Order(accounts[place % count], 0.0) for place in range(posts)]
        run = play(houses, orders, options, told=the_way(options))
    rows = [_row(f"{count} workspaces", run)]
    summary = f"publish hour: {posts} posts due at :00 from {count} workspaces, {machine_in(options)}"
    return Bench(rows, summary, [*books(run, posts), *late(run, HOUR_P50, P99)])


def fair(options: Options) -> Bench:
    """One queues `posts` for the same second; of `workspaces` others each has one post, due while that queue drains."""
    posts, count = options["posts"], options["workspaces"]
    dice = random.Random(options["seed"])  # noqa: S311 - replayable, no secret
    lean = options["counterparts"][0] == "lean"
    with scratch(options, lean=lean) as house:
        small = house.found(count)
        crowd = connected(house, options["accounts"])
        ones = [Order(account, dice.uniform(0, options["within"])) for account in one_each(small)]
        queued = [Order(crowd[place % len(crowd)], 0.0) for place in range(posts)]
        run = play([house, *small], [*queued, *ones], options, told=the_way(options))
    big = Run([one for one in run.sent if one.workspace_id == house.workspace.pk], run.shown)
    rest = Run([one for one in run.sent if one.workspace_id != house.workspace.pk], run.shown)
    rows = [_row(f"the one with {posts}", big), _row(f"{count} with one post", rest)]
    summary = (
        f"publish fair: {posts} posts of one workspace over {len(crowd)} accounts; {count} others have one post each, "
        f"due within {options['within']:.0f} s of it; {machine_in(options)}"
    )
    return Bench(rows, summary, [*books(run, posts + count), *late(rest, None, P99, "one-post workspaces: ")])


def _row(name: str, run: Run) -> dict[str, object]:
    return {
        "whose": name,
        "posts": len(run.sent),
        "live": run.live,
        "doubled": run.doubled,
        "lost": run.lost,
        "late p50 s": run.late(0.50),
        "late p99 s": run.late(0.99),
        "late max s": run.late(1.0),
        "all live in s": run.took,
    }
