"""How fast the reply desk is when it is large: the list at any depth and filter, search, one conversation, the numbers.

A database made for this measurement is filled to each size in turn (the last is a million conversations with five
million messages), the real server answers over HTTP, and each figure is the 95th percentile of many requests.
"""

from __future__ import annotations

import os
import random
import socket
import statistics
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from django.conf import settings
from django.test import Client
from django.utils import timezone

from networks import registry
from networks.models import Account
from publishing.management.scratch import Scratch, scratch
from social_crm import actions, queries
from social_crm.management.filling import Size, fill
from social_crm.models import Conversation, Label, Labelled, Message, Team
from social_crm.queries.choosing import chosen
from workspaces.models import Member
from workspaces.tenancy import entered

PROMISED = {"list": 100.0, "search": 500.0, "open": 100.0, "numbers": 50.0}  # milliseconds, p95
VIEWS: tuple[str, ...] = (
    "",
    "view=mine",
    "view=unassigned",
    "view=due",
    "view=unread",
    "view=mentions",
    "view=pressing",
)
VIEWS += ("view=waiting", "view=snoozed", "view=resolved", "kind=message", "status=open", "view=mine&kind=comment")
SOUGHT: tuple[str, ...] = (
    "kopi",
    "botol pecah",
    "refund",
    "tk500",
    "tk4999950",
    "pelanggan77",
    "terima kasih banget",
    "bot",
    "xyzzy",
)
SOUGHT += ("never voucher reseller", "zzz kopi")
DEPTHS = (0.0, 0.3, 0.7, 0.95)


@dataclass(frozen=True)
class Desk:
    """One row for each thing measured at each size; times in milliseconds."""

    rows: list[dict[str, object]]
    summary: str
    misses: list[str]


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--conversations", type=int, nargs="+", default=[10_000, 1_000_000], help="one size or several")
    parser.add_argument("--each", type=int, default=5, help="messages in each conversation")
    parser.add_argument("--times", type=int, default=200, help="requests of each kind")
    parser.add_argument("--redis-db", type=int, default=14, help="a number nobody else uses")
    parser.add_argument("--quick", action="store_true", help="small, to see that it still runs")


def run(options: Mapping[str, Any]) -> Desk:  # Any: the options of every kind
    """Fill, measure, fill more, measure again."""
    sizes = [500, 2_000] if options["quick"] else sorted(options["conversations"])
    times = 12 if options["quick"] else options["times"]
    rows: list[dict[str, object]] = []
    with scratch({**options, "latency_ms": 0}, lean=True) as house:
        people = _people(house)
        here = 0
        with _served(house) as address:
            for size in sizes:
                began = time.monotonic()
                fill(house.workspace.pk, Size(size - here, options["each"]), **people)
                here = size
                _label(house)
                filled = time.monotonic() - began
                rows += _measured(house, address, size, times, filled)
    return Desk(rows, _summary(rows, sizes), _misses(rows, sizes[-1]))


def _people(house: Scratch) -> dict[str, list[int]]:
    with entered(house.workspace.pk):
        brands = [Account(network=slug, uid=f"fill-{slug}", name=f"Brand {slug}") for slug in registry.slugs()]
        for brand in brands:
            brand.save()
        team = actions.set_team(None, name="Bench", sharing="by_hand", networks=[], members=[], by=house.owner)
        other = Team.objects.create(name="Other")
        actions.set_label(None, name="Bench", tone="info", by=house.owner)
        return {"accounts": [brand.pk for brand in brands], "members": [house.owner.pk], "teams": [team.pk, other.pk]}


def _label(house: Scratch) -> None:
    """A label on one in twenty of the newest twenty thousand."""
    with entered(house.workspace.pk):
        label = Label.objects.get()
        newest = Conversation.objects.exclude(labelled__label=label).order_by("-pk")[:20_000:20]
        worn = [Labelled(workspace_id=label.workspace_id, conversation=each, label=label) for each in newest]
        Labelled.objects.bulk_create(worn)
        queries.fold()


