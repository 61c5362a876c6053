"""Where the ends of chains are written down outside the database: a file to which lines are only ever added."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from pathlib import Path


def append(path: Path, lines: Iterable[str]) -> None:
    """Add `lines`, on disk when this returns. Safe for several processes at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> Iterator[str]:
    """The lines, oldest first; nothing where there is no file."""
    if path.exists():
        with path.open(encoding="utf-8") as file:
            yield from (line.rstrip("\n") for line in file)
