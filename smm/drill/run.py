"""One drill from an empty database to its table; answers the exit code."""

from __future__ import annotations

import argparse
import sys
import time

from celery import current_app

from networks import registry
from networks.protocol import Reconcile
from smm import benches
from smm.chaos import town
from smm.chaos.servers import Ground
from smm.drill.deploy import deploy
from smm.drill.fleet import Fleet
from smm.drill.outages import Outage


def run(chosen: argparse.Namespace, ground: Ground) -> int:
    """Drill what was chosen; 1 when somebody noticed what nobody should."""
    began = time.monotonic()
    ground.migrate()
    people = town.found(ground.sandbox)
    people.settle(chosen.accounts)
    # Where every doubt is a person's, an outage ends with a person: that is promised elsewhere.
    by_a_person = {network.slug for network in registry.every() if network.reconcile is Reconcile.NONE}
    people.accounts = [account for account in people.accounts if account.network not in by_a_person]
    fleet = Fleet(ground.environment, ground.logs, ground.web)
    try:
        fleet.begin()
        say(f"ready after {time.monotonic() - began:.0f} s")
        if chosen.scene == "deploy":
            rows, misses = deploy(people, fleet, rounds=chosen.rounds, rate=chosen.rate or 50, say=say)
        else:
            drill = Outage(ground, people, fleet, chosen.seconds, chosen.rate or 5, say, hurry=chosen.hurry)
            scenes = {
                "redis": drill.redis,
                "redis-frozen": lambda: drill.redis(frozen=True),
                "postgres": drill.postgres,
                "both": drill.both,
                "connections": drill.connections,
                "network": drill.network,
            }
            rows, misses = scenes[chosen.scene]()
    finally:
        fleet.end()
        current_app.close()
    say(benches.as_table(rows))
    for miss in misses:
        say(f"MISSED: {miss}")
    say(f"{chosen.scene}: {'missed' if misses else 'nobody noticed'}, {time.monotonic() - began:.0f} s in all")
    return 1 if misses else 0


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
