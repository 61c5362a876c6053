"""Measurements with a promise: any app may bring `management/bench_<name>.py`, and `manage.py bench <name>` runs it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, cast

from django.apps import apps


class Bench(Protocol):
    """What a bench's `run(options)` answers.

    `rows` share their keys, which head the table's columns; `summary` is one line; `misses` names each promised
    figure that was not reached, with what was reached.
    """

    @property
    def rows(self) -> Sequence[Mapping[str, object]]: ...
    @property
    def summary(self) -> str: ...
    @property
    def misses(self) -> Sequence[str]: ...


Run = Callable[[Mapping[str, Any]], Bench]  # Any: the options it asked for, of every kind


def names() -> dict[str, str]:
    """Each bench's name and the module that holds it."""
    found = {}
    for app in apps.get_app_configs():
        for path in sorted((Path(app.path) / "management").glob("bench_*.py")):
            found[path.stem.removeprefix("bench_")] = f"{app.name}.management.{path.stem}"
    return found


def load(name: str) -> ModuleType:
    """The bench's module; raises KeyError for a name nobody brought."""
    return importlib.import_module(names()[name])


def run(module: ModuleType, options: Mapping[str, Any]) -> Bench:  # Any: the options it asked for
    """Measure."""
    return cast(Run, module.run)(options)


def as_table(rows: Sequence[Mapping[str, object]]) -> str:
    """Columns under their heads, numbers to the right."""
    if not rows:
        return "(no rows)"
    heads = list(rows[0])
    cells = [[_shown(row.get(head, "")) for head in heads] for row in rows]
    widths = [max(len(head), *(len(line[i]) for line in cells)) for i, head in enumerate(heads)]
    numeric = [all(isinstance(row.get(head, 0), int | float) for row in rows) for head in heads]

    def line(words: Sequence[str]) -> str:
        aligned = (w.rjust(n) if right else w.ljust(n) for w, n, right in zip(words, widths, numeric, strict=True))
        return "  ".join(aligned).rstrip()

    return "\n".join([line(heads), "  ".join("-" * width for width in widths), *map(line, cells)])


def _shown(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)
