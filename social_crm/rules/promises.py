"""What we owe a customer and until when: the first answer, the next one, and the end of the matter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from social_crm.rules.hours import Hours, after, between

# Words of thanks and goodbye; a message of nothing else asks for nothing.
THANKS = frozenset(
    {"thanks", "thank", "you", "thx", "tq", "ty", "cheers", "great", "perfect", "cool", "ok", "okay", "oke", "okee"}
    | {"okey", "sip", "siap", "mantap", "terima", "kasih", "makasih", "trims", "thankyou", "makasi", "matur", "nuwun"}
    | {"suwun", "noted", "baik", "kak", "min", "admin", "gan", "sis", "bro", "ya", "yaa", "iya", "banyak", "banget"}
    | {"sekali", "so", "much", "very", "good", "lot", "a", "nuhun", "appreciate", "it", "that", "awesome", "np"}
)
KERNEL = frozenset(
    {"thanks", "thank", "thx", "tq", "ty", "cheers", "terima", "makasih", "trims", "thankyou", "makasi", "suwun"}
    | {"nuhun", "ok", "okay", "oke", "okee", "okey", "sip", "siap", "mantap", "noted", "perfect", "great", "awesome"}
    | {"nuwun"}
)
WORD = re.compile(r"[^\W\d_]+")
LONGEST_THANKS = 8  # words


@dataclass(frozen=True, slots=True)
class Terms:
    """Open minutes until each of the three is owed; 0: not promised."""

    first: int = 60
    next: int = 60
    resolve: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """One thing said in a thread, by the customer or by us. `told_at` is when we could have read it."""

    ours: bool
    at: datetime
    told_at: datetime
    text: str = ""


@dataclass(frozen=True, slots=True)
class Debt:
    """Since when the customer waits, and what is owed when. `due_for`: first, next, resolution, or nothing."""

    waiting_since: datetime | None = None
    due_at: datetime | None = None
    due_for: str = ""
    resolve_due_at: datetime | None = None
    resolve_left: int | None = None


def is_thanks(text: str) -> bool:
    """Whether a message only says thanks or goodbye (also by an emoji alone), so that nobody need answer it."""
    if "?" in text:
        return False
    words = [word.lower() for word in WORD.findall(text)]
    if not words:
        return bool(text.strip()) and all(_is_decoration(char) for char in text)
    return len(words) <= LONGEST_THANKS and any(w in KERNEL for w in words) and all(w in THANKS for w in words)


def waits_since(words: Iterable[Word], *, resolved_at: datetime | None) -> datetime | None:
    """The customer's oldest word that nobody has answered: the order in which the words arrived does not matter.

    After an answer, a mere "thanks" asks for nothing. What we had not yet been told when it was resolved still waits.
    """
    told = sorted(words, key=lambda word: word.at)
    answered_at = max((word.at for word in told if word.ours), default=None)
    for word in told:
        if word.ours or (answered_at is not None and (word.at <= answered_at or is_thanks(word.text))):
            continue
        if resolved_at is not None and (word.told_at <= resolved_at or is_thanks(word.text)):
            continue
        return word.at
    return None


def debt(
    *,
    waiting_since: datetime | None,
    answered: bool,
    opened_at: datetime,
    resolve_left: int | None,
    terms: Terms,
    hours: Hours,
) -> Debt:
    """What is owed now. While we wait for the customer only the time left until the end is kept, and it stands still.

    `answered`: whether we have answered before in this thread. `resolve_left`: what was left when we last began to
    wait; None: nothing was used yet.
    """
    if waiting_since is None:
        return Debt()
    minutes = terms.next if answered else terms.first
    answer_due = after(waiting_since, minutes, hours) if minutes else None
    resolve_due = None
    if terms.resolve:
        resolve_due = (
            after(opened_at, terms.resolve, hours)
            if resolve_left is None
            else after(waiting_since, resolve_left, hours)
        )
    due_at, due_for = _sooner(answer_due, "next" if answered else "first", resolve_due)
    return Debt(waiting_since, due_at, due_for, resolve_due, resolve_left)


def paused(current: Debt, *, now: datetime, opened_at: datetime, terms: Terms, hours: Hours) -> Debt:
    """We answered, and wait for the customer: nothing is due, and the clock of the resolution stands still."""
    if not terms.resolve:
        return Debt()
    until = current.resolve_due_at
    if until is None:
        if current.resolve_left is not None:
            return Debt(resolve_left=current.resolve_left)
        until = after(opened_at, terms.resolve, hours)
    return Debt(resolve_left=between(now, until, hours))


def fitting(
    offers: Sequence[tuple[Terms, Sequence[str], Sequence[str], int | None]], *, network: str, kind: str, priority: int
) -> Terms:
    """The first of `offers` (terms, networks, kinds, priority) made for such a conversation; else an hour each."""
    for terms, networks, kinds, least in offers:
        fits = (not networks or network in networks) and (not kinds or kind in kinds)
        if fits and (least is None or priority >= least):
            return terms
    return Terms()


def _sooner(answer: datetime | None, what: str, resolve: datetime | None) -> tuple[datetime | None, str]:
    if answer is None:
        return resolve, "resolution" if resolve else ""
    if resolve is not None and resolve < answer:
        return resolve, "resolution"
    return answer, what


def _is_decoration(char: str) -> bool:
    """Spaces, punctuation but a question mark, and pictures."""
    return char.isspace() or char == "\u200d" or unicodedata.category(char) in ("So", "Sk", "Mn", "Po", "Cf")


NEAR = timedelta(hours=2)
"""What counts as due soon."""
