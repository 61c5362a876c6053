"""Posts that are due when a scene says so: put there beforehand, brought to their times once all is running."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from networks.models import Account
from publishing.management import measure
from publishing.management.measure import Run, watching
from publishing.management.scratch import NOTHING, Scratch
from publishing.management.stock import stock, texts
from publishing.models import Publication
from workspaces.tenancy import entered

BEGUN = timedelta(seconds=120)  # for the worker and the clock to begin
WARM = 2.0  # seconds
SHIFTED_A_SECOND = 2_000  # rows that are given their time
LATER = timedelta(days=1)  # not due while it is being put there
Options = Mapping[str, Any]  # Any: the options of every kind
Beside = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True, slots=True)
class Order:
    """A post by `account`, due `after` seconds from the start."""

    account: Account
    after: float


def play(
    houses: Sequence[Scratch],
    orders: Sequence[Order],
    options: Options,
    *,
    beside: Beside = nullcontext,
    told: Mapping[str, str] = NOTHING,
) -> Run:
    """Publish `orders` with real processes, `told` in their environment; what was measured of them.

    `houses`: every house that has an order, the first also gives the first words. `beside` goes on meanwhile.
    """
    house, words = houses[0], texts(options["plan"])
    first = measure.newest(houses)
    stock(house, [order.account for order in orders[:8]], words, [timezone.now()] * 8)  # show that all has begun
    after = measure.newest(houses)
    far = timezone.now() + LATER
    stock(house, [order.account for order in orders], words, [far + timedelta(seconds=one.after) for one in orders])
    house.swept()
    with house.publishing(workers=options["workers"], told=told) as workers:
        measure.wait(first, timezone.now() + BEGUN, before=after)
        start = timezone.now() + timedelta(seconds=WARM + len(orders) / SHIFTED_A_SECOND + len(houses) / 100)
        brought_to(houses, after, start - far)
        time.sleep(max(0.0, (start - timezone.now()).total_seconds() - 0.5))
        with watching(workers) as seen, beside():
            last = start + timedelta(seconds=max(order.after for order in orders))
            time.sleep(max(0.0, (last - timezone.now()).total_seconds()))
            measure.wait(after, last + timedelta(seconds=options["patience"]))
    run = measure.read(after, house.shown([order.account for order in {o.account.pk: o for o in orders}.values()]))
    run.cpu, run.memory, run.whole = seen.cpu, seen.memory, seen.whole
    return run


def brought_to(houses: Sequence[Scratch], after: Mapping[int, int], by: timedelta) -> None:
    """Everything newer than `after` is due earlier by the length of `by`, which is negative."""
    for house in houses:
        with entered(house.workspace.pk):
            Publication.objects.filter(pk__gt=after[house.workspace.pk]).update(due_at=F("due_at") + by)


def connected(house: Scratch, count: int) -> list[Account]:
    """`count` accounts over the networks of a race, one of each in turn."""
    each = [house.accounts(slug, max(1, count // len(house.slugs))) for slug in house.slugs]
    return [account for turn in zip(*each, strict=True) for account in turn]


def one_each(houses: Sequence[Scratch]) -> list[Account]:
    """One account in each house, the networks in turn."""
    return [house.accounts(house.slugs[place % len(house.slugs)], 1)[0] for place, house in enumerate(houses)]


def the_way(options: Options) -> dict[str, str]:
    """The way the posts leave, as the processes are told."""
    return {"PUBLISH_ASYNC": "1" if options["way"] == "async" else "0"}


def machine_in(options: Options) -> str:
    """What stands behind a figure: the way, the counterpart, the machine and what it was doing already."""
    counterpart = options["counterparts"][0]
    return f"{options['way']}, {counterpart} counterpart, latency {options['latency_ms']} ms; {measure.machine()}"


def books(run: Run, posts: int) -> list[str]:
    """What is wrong with the posts themselves, whatever it measured."""
    found = []
    if len(run.sent) != posts or run.live != posts:
        found.append(f"{run.live} of {posts} are live")
    if run.lost:
        found.append(f"{run.lost} are nowhere to be seen")
    if run.doubled:
        found.append(f"{run.doubled} went out more than once")
    return found


def late(run: Run, p50: float | None, p99: float, whose: str = "") -> list[str]:
    """The promises on how late a send begins that `run` did not keep."""
    found = []
    if p50 is not None and run.late(0.50) > p50:
        found.append(f"{whose}start lateness p50 {run.late(0.50):.2f} s, promised {p50:.0f}")
    if run.late(0.99) > p99:
        found.append(f"{whose}start lateness p99 {run.late(0.99):.2f} s, promised {p99:.0f}")
    return found
