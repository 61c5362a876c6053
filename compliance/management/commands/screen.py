"""Checks an archive of posts: JSON lines or CSV in, one JSON verdict a line out. Needs no database."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from time import monotonic
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from compliance.imports import BadRow, Row, as_json, rows_of, screened

BAR = 30
CHUNK = 200  # rows handed to a process at a time
EVERY = 0.2  # seconds between two drawings of the bar


class Command(BaseCommand):
    help = (
        "Check posts from JSON lines or CSV; print one verdict a line. Bad lines are named on stderr, the rest go on."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", default="-", help="a .jsonl or .csv file; - reads standard input")
        parser.add_argument("--csv", action="store_true", help="the input is CSV with a header")
        parser.add_argument("--output", default="-", help="where the verdicts go; - is standard output")
        parser.add_argument("--jobs", type=int, default=1, help="how many processors to use; the order stays")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own arguments
        bad = 0
        with _opened(options["file"], "r") as source, _opened(options["output"], "w") as target:
            as_csv = options["csv"] or options["file"].endswith(".csv")
            rows = _with_bar(rows_of(source, as_csv=as_csv), total=_size(options["file"]), show=sys.stderr.isatty())
            for number, told, problem in _answers(rows, options["jobs"]):
                if problem:
                    bad += 1
                    self.stderr.write(f"line {number}: {problem}")
                else:
                    target.write(told + "\n")
        if bad:
            raise CommandError(f"{bad} bad line{'s' if bad > 1 else ''}; all others were checked", returncode=3)


def _answers(rows: Iterator[tuple[int, Row | BadRow]], jobs: int) -> Iterator[tuple[int, str, str]]:
    """For each row its number, and the answer or what is wrong with it."""
    if jobs <= 1:
        yield from map(_answer, rows)
        return
    with Pool(jobs) as pool:
        yield from pool.imap(_answer, rows, chunksize=CHUNK)


def _answer(numbered: tuple[int, Row | BadRow]) -> tuple[int, str, str]:
    number, row = numbered
    if isinstance(row, BadRow):
        return number, "", str(row)
    try:
        return number, as_json(screened(number, row)), ""
    except BadRow as error:
        return number, "", str(error)


def _opened(name: str, mode: str) -> IO[str]:
    if name == "-":
        return open(0 if mode == "r" else 1, mode, encoding="utf-8", closefd=False)
    try:
        return Path(name).open(mode, encoding="utf-8", newline="" if mode == "r" else None)
    except OSError as error:
        raise CommandError(f"Cannot open {name}: {error.strerror}") from error


def _size(name: str) -> int:
    """How many lines there are, for the bar; 0 when that cannot be known."""
    if name == "-":
        return 0
    with Path(name).open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))


def _with_bar(
    rows: Iterator[tuple[int, Row | BadRow]], *, total: int, show: bool
) -> Iterator[tuple[int, Row | BadRow]]:
    drawn, began, done = 0.0, monotonic(), 0
    for done, item in enumerate(rows, 1):
        yield item
        if show and monotonic() - drawn > EVERY:
            drawn = monotonic()
            _draw(done, total, drawn - began)
    if show:
        _draw(done, done, monotonic() - began)
        sys.stderr.write("\n")


def _draw(done: int, total: int, seconds: float) -> None:
    filled = BAR * min(done, total) // total if total else 0
    bar = f"[{'#' * filled}{'.' * (BAR - filled)}] " if total else ""
    sys.stderr.write(f"\r{bar}{done} posts, {done / max(seconds, 0.001):.0f}/s ")
    sys.stderr.flush()