@contextmanager
def _served(house: Scratch) -> Iterator[str]:
    """The real server over the measurement's database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-c", "python:smm.serving", "--bind", f"127.0.0.1:{port}", "smm.wsgi"]
    with house.log.open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command,
            cwd=settings.BASE_DIR,
            env={**os.environ, **house.environment, "WEB_GRACE": "2"},
            stdout=log,
            stderr=log,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(f"{address}/healthz", process)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            if requests.get(address, timeout=5).status_code == 200:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
        if process.poll() is not None:
            break
    raise RuntimeError("the server did not start")


def _measured(house: Scratch, address: str, size: int, times: int, filled: float) -> list[dict[str, object]]:
    session = _signed_in(house, address)
    desk = f"{address}/w/{house.workspace.slug}/inbox/"
    dice = random.Random(size)  # noqa: S311 - which page, not a secret
    with entered(house.workspace.pk):
        # The first page is the whole page; deeper ones are what "Show more" asks for.
        lists = [f"{desk}{'rows/' if 'after=' in query else ''}?{query}" for query in _walks()]
        opened = [f"{desk}{pk}/" for pk in _some(dice)]
        messages = Message.objects.count()
    searches = [f"{desk}rows/?q={words}" for words in SOUGHT]
    kinds: dict[str, Callable[[], object]] = {
        "list": lambda: _get(session, dice.choice(lists)),
        "search": lambda: _get(session, dice.choice(searches)),
        "open": lambda: _get(session, dice.choice(opened), piece=True),
        "numbers": lambda: _numbers(house),
    }
    rows = []
    for kind, ask in kinds.items():
        _times(ask, 30)
        taken = _times(ask, times)
        cuts = statistics.quantiles(taken, n=20)
        figures = {"median ms": statistics.median(taken), "p95 ms": cuts[18], "worst ms": max(taken)}
        rows.append({"conversations": size, "messages": messages, "what": kind, **figures, "filled in s": filled})
    return rows


def _walks() -> list[str]:
    """Each view and filter at several depths, as a person who pages on would get there."""
    label, team = Label.objects.get().pk, Team.objects.earliest("pk").pk
    network = registry.slugs()[0]
    walks = []
    for query in (*VIEWS, f"label={label}", f"team={team}", f"network={network}"):
        choice = queries.Choice.read(dict(part.split("=") for part in query.split("&") if part))
        rows = chosen(choice, member=Member.objects.get(), now=timezone.now())
        if choice.label:
            rows = rows.filter(labelled__label=choice.label)
        number = rows.count()
        for depth in DEPTHS:
            place = rows.in_queue_order().values_list("urgency", "pk")[int(number * depth) :].first() if depth else None
            walks.append(f"{query}&after={place[0]}.{place[1]}" if place else query)
    return walks


def _some(dice: random.Random) -> list[int]:
    """Sixty conversations from everywhere, and the longest."""
    first, last = Conversation.objects.earliest("pk").pk, Conversation.objects.latest("pk").pk
    wanted = [dice.randint(first, last) for _ in range(60)]
    return [first, *Conversation.objects.filter(pk__in=wanted).values_list("pk", flat=True)]


def _signed_in(house: Scratch, address: str) -> requests.Session:
    client = Client()
    client.force_login(house.owner.user)
    session = requests.Session()
    session.cookies.set(settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value)
    return session


def _get(session: requests.Session, address: str, *, piece: bool = False) -> None:
    answer = session.get(address, headers={"HX-Request": "true"} if piece else {}, timeout=60)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")


def _numbers(house: Scratch) -> None:
    with entered(house.workspace.pk):
        queries.all_numbers()
        queries.due_soon(timezone.now())


def _times(ask: Callable[[], object], times: int) -> list[float]:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def _figure(rows: Sequence[Mapping[str, object]], what: str, size: int) -> float:
    return next(float(str(row["p95 ms"])) for row in rows if row["what"] == what and row["conversations"] == size)


def _misses(rows: Sequence[Mapping[str, object]], size: int) -> list[str]:
    found = {what: _figure(rows, what, size) for what in PROMISED}
    return [
        f"{what} at {size:,} conversations: p95 {found[what]:.0f} ms, promised {limit:.0f}"
        for what, limit in PROMISED.items()
        if found[what] > limit
    ]


def _summary(rows: Sequence[Mapping[str, object]], sizes: Sequence[int]) -> str:
    grown = {what: _figure(rows, what, sizes[-1]) / _figure(rows, what, sizes[0]) for what in PROMISED}
    words = ", ".join(f"{what} {times:.1f}×" for what, times in grown.items())
    return f"inbox: from {sizes[0]:,} to {sizes[-1]:,} conversations the p95 grew {words}"
