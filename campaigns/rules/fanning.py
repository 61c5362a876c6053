"""What the other channels say about an article once it is live, and on which days."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta

LONGEST = 2_000
NAMES = ("title", "excerpt", "link")
EXCERPT = 180
FIELD = re.compile(r"\{(\w+)\}")


def unknown_fields(template: str) -> list[str]:
    """The names in braces that mean nothing here."""
    return sorted({name for name in FIELD.findall(template) if name not in NAMES})


def filled(template: str, facts: Mapping[str, str]) -> str:
    """The template with its names filled in; a name that means nothing stays as it was typed."""
    return FIELD.sub(lambda found: facts.get(found[1], found[0]), template).strip()


def excerpt(text: str, longest: int = EXCERPT) -> str:
    """The first words of an article: whole sentences where they fit, else whole words."""
    words = " ".join(text.split())
    if len(words) <= longest:
        return words
    cut = words[: longest - 1]
    ended = max(cut.rfind(mark) for mark in (". ", "! ", "? "))
    if ended >= longest // 3:
        return cut[: ended + 1]
    return f"{cut.rpartition(' ')[0] or cut}…"


def days(published: datetime, at: time, *, first: int, gap: int, many: int, now: datetime) -> list[datetime]:
    """The wall time of each status update: `first` days after the article (wall time), then every `gap` days.

    When the first would be past already, all are a day later. `now` is wall time too.
    """
    begins = datetime.combine(published.date() + timedelta(days=first), at)
    while begins <= now + timedelta(minutes=5):
        begins += timedelta(days=1)
    return [begins + timedelta(days=place * gap) for place in range(many)]
