"""Whether a text may pass, from what the check said and what officers said since: a pure decision."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from compliance.protocol import Outcome

APPROVE, ASK, REJECT, OVERRIDE, CONSENT, DECLINE, WITHDRAW = (
    "approve",
    "ask",
    "reject",
    "override",
    "consent",
    "decline",
    "withdraw",
)
STOPS = frozenset({ASK, REJECT})
LETS = frozenset({APPROVE, CONSENT})
ENDS_A_REQUEST = frozenset({ASK, REJECT, CONSENT, DECLINE, OVERRIDE})


@dataclass(frozen=True, slots=True)
class Word:
    """One decision, in the order they were taken; `answers` is the id of the one it answers."""

    id: int
    choice: str
    by: int | None
    takes_effect_at: datetime
    answers: int | None = None
    expires_at: datetime | None = None


def lets_pass(outcome: str, words: Sequence[Word], now: datetime) -> bool:
    """Whether a text with this `outcome` may leave at `now`. `words`: every decision on it, oldest first.

    A stop holds at once, a permission only when it is in effect, and what was taken back was never said. The database
    decides the same by itself (verdict_passes).
    """
    word = _last_said(words, now)
    if word is None:
        return outcome == Outcome.ALLOW
    if word.choice == APPROVE:
        return outcome in {Outcome.ALLOW, Outcome.REVIEW}
    return word.choice == CONSENT and _override_holds(word, _standing(words), now)


def open_request(words: Sequence[Word], now: datetime) -> Word | None:
    """The override that waits for a second officer's word."""
    standing = _standing(words)
    ends = [word for word in standing if word.choice in ENDS_A_REQUEST]
    last = ends[-1] if ends else None
    if last is None or last.choice != OVERRIDE or last.expires_at is None or last.expires_at <= now:
        return None
    return last


def override_in_force(words: Sequence[Word], now: datetime) -> Word | None:
    """The override that lets the text pass at `now`, when it is one that does."""
    last = _last_said(words, now)
    if last is None or last.choice != CONSENT or not _override_holds(last, _standing(words), now):
        return None
    return next(word for word in words if word.id == last.answers)


def last_choice(words: Sequence[Word], now: datetime) -> str:
    """The last word that holds at `now`: a stop at once, a permission when it is in effect; "" without one."""
    last = _last_said(words, now)
    return last.choice if last else ""


def pending(words: Sequence[Word], now: datetime) -> bool:
    """Whether the last word may still be taken back."""
    standing = _standing(words)
    return bool(standing) and standing[-1].takes_effect_at > now


def _last_said(words: Sequence[Word], now: datetime) -> Word | None:
    said = [
        word
        for word in _standing(words)
        if word.choice in STOPS or (word.choice in LETS and word.takes_effect_at <= now)
    ]
    return said[-1] if said else None


def _standing(words: Sequence[Word]) -> list[Word]:
    gone: Collection[int | None] = {word.answers for word in words if word.choice == WITHDRAW}
    return [word for word in words if word.choice != WITHDRAW and word.id not in gone]


def _override_holds(consent: Word, standing: Sequence[Word], now: datetime) -> bool:
    return any(
        word.id == consent.answers
        and word.choice == OVERRIDE
        and word.by != consent.by
        and word.expires_at is not None
        and word.expires_at > now
        for word in standing
    )
