"""Counting what the spools hold: each line once, however often a file is read and whoever dies in between.

A file's place is kept in the database, for each workspace, in the same transaction as the numbers. A file whose
process is gone is removed once everything in it is counted.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.utils import timezone

from smo.actions.counting import add
from smo.actions.spooling import ENDING
from smo.models import SpoolTaken, TrackedLink
from smo.rules.clicks import Click, read_line
from workspaces.live import touch
from workspaces.models import Workspace
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)
PIECE = 8 * 2**20  # bytes of one file that are counted in one go
TAKEN_KEPT = timedelta(days=2)

Placed = list[tuple[int, Click]]  # each with where its line ends in the file


def take(folder: Path) -> int:
    """Count what is new in every spool of `folder`; how many lines. Safe to run twice at once and to be killed."""
    taken = 0
    with _alone(folder) as mine:
        if mine:
            for path in sorted(folder.glob(f"*{ENDING}")):
                taken += _take_file(path)
    return taken


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether nobody else is counting: two would only wait for each other."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "taking.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _take_file(path: Path) -> int:
    note = path.with_suffix(".upto")  # only spares reading: what counts is what the database says
    start = int(note.read_text() or 0) if note.exists() else 0
    taken = 0
    with path.open("rb") as file:
        gone = _is_left(file.fileno())  # asked before reading: nothing is written after the answer is yes
        while end := _whole_lines(file, start):
            piece, start = end
            taken += _count(path.name, piece)
            note.write_text(str(start))
        left = os.fstat(file.fileno()).st_size - start
    if gone:
        if left:
            logger.warning("%s ends in a torn line of %d bytes", path.name, left)
        path.unlink(missing_ok=True)
        note.unlink(missing_ok=True)
    return taken


def _is_left(file: int) -> bool:
    """Whether the process that wrote the file is gone: it held a lock as long as it lived."""
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(file, fcntl.LOCK_UN)
    return True


def _whole_lines(file: BinaryIO, start: int) -> tuple[Placed, int] | None:
    """The clicks of the next piece, and where it ends; None when no whole line is left."""
    file.seek(start)
    piece = file.read(PIECE)
    cut = piece.rfind(b"\n") + 1
    if not cut:
        return None
    placed: Placed = []
    at = start
    for line in piece[:cut].splitlines(keepends=True):
        at += len(line)
        click = read_line(line)
        if click is None:
            logger.error("a line of a spool cannot be read, %d bytes before %d", len(line), at)
        else:
            placed.append((at, click))
    return placed, start + cut


def _count(name: str, placed: Placed) -> int:
    by_workspace: dict[int, Placed] = defaultdict(list)
    for at, click in placed:
        by_workspace[click.workspace].append((at, click))
    there = set(Workspace.objects.filter(pk__in=by_workspace).values_list("pk", flat=True))
    return sum(_count_here(pk, name, mine) for pk, mine in by_workspace.items() if pk in there)


def _count_here(workspace_id: int, name: str, placed: Placed) -> int:
    """One workspace's clicks of a piece, and how far the file is taken, in one transaction."""
    with entered(workspace_id):
        SpoolTaken.objects.get_or_create(name=name)
        mark = SpoolTaken.objects.select_for_update().get(name=name)
        new = [click for at, click in placed if at > mark.upto]
        if not new:
            return 0
        links = set(TrackedLink.objects.filter(pk__in={c.link for c in new}).values_list("pk", flat=True))
        add(workspace_id, [click for click in new if click.link in links])
        mark.upto = placed[-1][0]
        mark.save(update_fields=["upto"])
        touch(workspace_id, "window")
    return len(new)


def forget_taken(folder: Path) -> int:
    """Drop the places of files that are gone. The workspace must be entered."""
    there = [path.name for path in folder.glob(f"*{ENDING}")]
    gone, _ = SpoolTaken.objects.filter(taken_at__lt=timezone.now() - TAKEN_KEPT).exclude(name__in=there).delete()
    return gone
