"""The arithmetic of the audit chain: each entry's digest covers what it says and the digest before it."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any, Protocol

START = "0" * 64


class Entry(Protocol):
    """What one line of the trail says."""

    workspace_id: int
    number: int
    at: datetime
    by_id: int | None
    by_name: str
    verb: str
    thing: str
    facts: Any  # JSON
    previous: str


def digest_of(entry: Entry) -> str:
    """SHA-256 (64 hex digits) of what `entry` says, after the digest before it."""
    line = json.dumps(
        [
            entry.previous,
            entry.workspace_id,
            entry.number,
            entry.at.isoformat(),
            entry.by_id,
            entry.by_name,
            entry.verb,
            entry.thing,
            entry.facts,
        ],
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(line.encode()).hexdigest()


def token_digest(token: str) -> str:
    """What is kept of a token that only its holder may know."""
    return hashlib.sha256(token.encode()).hexdigest()
