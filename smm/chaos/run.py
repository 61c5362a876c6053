"""One chaos run from an empty database to the table; answers the exit code."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from celery import current_app

from smm import benches
from smm.chaos import report, town, verdict
from smm.chaos.conduct import conductor
from smm.chaos.crew import Crew
from smm.chaos.plan import Wish, draw
from smm.chaos.servers import HURRY, Ground

SHORT = 1000  # publications; with fewer, one sent to a person is already more than the promised share
REDIS_FROZEN = 60.0


def run(chosen: argparse.Namespace, ground: Ground) -> int:
    """Play what was chosen and print what came of it; 1 when a promise was missed."""
    began = time.monotonic()
    # One thread conducts everything: what it asks of Redis must not wait for a Redis that it froze itself.
    current_app.conf.broker_transport_options = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
    crew = Crew(ground)
    try:
        ground.migrate()
        people = town.found(ground.sandbox)
        short = chosen.publications < SHORT
        grounds = people.settle(chosen.accounts or max(2, min(20, chosen.publications // 60)))
        wish = Wish(chosen.publications, chosen.kills, chosen.faults, chosen.seed, chosen.minutes * 60)
        plan = draw(wish, grounds)
        say(
            f"plan {plan.digest}: seed {wish.seed}, {len(plan.posts)} publications on {len(grounds)} accounts, "
            f"{sum(len(post.fuses) for post in plan.posts)} fuses, {sum(bool(p.weather) for p in plan.posts)} faults, "
            f"{len(plan.happenings)} happenings around"
        )
        say("waits: " + ", ".join(f"{name.removeprefix('PUBLISH_')} {value}" for name, value in HURRY.items()))
        if chosen.plan:
            return 0
        crew.begin()
        crew.web_answers(30)
        people.listen(people.accounts)
        say(f"ready after {time.monotonic() - began:.0f} s")
        frozen = chosen.frozen or (2.0 if short else REDIS_FROZEN)
        playing = conductor(plan, ground, people, crew, frozen=frozen, seed=wish.seed)
        playing.play(chosen.patience, say)
        fates = verdict.judge(playing, grounds)
        struck = verdict.hits(playing, fates)
    finally:
        crew.end()
    told = report.report(fates, struck, short=short)
    say(benches.as_table(told.rows))
    say(benches.as_table(told.classes))
    killed = len(verdict.deaths(ground.folder)) + sum(n for name, n in struck.items() if name.startswith("kill."))
    for line in [*told.examples, *(f"MISSED: {miss}" for miss in told.misses)]:
        say(line)
    say(report.recovery(fates))
    kinds = Counter(fate.post.kind for fate in fates)
    say(", ".join(f"{count} {kind}" for kind, count in kinds.most_common()))
    say(
        f"{len(fates)} publications, {killed} kills (asked for {chosen.kills}), {people.reconnected} accounts "
        f"reconnected by a person, Redis frozen for {frozen:.0f} s, {time.monotonic() - began:.0f} s in all"
    )
    return 1 if told.misses else 0


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
