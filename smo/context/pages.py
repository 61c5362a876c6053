"""A checked page as its screen shows it: likenesses, what to mend, what changed, and the curve of its scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from smo.models import PageLook
from smo.queries.mends import said
from smo.rules.cards import Card, cards
from smo.rules.pages import tags

WIDE, HIGH = 600, 120


@dataclass(frozen=True, slots=True)
class Mend:
    """One thing to mend, in words. `new`: it was not there the last time."""

    status: str
    title: str
    how: str
    tag: str
    points: int
    new: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What the newest look shows. `gone`: what was to mend the last time and is no more."""

    cards: list[Card]
    mends: list[Mend]
    gone: list[str]
    tags: str


@dataclass(frozen=True, slots=True)
class Curve:
    """Scores as points of a picture WIDE by HIGH, oldest first."""

    line: str
    dots: list[tuple[float, float]]
    wide: int = WIDE
    high: int = HIGH


def seen(look: PageLook, before: PageLook | None) -> Seen | None:
    """A look that is done, beside the one before."""
    facts = look.facts
    if facts is None:
        return None
    found, then = look.findings, before.findings if before else []
    known, now = {each.code for each in then}, {each.code for each in found}
    mends = []
    for each in found:
        title, how = said(each)
        mends.append(Mend(each.status, title, how, each.tag, each.points, bool(before) and each.code not in known))
    gone = [said(each)[0] for each in then if each.code not in now]
    return Seen(cards(facts.page, facts.picture), mends, gone, tags(facts))


def curve(looks: Sequence[PageLook]) -> Curve | None:
    """The scores over time; nothing with fewer than two."""
    scores = [look.score for look in reversed(looks) if look.score is not None]
    if len(scores) < 2:
        return None
    step = (WIDE - 16) / (len(scores) - 1)
    dots = [
        (round(8 + number * step, 1), round(HIGH - 8 - score * (HIGH - 16) / 100, 1))
        for number, score in enumerate(scores)
    ]
    return Curve(" ".join(f"{x},{y}" for x, y in dots), dots)


def tone(score: int | None) -> str:
    """How a score is shown: pass, warning or must_fix; nothing without one."""
    if score is None:
        return "draft"
    return "pass" if score >= 80 else "warning" if score >= 50 else "must_fix"
