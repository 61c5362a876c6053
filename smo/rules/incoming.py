"""What of a watched feed counts: the filters, what is the same article, and when to look again. Pure decisions."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from networks.fetch import Entry, canonical

SHORTEST, LONGEST = timedelta(minutes=15), timedelta(hours=12)
FIRST, AT_LEAST = timedelta(minutes=30), timedelta(days=1)
WITH_HUB = timedelta(hours=6)  # where a hub tells us, looking is only a safety net
LONGEST_PAUSE = timedelta(days=1)
DAYS = timedelta(days=2)  # of failing, before a person is told
WORDS = 80  # characters, below which two texts may be alike by chance


@dataclass(frozen=True, slots=True)
class Filters:
    """What passes; an empty tuple lets everything pass."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def stops(self, entry: Entry) -> str:
        """The name of the filter that stops `entry`, or nothing."""
        words = _plain(f"{entry.title}\n{entry.summary}\n{entry.text}\n{' '.join(entry.tags)}")
        if self.include and not any(_has(words, word) for word in self.include):
            return "include"
        if any(_has(words, word) for word in self.exclude):
            return "exclude"
        if self.authors and not _one_of(self.authors, [entry.author]):
            return "authors"
        if self.categories and not _one_of(self.categories, entry.tags):
            return "categories"
        spoken = entry.language.lower()
        if self.languages and spoken and not any(_speaks(spoken, wanted.lower()) for wanted in self.languages):
            return "languages"
        return ""


def _speaks(spoken: str, wanted: str) -> bool:
    return spoken == wanted or spoken.startswith((f"{wanted}-", f"{wanted}_"))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _has(words: str, wanted: str) -> bool:
    """Whole words, so that "art" does not find "party"."""
    return re.search(rf"(?<!\w){re.escape(_plain(wanted))}(?!\w)", words) is not None


def _one_of(wanted: Iterable[str], told: Iterable[str]) -> bool:
    there = [_plain(each) for each in told]
    return any(_plain(each) in one for each in wanted for one in there)


def guid_of(entry: Entry) -> str:
    """What names it within its feed."""
    return (entry.guid or key_of(entry))[:500]


def key_of(entry: Entry) -> str:
    """What names its address however it was shared: what only tracks readers is gone."""
    key = canonical(entry.url)
    return key if len(key) <= 500 else "sha256:" + hashlib.sha256(key.encode()).hexdigest()


def print_of(entry: Entry) -> str:
    """A fingerprint of its words (64 hex digits), the same wherever they appear; "" where they are too few to tell."""
    words = re.sub(r"\W+", " ", _plain(f"{entry.title} {entry.text or entry.summary}")).strip()
    return hashlib.sha256(words[:2000].encode()).hexdigest() if len(words) >= WORDS else ""


def next_look(published: Sequence[datetime], *, hub: bool, asked_minutes: int, now: datetime) -> timedelta:
    """How long to stay away: by how often something new comes, not more often than the feed asks for."""
    newest = sorted((at for at in published if at <= now), reverse=True)[:10]
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(newest)]
    usual = timedelta(seconds=median(gaps) / 4) if gaps else FIRST
    if newest and now - newest[0] > timedelta(days=30):
        usual = LONGEST
    pause = min(max(usual, SHORTEST), LONGEST)
    if hub:
        pause = max(pause, WITH_HUB)
    return max(pause, min(timedelta(minutes=asked_minutes), AT_LEAST))


def after_failure(failures: int, *, minutes: int, asked: timedelta | None) -> timedelta:
    """How long to stay away after so many failures in a row; `asked`: what the site wants."""
    pause: timedelta = min(timedelta(minutes=minutes) * 2 ** min(failures, 8), LONGEST_PAUSE)
    return max(pause, min(asked or timedelta(), timedelta(days=7)))
