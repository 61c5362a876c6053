"""A minute like any other: posts that people scheduled one by one, spread over it, on the full pretend networks."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from networks import registry
from networks.models import Account
from networks.protocol import Content
from publishing.actions import enqueue
from publishing.management import measure
from publishing.management.measure import Bench, Run
from publishing.management.play import BEGUN, connected
from publishing.management.scratch import Scratch, scratch
from publishing.management.stock import Text, stock, texts
from publishing.protocol import Stopped
from workspaces.tenancy import entered

P99_LATENESS = 15.0  # seconds
HEAD_START = timedelta(seconds=1)
TO_SCHEDULE = timedelta(seconds=0.06)  # each post


def minute(options: Mapping[str, Any]) -> Bench:  # Any: the options of every kind
    """Schedule, let the house publish, and compare what is on record with what the networks show."""
    with scratch(options) as house:
        accounts = connected(house, options["accounts"])
        first = measure.newest([house])
        stock(house, accounts[:4], texts(options["plan"]), [timezone.now()] * 4)  # show that the processes have begun
        after = measure.newest([house])
        with house.publishing(workers=options["workers"]):
            measure.wait(first, timezone.now() + BEGUN, before=after)
            first_due = timezone.now() + HEAD_START + TO_SCHEDULE * options["posts"]
            _schedule(house, accounts, options, first_due)
            measure.wait(after, first_due + timedelta(seconds=options["within"] + options["patience"]))
        run = measure.read(after, house.shown(accounts))
    slugs = sorted({one.network for one in run.sent})
    rows = [_row(slug, run.of(slug)) for slug in slugs] + [_row("all", run)]
    return Bench(rows, _summary(run, options), _misses(run, options["posts"]))


def _schedule(house: Scratch, accounts: Sequence[Account], options: Mapping[str, Any], first_due: datetime) -> None:
    """Every account in turn, each post with the plan's words and a last line of its own."""
    dice = random.Random(options["seed"])  # noqa: S311 - replayable, no secret
    plan = texts(options["plan"])
    with entered(house.workspace.pk):
        for number in range(options["posts"]):
            account = accounts[number % len(accounts)]
            due_at = first_due + timedelta(seconds=dice.uniform(0, options["within"]))
            _post(house, account, plan[number % len(plan) :] + plan[: number % len(plan)], number, due_at)


def _post(house: Scratch, account: Account, words: Sequence[Text], number: int, due_at: datetime) -> None:
    """The first of `words` that fits the account's network and that customs let through."""
    for text, language in words:
        content = Content(text=f"{text}\nNo. {number}", title=f"Teras Kopi {number}", language=language)
        content = house.fitting(account, content)
        if registry.get(account.network).misfits(content):
            continue
        try:
            enqueue(content, account=account, due_at=due_at, by=None)
        except Stopped:
            continue
        return
    raise ValueError(f"No text of the plan may go to {account.network}")


def _row(name: str, run: Run) -> dict[str, object]:
    return {
        "network": name,
        "posts": len(run.sent),
        "live": run.live,
        "duplicated": run.doubled,
        "lost": run.lost,
        "late p50 s": run.late(0.50),
        "late p99 s": run.late(0.99),
        "late max s": run.late(1.0),
        "posts/s": run.rate,
    }


def _summary(run: Run, options: Mapping[str, Any]) -> str:  # Any: the options of every kind
    return (
        f"publish: {run.live} of {options['posts']} live, {run.doubled} duplicated, {run.lost} lost, "
        f"start lateness p50 {run.late(0.50):.2f} s, p99 {run.late(0.99):.2f} s, "
        f"{run.rate:.1f} posts/s, latency {options['latency_ms']} ms, {options['workers']} worker(s)"
    )


def _misses(run: Run, posts: int) -> list[str]:
    found = []
    if run.live != posts or run.lost:
        found.append(f"{run.live} of {posts} are live, {run.lost} are nowhere to be seen")
    if run.doubled:
        found.append(f"{run.doubled} went out more than once")
    if run.late(0.99) > P99_LATENESS:
        found.append(f"start lateness p99 {run.late(0.99):.1f} s, promised {P99_LATENESS:.0f}")
    return found
