"""Which hours of the week have worked: from an account's own results alone, and only when they say something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import mean

ENOUGH = 12  # measured posts before anything is said
EACH = 3  # measured posts in a window before it is named
WIDTH = 2  # hours
BETTER = 1.2  # times the account's average before it is called better


@dataclass(frozen=True, slots=True)
class Window:
    """Two hours of a weekday (0 is Monday), how many posts were measured in it, and how much better they did."""

    weekday: int
    hour: int
    posts: int
    times: float


def best_windows(results: Iterable[tuple[datetime, float]], most: int = 3) -> list[Window]:
    """The windows that did clearly better, the best first; `results` are (wall time, score) of measured posts."""
    found = list(results)
    average = mean(score for _at, score in found) if found else 0
    if len(found) < ENOUGH or not average:
        return []
    windows: dict[tuple[int, int], list[float]] = defaultdict(list)
    for at, score in found:
        windows[at.weekday(), at.hour - at.hour % WIDTH].append(score)
    good = [
        Window(weekday, hour, len(scores), round(mean(scores) / average, 1))
        for (weekday, hour), scores in windows.items()
        if len(scores) >= EACH and mean(scores) / average >= BETTER
    ]
    return sorted(good, key=lambda one: -one.times)[:most]
