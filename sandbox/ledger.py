"""The book of what really happened: every request as it came, what it stored, what went back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sandbox.journal import Journal
from sandbox.nouns import Json

BODY_KEPT = 16_384
ANSWER_KEPT = 4_096
TEXTUAL = ("json", "form-urlencoded", "text", "xml")


@dataclass(slots=True, frozen=True)
class Line:
    """What the ledger keeps in memory of one entry; the rest is read from the journal on demand."""

    number: int
    place: int
    kind: str  # call | hook
    network: str
    account: str
    does: str
    status: int
    stored: tuple[str, ...]


def shown(body: bytes, content_type: str, limit: int) -> str:
    """A body as the ledger keeps it: text up to the limit, anything else as its size and digest."""
    if not body:
        return ""
    if any(mark in content_type for mark in TEXTUAL) and len(body) <= limit:
        return body.decode("utf-8", "backslashreplace")
    digest = hashlib.sha256(body).hexdigest()[:16]
    start = body[:200].decode("utf-8", "backslashreplace") if "multipart" not in content_type else ""
    return f"[{len(body)} bytes, sha256 {digest}] {start}"


class Ledger:
    """Entries in the order they came. Nothing is hidden, tokens included: nothing here is real."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.lines: list[Line] = []

    def note(self, entry: Json) -> int:
        """Write one entry (kind "call" or "hook"); returns its number."""
        number = len(self.lines) + 1
        place = self.journal.append({"k": "ledger", "v": entry})
        self._index(place, entry)
        return number

    def replayed(self, place: int, record: Json) -> None:
        self._index(place, record["v"])

    def _index(self, place: int, entry: Json) -> None:
        self.lines.append(
            Line(
                len(self.lines) + 1,
                place,
                entry["kind"],
                entry["network"],
                entry["account"],
                entry["does"],
                entry["status"],
                tuple(entry["stored"]),
            )
        )

    def find(
        self,
        *,
        network: str = "",
        account: str = "",
        does: str = "",
        kind: str = "",
        stored: str = "",
        after: int = 0,
        limit: int = 100,
    ) -> list[Json]:
        """The newest matching entries, newest first, each with its `number`."""
        found: list[Json] = []
        for line in reversed(self.lines):
            if line.number <= after or len(found) >= limit:
                break
            if (
                (not network or line.network == network)
                and (not account or line.account == account)
                and (not does or line.does == does)
                and (not kind or line.kind == kind)
                and (not stored or stored in line.stored)
            ):
                found.append(self.entry(line))
        return found

    def entry(self, line: Line) -> Json:
        value: Json = self.journal.read(line.place)["v"]
        return {"number": line.number, **value}

    def clear(self) -> None:
        self.lines.clear()
