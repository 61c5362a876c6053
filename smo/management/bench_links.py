"""How many visitors a second are sent on, how long they wait, and that no click is lost when processes are killed.

The real web server over this database and a spool of its own; the links are made for it and taken away afterwards.
"""

from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Sum

from smo.actions import shorten
from smo.actions.taking import take
from smo.management.load import Seen, visit
from smo.models import LinkDay, TrackedLink
from workspaces.actions import found_workspace
from workspaces.models import User, Workspace
from workspaces.tenancy import entered

RATE, P99 = 2000.0, 20.0
Options = Mapping[str, Any]  # Any: the options of every kind


@dataclass(frozen=True)
class Bench:
    """One row for each scene; waits in milliseconds."""

    rows: list[dict[str, object]]
    summary: str
    misses: list[str]


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--rate", type=float, default=RATE, help="visitors a second, by the clock")
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--links", type=int, default=500)
    parser.add_argument("--lines", type=int, default=32, help="open connections")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kills", type=int, default=4, help="web processes killed while visitors come")


def run(options: Options) -> Bench:
    """Three scenes: by the clock, as fast as it goes, and with processes killed; each counted to the last click."""
    rows: list[dict[str, object]] = []
    misses: list[str] = []
    with _links(options["links"]) as (workspace, codes):
        for scene, rate, kills in (
            ("by the clock", options["rate"], 0),
            ("as fast as it goes", 0.0, 0),
            ("killed meanwhile", options["rate"] / 2, options["kills"]),
        ):
            row = _scene(scene, rate, kills, workspace, codes, options)
            rows.append(row)
            misses += _missed(row, options)
    best = max(float(str(row["a second"])) for row in rows)
    lost = sum(int(str(row["lost"])) for row in rows)
    return Bench(rows, f"links: {best:.0f} visitors a second at best, {lost} clicks lost", misses)


def _missed(row: dict[str, object], options: Options) -> Iterator[str]:
    if row["lost"] or row["wrong"]:
        yield f"{row['scene']}: {row['lost']} clicks lost, {row['wrong']} wrong answers"
    if row["scene"] == "by the clock":
        if float(str(row["a second"])) < options["rate"] * 0.99:
            yield f"{row['a second']:.0f} visitors a second, promised {options['rate']:.0f}"
        if float(str(row["p99 ms"])) > P99:
            yield f"p99 {row['p99 ms']:.1f} ms, promised {P99:.0f}"


def _scene(
    scene: str, rate: float, kills: int, workspace: Workspace, codes: list[str], options: Options
) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="gardu-clicks-") as spool, _web(spool, options["workers"]) as (port, web):
        visit(port, codes, rate=0, seconds=2, lines=options["lines"])  # every process has met every link
        take(Path(spool))
        before = _counted(workspace)
        killer = threading.Thread(target=_kill, args=(web.pid, kills, options["seconds"]))
        killer.start()
        seen = visit(port, codes, rate=rate, seconds=options["seconds"], lines=options["lines"])
        killer.join()
        take(Path(spool))
    counted = _counted(workspace) - before
    return _row(scene, seen, counted, kills)


def _row(scene: str, seen: Seen, counted: int, kills: int) -> dict[str, object]:
    cuts = statistics.quantiles(seen.waits, n=100) if len(seen.waits) > 1 else [0.0] * 99
    return {
        "scene": scene,
        "answered": seen.answered,
        "a second": seen.answered / seen.seconds,
        "p50 ms": cuts[49],
        "p99 ms": cuts[98],
        "killed": kills,
        "cut off": seen.broken,
        "wrong": seen.wrong,
        "counted": counted,
        # Whoever was sent on must be counted; who was cut off may have been written down just before.
        "lost": max(0, seen.answered - counted),
    }


def _counted(workspace: Workspace) -> int:
    with entered(workspace.pk):
        return LinkDay.objects.aggregate(n=Sum("clicks"))["n"] or 0


@contextmanager
def _links(count: int) -> Iterator[tuple[Workspace, list[str]]]:
    """Links in the measurement's own workspace, which stays; the links go."""
    person, _ = User.objects.get_or_create(email="bench@example.test", defaults={"name": "Bench"})
    workspace = Workspace.objects.filter(slug="bench-links").first() or found_workspace(
        name="Bench links", zone="UTC", places=["ID"], by=person
    )
    with entered(workspace.pk):
        made = [shorten(f"https://shop.example.com/{number}", by=None) for number in range(count)]
    try:
        yield workspace, [link.code for link in made]
    finally:
        with entered(workspace.pk):
            TrackedLink.objects.filter(pk__in=[link.pk for link in made]).delete()


@contextmanager
def _web(spool: str, workers: int) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-c", "python:smm.serving", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(workers), "--log-level", "critical", "smm.wsgi"]
    told = {**os.environ, "CLICK_SPOOL": spool, "WEB_GRACE": "1", "LOG_LEVEL": "CRITICAL"}
    web = subprocess.Popen(command, cwd=settings.BASE_DIR, env=told, stderr=subprocess.DEVNULL)  # noqa: S603 - our own
    try:
        for _ in range(300):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield port, web
    finally:
        web.terminate()
        web.wait(timeout=30)


def _kill(master: int, kills: int, seconds: float) -> None:
    """Kill one web process after another with SIGKILL, evenly over the time; the server starts new ones."""
    for _ in range(kills):
        time.sleep(seconds / (kills + 1))
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        if children:
            os.kill(int(children[0]), signal.SIGKILL)
