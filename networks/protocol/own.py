"""A network that a workspace describes itself, as plain facts: what fits, where to post, and how its addresses look."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlsplit

from networks.protocol.limits import Limits

HANDLE = "{handle}"
ANY = "*"


@dataclass(frozen=True, slots=True)
class OwnFacts:
    """`place` and `pattern` are web addresses in which `{handle}` stands for the account's name; in `pattern` a `*`
    stands once for up to five parts of a path. `icon` is a small PNG in base64; without one the badge is `initials` on
    `colour`.
    """

    slug: str
    name: str
    limits: Limits
    place: str
    pattern: str
    note: str = ""
    initials: str = ""
    colour: str = ""
    icon: str = ""
    retired: bool = False

    def door(self, handle: str) -> str:
        """Where a person posts as `handle`."""
        return self.place.replace(HANDLE, quote(handle))

    def match(self, url: str) -> tuple[str, str] | None:
        """(the post's name, the handle or "") when `url` is the address of a post there."""
        parts = urlsplit(url.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        found = _shape(self.pattern).fullmatch(f"{parts.hostname.lower().removeprefix('www.')}{parts.path.rstrip('/')}")
        if found is None:
            return None
        return found.string[:200], found.groupdict().get("handle") or ""


@lru_cache(512)
def _shape(pattern: str) -> re.Pattern[str]:
    """Bounded pieces only, so that no address however odd makes matching slow."""
    parts = urlsplit(pattern)
    whole = f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}"
    pieces = re.split(r"(\{handle\}|\*)", whole)
    named = {HANDLE: r"(?P<handle>[^/]{1,200})", ANY: r"[^/]{1,200}(?:/[^/]{1,200}){0,4}"}
    seen: set[str] = set()
    shape = ""
    for piece in pieces:
        shape += r"[^/]{1,200}" if piece == HANDLE and piece in seen else named.get(piece, re.escape(piece))
        seen.add(piece)
    return re.compile(shape)
