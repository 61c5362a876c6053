"""When an account's posts did best, from its own measured results; plain defaults, called that, until there are any."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from campaigns.models import Slot
from campaigns.rules import wall_time
from campaigns.rules.besttime import ENOUGH, WIDTH, Window, best_windows
from networks.models import Account
from publishing.models import Outcome

BACK = timedelta(days=180)
# Evenly over the day, and nobody's finding: only so that a week is not empty.
DEFAULTS = tuple((weekday, hour) for weekday in range(5) for hour in (9, 12, 18))


@dataclass(frozen=True, slots=True)
class BestTime:
    """What is known: how many posts were measured, and the windows that did clearly better (none: nothing to say)."""

    measured: int
    windows: tuple[Window, ...]
    enough: int = ENOUGH

    @property
    def known(self) -> bool:
        return bool(self.windows)

    @property
    def named(self) -> list[tuple[str, str, Window]]:
        """(weekday, hours, window) in words, the best first."""
        return [
            (str(Slot.Weekday(one.weekday).label), f"{one.hour:02d}:00–{(one.hour + WIDTH) % 24:02d}:00", one)
            for one in self.windows
        ]

    def covers(self, at: datetime) -> bool:
        """Whether the wall time `at` falls into one of the windows."""
        return any(one.weekday == at.weekday() and one.hour == at.hour - at.hour % WIDTH for one in self.windows)


def best_time(accounts: Collection[Account]) -> BestTime:
    """The hours of the week in which posts of `accounts` did best. One query.

    A post's score is what readers did with it, against its own account's average, so that a large account does not
    speak for a small one.
    """
    if not accounts:
        return BestTime(0, ())
    found = Outcome.objects.filter(
        publication__account__in=list(accounts), publication__published_at__gt=timezone.now() - BACK
    ).select_related("publication", "workspace")
    scores: dict[int, list[tuple[Outcome, int]]] = {}
    for one in found:
        if any(number is not None for number in (one.likes, one.comments, one.shares, one.clicks)):
            scores.setdefault(one.publication.account_id, []).append((one, one.reactions))
    results = []
    for each in scores.values():
        average = sum(score for _one, score in each) / len(each) or 1
        for one, score in each:
            at = one.publication.published_at
            if at is not None:
                results.append((wall_time(at, one.publication.zone or one.workspace.zone), score / average))
    return BestTime(len(results), tuple(best_windows(results)))
