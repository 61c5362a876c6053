"""The script that a site carries: small enough to read, and the same bytes for everybody."""

from __future__ import annotations

import hashlib
import re
from functools import cache

from smo.rules.callers import DATA

MOST_BYTES = 2048


@cache
def script() -> bytes:
    """The script without its comments and indentation."""
    text = (DATA / "visit.js").read_text(encoding="utf-8")
    lines = (re.sub(r"^//.*$", "", line.strip()) for line in text.splitlines())
    return "\n".join(line for line in lines if line).encode()


@cache
def etag() -> str:
    return f'"{hashlib.sha256(script()).hexdigest()[:16]}"'
