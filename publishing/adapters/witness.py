"""The publisher's witness: how far a database had come, written where a restored backup does not reach.

One small file for each publisher, put in place whole: a reader sees the old one or the new one.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path


def read(folder: Path, name: str) -> int | None:
    """The last mark written for the publisher `name`; None when there is none. Raises OSError, ValueError."""
    try:
        text = _file(folder, name).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return int(json.loads(text)["mark"])


def write(folder: Path, name: str, mark: int) -> None:
    """Put `mark` on disk for `name`. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=folder, prefix=f"{name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"mark": mark}, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, _file(folder, name))
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.json"
