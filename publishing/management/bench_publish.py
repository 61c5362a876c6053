"""How many posts really go out, once each, how late they start, and how that compares to a bare loop.

Real workers, the real clock and pretend networks, over a database made for this measurement and dropped after it; the
pretend networks' own book is the truth. `--scene` chooses what is measured:

minute     posts spread over a minute, on the full pretend networks
table      a million rows scheduled for later (--posts 10000000 for ten): what the clock and the pages cost then
race       all due at once: the floor, the SDKs, async; on a lean and on the full counterpart
"""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from publishing.management import minute, race, tables
from publishing.management.race import Bench

SAMPLE_PLAN = settings.BASE_DIR / "campaigns" / "sample" / "teras_kopi_plan.csv"
Options = Mapping[str, Any]  # Any: the options of every kind
SCENES: dict[str, Callable[[Options], Bench]] = {"minute": minute.minute, "race": race.race, "table": tables.tables}
SIZES: dict[str, dict[str, Any]] = {  # Any: as above
    "minute": {"posts": 300, "accounts": 20},
    "race": {"posts": 10_000, "accounts": 200},
    "table": {"posts": 1_000_000, "workspaces": 500},
}
QUICK: dict[str, dict[str, Any]] = {  # Any: as above
    "minute": {"posts": 8, "accounts": 4, "within": 1},
    "race": {"posts": 40, "accounts": 8, "latency_ms": 20, "repeat": 1, "counterparts": ["lean"]},
    "table": {"posts": 3_000, "workspaces": 5},
}


def add_arguments(parser: ArgumentParser) -> None:
    parser.formatter_class = RawDescriptionHelpFormatter
    parser.add_argument("--scene", choices=list(SCENES), default="minute")
    parser.add_argument("--quick", action="store_true", help="a few posts, to see that it still runs")
    parser.add_argument("--posts", type=int)
    parser.add_argument("--accounts", type=int, help="over all networks")
    parser.add_argument("--workspaces", type=int)
    parser.add_argument("--within", type=float, default=60, help="minute: seconds over which they are due")
    parser.add_argument("--repeat", type=int, default=3, help="race: runs of each way")
    parser.add_argument("--ways", nargs="+", choices=list(race.WAYS), default=list(race.WAYS))
    parser.add_argument("--counterparts", nargs="+", choices=["lean", "full"], default=["lean", "full"])
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--latency-ms", type=int, default=250, help="of every call to a pretend network")
    parser.add_argument("--redis-db", type=int, default=15, help="a number nobody else uses")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plan", type=Path, default=SAMPLE_PLAN, help="a CSV whose texts are posted, over and over")
    parser.add_argument("--patience", type=float, default=180, help="seconds to wait after the last is due")


def run(options: Options) -> Bench:
    """The scene asked for, with its own numbers where none were given."""
    scene = options["scene"]
    given = {name: value for name, value in options.items() if value is not None}
    sized = {**SIZES[scene], **given, **(QUICK[scene] if options["quick"] else {})}
    return SCENES[scene](sized)
