"""Where a verdict stands: whether its text passes now, what may still be undone, whether an override let it pass."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import DateTimeField, Exists, Func, OuterRef
from django.utils import timezone

from compliance.models import Decision, Verdict
from compliance.protocol import Outcome
from compliance.queries.standing import (
    Word,
    last_choice,
    lets_pass,
    open_request,
    override_in_force,
    pending,
)
from workspaces.models import Member

FIELDS = ("pk", "choice", "by_id", "takes_effect_at", "answers_id", "expires_at")


def passes(verdict: Verdict) -> bool:
    """Whether these bytes may go out now: allowed, or let pass by officers' words in effect. One query.

    The clock is the database's, as in its own `verdict_passes`.
    """
    words, now = words_on(verdict)
    return lets_pass(verdict.outcome, words, now) if words else verdict.outcome == Outcome.ALLOW


def words_on(verdict: Verdict) -> tuple[list[Word], datetime]:
    """Every decision on the verdict, oldest first, and the database's time. One query."""
    right_now = Func(function="clock_timestamp", output_field=DateTimeField())
    rows = Decision.objects.filter(verdict=verdict).order_by("pk").values_list(*FIELDS, right_now)
    found = list(rows)
    now = found[-1][-1] if found else timezone.now()
    return [Word(*row[:-1]) for row in found], now


def standing(verdict: Verdict) -> Standing:
    """Where the verdict stands: passing, undone any moment, or waiting for a second officer. One query."""
    words, now = words_on(verdict)
    request = open_request(words, now)
    holds = override_in_force(words, now)
    return Standing(
        passes=lets_pass(verdict.outcome, words, now),
        pending=pending(words, now),
        request=request.id if request else None,
        override=holds.id if holds else None,
        last=last_choice(words, now),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """`request`: the override that waits for a second officer; `override`: the one that lets the text pass.

    `last`: the last word that holds ("approve", "ask", "reject", "consent"), or "".
    """

    passes: bool
    pending: bool
    request: int | None
    override: int | None
    last: str


def overridden(field: str = "verdict_id") -> Exists:
    """For a queryset of anything with a verdict: whether an override ever let it pass. The mark stays for good."""
    taken_back = Decision.objects.filter(answers=OuterRef("pk"), choice=Decision.Choice.WITHDRAW)
    consent = Decision.objects.filter(verdict=OuterRef(field), choice=Decision.Choice.CONSENT)
    return Exists(consent.filter(~Exists(taken_back)))


def override_on(verdict_id: int) -> Decision | None:
    """The consent by which an override ever let the verdict's text pass, with its request as `answers`. One query."""
    taken_back = Decision.objects.filter(answers=OuterRef("pk"), choice=Decision.Choice.WITHDRAW)
    consents = Decision.objects.filter(verdict=verdict_id, choice=Decision.Choice.CONSENT)
    return consents.filter(~Exists(taken_back)).select_related("answers").order_by("-pk").first()


def undoable(member: Member) -> Decision | None:
    """The last decision that `member` may still take back. One query; the clock is the database's."""
    right_now = Func(function="clock_timestamp", output_field=DateTimeField())
    taken_back = Decision.objects.filter(answers=OuterRef("pk"), choice=Decision.Choice.WITHDRAW)
    mine = Decision.objects.filter(by=member, takes_effect_at__gt=right_now).exclude(choice=Decision.Choice.WITHDRAW)
    return mine.filter(~Exists(taken_back)).select_related("case").order_by("-pk").first()
