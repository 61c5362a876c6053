"""Where a network cuts a text with "more", for networks that no adapter speaks for yet: the smallest figure known."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from networks.protocol import Counting, Fact, Limits


@cache
def networks_without_adapter() -> tuple[str, ...]:
    """The networks whose fold is known here."""
    return tuple(_table()["folds"])


@cache
def limits_without_adapter(network: str) -> Limits:
    """A cautious table for `network`: only its length and its fold; an unknown name gets the narrowest."""
    table = _table()
    row = table["folds"].get(network, table["unknown"])
    fact = Fact(source=table["source"], read_on=table["read_on"], sure=table["sure"])
    return Limits(
        text=row["text"],
        counting=Counting.CHARACTERS,
        fold_characters=row["characters"],
        fold_lines=row["lines"],
        title=row.get("title", 0),
        facts={"fold_characters": fact, "fold_lines": fact},
    )


@cache
def _table() -> dict[str, Any]:  # Any: a JSON object
    found: dict[str, Any] = json.loads(Path(__file__).with_name("folds.json").read_text(encoding="utf-8"))
    return found
