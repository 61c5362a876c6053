"""How many posts really go out, once each, how late they start, and how that compares to a bare loop.

Real workers, the real clock and pretend networks, over a database made for this measurement and dropped after it; the
pretend networks' own book is the truth. `--scene` chooses what is measured:

minute     posts spread over a minute, on the full pretend networks
steady     200 posts a second for ten minutes: lateness and the workers' memory, tenth by tenth
hour       1,000 due at :00 from 500 workspaces
fair       workspaces with one post beside one that queues 10,000
beside     the same posts alone, and with inbox, media, audits at full load
film       a video of a gigabyte whose worker is killed half way
table      a million rows scheduled for later (--posts 10000000 for ten): what the clock and the pages cost then
race       all due at once: the floor, the SDKs, async; on a lean and on the full counterpart
"""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from publishing.management import beside, crowds, film, minute, race, steady, tables
from publishing.management.measure import Bench

SAMPLE_PLAN = settings.BASE_DIR / "campaigns" / "sample" / "teras_kopi_plan.csv"
Options = Mapping[str, Any]  # Any: the options of every kind
SCENES: dict[str, Callable[[Options], Bench]] = {
    "minute": minute.minute,
    "steady": steady.steady,
    "hour": crowds.hour,
    "fair": crowds.fair,
    "beside": beside.beside,
    "film": film.film,
    "table": tables.tables,
    "race": race.race,
}
SIZES: dict[str, dict[str, Any]] = {  # Any: as above
    "minute": {"posts": 300, "accounts": 20, "within": 60, "workers": 1},
    "steady": {"rate": 200, "within": 600, "accounts": 200, "workers": 2},
    "hour": {"posts": 1_000, "workspaces": 500, "workers": 2},
    "fair": {"posts": 10_000, "accounts": 400, "workspaces": 200, "within": 30, "workers": 2},
    "beside": {"rate": 20, "within": 60, "accounts": 40, "workers": 1},
    "film": {"megabytes": 1024},
    "table": {"posts": 1_000_000, "workspaces": 500},
    "race": {"posts": 10_000, "accounts": 200, "workers": 2},
}
QUICK: dict[str, dict[str, Any]] = {  # Any: as above
    "minute": {"posts": 8, "accounts": 4, "within": 1},
    "steady": {"rate": 20, "within": 5, "accounts": 8, "workers": 1},
    "hour": {"posts": 20, "workspaces": 10, "workers": 1},
    "fair": {"posts": 400, "accounts": 8, "workspaces": 8, "within": 3, "workers": 1},
    "beside": {"rate": 4, "within": 5, "accounts": 8},
    "film": {"megabytes": 64},
    "table": {"posts": 3_000, "workspaces": 5},
    "race": {"posts": 40, "accounts": 8, "latency_ms": 20, "repeat": 1, "counterparts": ["lean"], "workers": 1},
}


def add_arguments(parser: ArgumentParser) -> None:
    parser.formatter_class = RawDescriptionHelpFormatter
    parser.add_argument("--scene", choices=list(SCENES), default="minute")
    parser.add_argument("--quick", action="store_true", help="a few posts, to see that it still runs")
    parser.add_argument("--posts", type=int)
    parser.add_argument("--accounts", type=int, help="over all networks")
    parser.add_argument("--workspaces", type=int)
    parser.add_argument("--rate", type=int, help="steady, beside: posts due in each second")
    parser.add_argument("--within", type=float, help="seconds over which they are due")
    parser.add_argument("--megabytes", type=int, help="film: how long the video is")
    parser.add_argument("--way", choices=list(race.PROMISED), default="blocking", help="how posts leave, race excepted")
    parser.add_argument("--repeat", type=int, default=3, help="race: runs of each way")
    parser.add_argument("--ways", nargs="+", choices=list(race.WAYS), default=list(race.WAYS))
    parser.add_argument("--counterparts", nargs="+", choices=["lean", "full"], default=["lean", "full"])
    parser.add_argument("--workers", type=int, help="that publish; at its limit one a core is best")
    parser.add_argument("--latency-ms", type=int, default=250, help="of every call to a pretend network")
    parser.add_argument("--redis-db", type=int, default=15, help="a number nobody else uses")
    parser.add_argument("--template", help="a migrated, empty database to copy, instead of migrating one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plan", type=Path, default=SAMPLE_PLAN, help="a CSV whose texts are posted, over and over")
    parser.add_argument("--patience", type=float, default=180, help="seconds to wait after the last is due")


def run(options: Options) -> Bench:
    """The scene asked for, with its own numbers where none were given."""
    scene = options["scene"]
    given = {name: value for name, value in options.items() if value is not None}
    sized = {**SIZES[scene], **given, **(QUICK[scene] if options["quick"] else {})}
    return SCENES[scene](sized)
