"""A gigabyte of video, its worker killed half way: it is gone on with, not begun anew, and never whole in memory."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import requests
from django.utils import timezone

from networks.models import Account
from networks.protocol import Media, MediaKind
from publishing.management import measure
from publishing.management.measure import Bench, watching
from publishing.management.play import BEGUN, Options, connected
from publishing.management.scratch import Scratch, scratch
from publishing.management.stock import stock, texts

MIB = 1024 * 1024
PIECE = 8 * MIB
MOST_MB = 64.0  # more than an idle worker holds
# So that a dead sender is missed, and what it sent looked for, in seconds and not in minutes.
HURRY = {"PUBLISH_SETTLE_SECONDS": "4", "PUBLISH_LOOK_SECONDS": "0.5", "PUBLISH_LISTING_LAGS": "0.02"}


def film(options: Options) -> Bench:
    """One row for the worker that is killed and one for the worker that goes on."""
    size = options["megabytes"] * MIB
    with scratch(options) as house:
        account = _for_videos(house)
        long = replace(house, clip=_film(house, size))
        words = texts(options["plan"])
        first = measure.newest([house])
        stock(house, [account], words, [timezone.now()])  # the networks' clients are loaded by then
        after = measure.newest([house])
        patience = timedelta(seconds=options["patience"])
        with house.publishing(workers=1, told=HURRY) as (worker,):
            measure.wait(first, timezone.now() + BEGUN, before=after)
            base, small = worker.memory(), brought(house, account)
            stock(long, [account], words, [timezone.now()])
            began = time.monotonic()
            with watching([worker]) as killed:
                _until(lambda: brought(house, account) - small >= size // 2, options["patience"])
                os.killpg(worker.pid, signal.SIGKILL)
            half, at_half = time.monotonic() - began, brought(house, account) - small
            with house.publishing(workers=1, told=HURRY) as (other,), watching([other]) as went_on:
                measure.wait(after, timezone.now() + patience)
        whole, travelled = time.monotonic() - began, brought(house, account) - small
        run = measure.read(after, house.shown([account]))
    rows = [_row("killed", at_half, killed.memory[:-1], base, half)]
    rows.append(_row("went on", travelled - at_half, went_on.memory, base, whole - half))
    misses = [] if (run.live, run.doubled, run.lost) == (1, 0, 0) else ["the video is not live, or more than once"]
    if travelled > size + PIECE:
        misses.append(f"{travelled // MIB} MiB travelled for {size // MIB}: more than one piece went twice")
    for name, seen in (("killed", killed.memory[:-1]), ("went on", went_on.memory)):
        if max(seen, default=0.0) - base > MOST_MB:
            misses.append(f"the worker ({name}) held {max(seen) - base:.0f} MB more, promised {MOST_MB:.0f}")
    summary = f"publish film: {size // MIB} MiB in pieces of {PIECE // MIB}, kill -9 half way; {measure.machine()}"
    return Bench(rows, summary, misses)


def _for_videos(house: Scratch) -> Account:
    """An account of a network that takes nothing without a video."""
    accounts = connected(house, len(house.slugs))
    return next(one for one in accounts if house.takes_films(one))


def _film(house: Scratch, size: int) -> Media:
    """The small clip, and then nothing for the rest of `size` bytes: they need no room on the disk."""
    key = "bench/film.mp4"
    path = Path(house.environment["MEDIA_ROOT"]) / key
    path.write_bytes((path.parent / "clip.mp4").read_bytes())
    os.truncate(path, size)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return replace(house.clip, kind=MediaKind.VIDEO, key=key, sha256=digest, size=size, seconds=60.0)


def brought(house: Scratch, account: Account) -> int:
    """The bytes of videos that reached the network, those that came twice counted twice."""
    asked = {"network": account.network, "account": account.uid, "kind": "call", "limit": "1000"}
    calls = requests.get(f"{house.sandbox}/_control/ledger", params=asked, timeout=60).json()
    sizes = [re.match(r"\[(\d+) bytes", str(call["body"])) for call in calls if call["method"] == "PUT"]
    return sum(int(size[1]) for size in sizes if size)


def _until(happened: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not happened() and time.monotonic() < end:
        time.sleep(0.2)


def _row(worker: str, bytes_: int, memory: list[float], base: float, seconds: float) -> dict[str, object]:
    return {
        "worker": worker,
        "MiB brought": bytes_ // MIB,
        "seconds": seconds,
        "MB idle": base,
        "MB at most": max(memory, default=0.0),
        "MB more": max(memory, default=0.0) - base,
    }
