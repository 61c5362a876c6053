"""A new version under load: a migration, then web, worker and poller replaced, again and again; nobody may notice."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from django.db import connections

from smm.chaos.town import Town
from smm.drill.count import Row, cut, fates, line, promises, until_all_are_live
from smm.drill.crowd import Crowd
from smm.drill.fleet import READY, Fleet
from smm.management.commands.migrate import patiently

LATE = 30.0
PATIENCE = 60.0


def deploy(
    people: Town, fleet: Fleet, *, rounds: int, rate: float, say: Callable[[str], None]
) -> tuple[list[Row], list[str]]:
    """The table and the misses."""
    began = time.monotonic()
    with Crowd(people, fleet.web, rate) as crowd:
        time.sleep(1)
        for number in range(rounds):
            say(f"{time.monotonic() - began:4.0f} s  round {number + 1}: {len(crowd.written)} posts, migrating")
            patiently(partial(_one_column_more, number), say=say)
            for part in READY:
                fleet.replace(part)
        spent = time.monotonic() - began
        crowd.stop_writing()
        until_all_are_live(people, PATIENCE)
    found = fates(people, crowd)
    rows, misses = promises(found)
    late = [one.live for one in found if one.live is not None]
    too_late = [one for one in found if one.live is None or one.live > LATE]
    broken = [visit for visit in crowd.visits if visit.status != 200]
    rows = [
        line("rounds: a migration, then web, worker and poller replaced", rounds),
        *rows,
        line("posts a second", len(found) / spent),
        line(f"live later than {LATE:.0f} s", len(too_late), "0"),
        line("live after, p50 s", cut(late, 0.5)),
        line("live after, latest s", max(late, default=0.0)),
        line("pages opened", len(crowd.visits)),
        line("errors to users", len(broken) + crowd.refused, "0"),
        line("slowest page, s", max((visit.seconds for visit in crowd.visits), default=0.0)),
    ]
    misses += [f"{len(too_late)} posts later than {LATE:.0f} s"] if too_late else []
    misses += [f"{crowd.refused} posts could not be kept when they were written"] if crowd.refused else []
    misses += [f"error to a user: {one.page} {one.status} {one.broke}" for one in broken[:5]]
    misses += [] if found else ["nothing was written"]
    return rows, misses


def _one_column_more(number: int) -> None:
    """What a migration does to the busiest table; the column of the round before goes again."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            f"ALTER TABLE publishing_publication ADD COLUMN IF NOT EXISTS drill_{number} integer NOT NULL DEFAULT 0"
        )
        if number:
            cursor.execute(f"ALTER TABLE publishing_publication DROP COLUMN IF EXISTS drill_{number - 1}")
