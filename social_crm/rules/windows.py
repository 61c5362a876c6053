"""How long a network lets a business answer, and what it asks for meanwhile: read from the network's own data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from networks.protocol import ReplyWindow


@dataclass(frozen=True, slots=True)
class Room:
    """Whether an answer may go now, until when, and under which option. `closed`: why not, for the agent."""

    until: datetime | None = None
    option: str = ""
    closed: str = ""


def room(windows: tuple[ReplyWindow, ...], *, customer_at: datetime | None, now: datetime) -> Room:
    """Which of the network's `windows`, counted from the customer's last word, is open now."""
    if not windows or customer_at is None:
        return Room()
    for window in windows:
        until = customer_at + window.lasts
        if now < until:
            return Room(until=until, option=window.option)
    return Room(closed=windows[-1].then)
