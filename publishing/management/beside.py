"""Posts on time while everything else works at its limit: the inbox, media, and what is measured and audited."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle

import redis
import requests
from celery import current_app

from networks.models import Account
from publishing.management.measure import Bench, Run
from publishing.management.play import Options, Order, books, connected, late, machine_in, play, the_way
from publishing.management.scratch import NO_LIMITS, Scratch, Watched, process, scratch

P99_LATENESS = 3.0  # seconds, whatever else goes on
APART = 1.0  # seconds that the p50 may differ from that of the run with nothing beside it
IDLE = 0.5  # seconds of processor time: less is no load
WAITING = 40  # tasks that always wait in a queue
SAID = 12  # comments below each account's newest post before it begins
# Queue -> its tasks, and whether they want the workspace before the account.
TASKS: Mapping[str, Sequence[tuple[str, bool]]] = {
    "inbox": [("social_crm.poll", True)],
    "insights": [("insights.audit_account", False), ("insights.measure_account", False)],
}
BESIDE: Mapping[str, tuple[str, ...]] = {
    "nothing": (),
    "inbox": ("inbox",),
    "media": ("media",),
    "insights": ("insights",),
    "all three": ("inbox", "media", "insights"),
}


def beside(options: Options) -> Bench:
    """The same posts once alone and once beside each kind of work; the full networks, for what is to be read there."""
    rate, seconds = options["rate"], options["within"]
    posts = int(rate * seconds)
    runs: dict[str, tuple[Run, Done]] = {}
    with scratch(options) as house:
        accounts = connected(house, options["accounts"])
        orders = [Order(accounts[place % len(accounts)], place / rate) for place in range(posts)]
        for name, kinds in BESIDE.items():
            done = Done()
            with _others(house, kinds) as others:
                run = play(
                    [house],
                    orders,
                    options,
                    beside=partial(_at_full_load, house, accounts, kinds, others, done),
                    told=NO_LIMITS | the_way(options),
                )
            runs[name] = run, done
    alone = runs["nothing"][0]
    rows = [_row(name, run, done, alone) for name, (run, done) in runs.items()]
    misses = [miss for name, (run, done) in runs.items() for miss in _misses(name, run, done, alone, posts)]
    summary = f"publish beside: {rate} posts/s for {seconds:.0f} s, {machine_in({**options, 'counterparts': ['full']})}"
    return Bench(rows, summary, misses)


@dataclass
class Done:
    """What the others did meanwhile: tasks handed to them, and the processor seconds they used."""

    tasks: int = 0
    cpu: float = 0.0


@contextmanager
def _others(house: Scratch, kinds: Sequence[str]) -> Iterator[list[Watched]]:
    """The worker for everything else, as `manage.py up` has it, and one that makes films, each when it is wanted."""
    with ExitStack() as stack:
        others: list[Watched] = []
        if set(kinds) & TASKS.keys():
            others += stack.enter_context(house.publishing(workers=1, queues="inbox,insights,media", hands=6))
        if "media" in kinds:
            films = [sys.executable, "-m", "publishing.management.clip"]
            others.append(Watched(stack.enter_context(process(films, house.environment, subprocess.DEVNULL)).pid))
        yield others


@contextmanager
def _at_full_load(
    house: Scratch, accounts: Sequence[Account], kinds: Sequence[str], others: Sequence[Watched], done: Done
) -> Iterator[None]:
    """Every queue of `kinds` has always something waiting."""
    over = threading.Event()
    feeders = [
        threading.Thread(target=_feed, args=(house, accounts, kind, over, done)) for kind in kinds if kind in TASKS
    ]
    if "inbox" in kinds:
        _let_people_talk(house, accounts)
    before = sum(one.cpu() for one in others)
    for feeder in feeders:
        feeder.start()
    try:
        yield
    finally:
        over.set()
        for feeder in feeders:
            feeder.join()
        done.cpu = sum(one.cpu() for one in others) - before


def _feed(house: Scratch, accounts: Sequence[Account], kind: str, over: threading.Event, done: Done) -> None:
    link = redis.Redis.from_url(house.environment["REDIS_URL"])
    jobs = cycle([(name, first, account) for account in accounts for name, first in TASKS[kind]])
    with current_app.connection_for_write(house.environment["REDIS_URL"]) as broker:
        while not over.is_set():
            for _ in range(WAITING - link.llen(kind)):
                name, workspace_first, account = next(jobs)
                pair = (account.workspace_id, account.pk) if workspace_first else (account.pk, account.workspace_id)
                current_app.send_task(name, pair, queue=kind, connection=broker)
                done.tasks += 1
            time.sleep(0.05)
    link.delete(kind)
    link.close()


def _let_people_talk(house: Scratch, accounts: Sequence[Account]) -> None:
    """Comments below the newest post of each account: what a poll brings in."""
    for account in accounts:
        where = {"network": account.network, "account": account.uid}
        posts = requests.get(f"{house.sandbox}/_control/posts", params=where, timeout=60).json()
        if not posts:
            continue
        asked = {"network": account.network, "count": 1, "kind": "person"}
        person = requests.post(f"{house.sandbox}/_control/accounts", json=asked, timeout=60).json()["accounts"][0]["id"]
        for number in range(SAID):
            said = {"network": account.network, "author": person, "parent": posts[-1]["id"], "text": f"Enak! {number}"}
            requests.post(f"{house.sandbox}/_control/say", json=said, timeout=60).raise_for_status()


def _row(name: str, run: Run, done: Done, alone: Run) -> dict[str, object]:
    return {
        "beside": name,
        "posts": len(run.sent),
        "live": run.live,
        "late p50 s": run.late(0.50),
        "late p99 s": run.late(0.99),
        "late max s": run.late(1.0),
        "p99 / alone": run.late(0.99) / alone.late(0.99) if alone.late(0.99) else 0.0,
        "tasks beside": done.tasks,
        "CPU s beside": done.cpu,
    }


def _misses(name: str, run: Run, done: Done, alone: Run, posts: int) -> list[str]:
    whose = f"beside {name}: "
    found = [whose + wrong for wrong in books(run, posts)] + late(run, None, P99_LATENESS, whose)
    if run.late(0.50) > alone.late(0.50) + APART:
        found.append(f"{whose}p50 {run.late(0.50):.2f} s, alone {alone.late(0.50):.2f} s")
    if BESIDE[name] and done.cpu < IDLE:
        found.append(f"{whose}the others did next to nothing")
    return found
