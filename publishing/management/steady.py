"""Two hundred posts a second for ten minutes: whether they stay on time, and whether the workers' memory stays flat."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from datetime import timedelta

from publishing.management import measure
from publishing.management.measure import Bench, Run
from publishing.management.play import Options, Order, books, connected, late, machine_in, play, the_way
from publishing.management.scratch import NO_LIMITS, scratch

SLICES = 10
P99_LATENESS = 3.0  # seconds
KEPT_UP = 0.97  # of the posts asked for a second
FLAT = 0.05  # of what a worker holds at the start, over the whole run after its first slice
JUDGED_FROM = 60  # seconds: a shorter run says nothing of memory


def steady(options: Options) -> Bench:
    """One row for each tenth of the time."""
    rate, seconds = options["rate"], options["within"]
    posts = int(rate * seconds)
    lean = options["counterparts"][0] == "lean"
    with scratch(options, lean=lean) as house:
        accounts = connected(house, options["accounts"])
        orders = [Order(accounts[place % len(accounts)], place / rate) for place in range(posts)]
        run = play([house], orders, options, told=NO_LIMITS | the_way(options))
    slope = slope_of(run.memory)
    rows = [_row(number, seconds, part, run) for number, part in enumerate(_slices(run, seconds))]
    summary = (
        f"publish steady: {rate} posts/s for {seconds:.0f} s, {run.rate:.1f} posts/s live, lateness p50 "
        f"{run.late(0.5):.2f} s, p99 {run.late(0.99):.2f} s, memory {slope * 60:+.2f} MB a minute, "
        f"{1000 * run.cpu / max(1, run.live):.2f} ms CPU a post, {machine_in(options)}"
    )
    return Bench(rows, summary, [*books(run, posts), *late(run, None, P99_LATENESS), *_misses(run, rate, seconds)])


def slope_of(memory: Sequence[float]) -> float:
    """Megabytes a second, by least squares over all but the first tenth, in which a process still fills its pools."""
    kept = memory[len(memory) // SLICES :]
    return statistics.linear_regression(range(len(kept)), kept).slope if len(kept) > 1 else 0.0


def _slices(run: Run, seconds: float) -> list[Run]:
    first = min(one.due_at for one in run.sent)
    parts: list[Run] = [Run([], run.shown) for _ in range(SLICES)]
    for one in run.sent:
        place = int((one.due_at - first) / timedelta(seconds=seconds) * SLICES)
        parts[min(SLICES - 1, place)].sent.append(one)
    return parts


def _row(number: int, seconds: float, part: Run, run: Run) -> dict[str, object]:
    held = run.memory[len(run.memory) * number // SLICES : len(run.memory) * (number + 1) // SLICES]
    return {
        "from s": seconds / SLICES * number,
        "posts": len(part.sent),
        "live": part.live,
        "late p50 s": part.late(0.50),
        "late p99 s": part.late(0.99),
        "late max s": part.late(1.0),
        "MB": measure.median(held) if held else 0.0,
    }


def _misses(run: Run, rate: float, seconds: float) -> list[str]:
    found: list[str] = []
    if seconds < JUDGED_FROM:
        return found
    if run.rate < rate * KEPT_UP:
        found.append(f"{run.rate:.1f} posts/s, promised {rate}")
    grown, held = slope_of(run.memory) * seconds, run.memory[len(run.memory) // SLICES]
    if grown > held * FLAT:
        found.append(f"memory grew by {grown:.1f} MB from {held:.0f} MB, promised {FLAT:.0%}")
    return found
