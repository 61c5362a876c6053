"""What happened to a post, told in words that need no explanation."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django import template
from django.utils.translation import gettext as _

from publishing.actions.asking import clock_of
from publishing.models import Attempt, Handover, Publication
from publishing.queries import said

register = template.Library()
register.filter("said", said)
State = Publication.State
Result = Attempt.Result


class Moment(NamedTuple):
    """One line of the history: its look, when it was (UTC), what happened, and the network's own words."""

    status: str
    at: datetime | None
    words: str
    detail: str = ""


@register.simple_tag
def timeline(publication: Publication) -> list[Moment]:
    """The history of `publication`, oldest first, ending with what comes next. One query unless prefetched."""
    moments = [Moment("scheduled", publication.created_at, _("Queued"))]
    told = _by_hand if publication.by_hand else _told
    moments += [told(attempt) for attempt in sorted(publication.attempts.all(), key=lambda each: each.fence)]
    ending = _ending(publication)
    return [*moments, ending] if ending else moments


@register.simple_tag
def whereabouts(publication: Publication, handover: Handover | None = None) -> str:
    """With whom it is, and since when, where a person posts it; "" where the state's own word says all."""
    if not publication.by_hand:
        return ""
    handover = handover or Handover.objects.filter(publication=publication).first()
    if handover is None:
        return ""
    if publication.state == State.HANDED:
        person = handover.asked_name or _("nobody in particular")
        return _("With %(person)s since %(time)s") % {
            "person": person,
            "time": clock_of(publication, handover.asked_at),
        }
    if publication.state == State.PUBLISHING:
        said = {"person": handover.holder_name, "time": clock_of(publication, handover.held_at)}
        return _("Taken by %(person)s at %(time)s") % said
    return ""


@register.filter
def waits_for(publication: Publication) -> str:
    """What a held publication waits for, in words."""
    return str(publication.get_held_for_display()) if publication.held_for else ""


def _told(attempt: Attempt) -> Moment:
    """One send: what we did, what came back."""
    reason = said(attempt.reason)
    match Result(attempt.result):
        case Result.SENDING:
            return Moment("publishing", attempt.started_at, _("Being sent"))
        case Result.UNKNOWN:
            words = _("Sent, without a clear answer. We look before we do anything else.")
            return Moment("reconciling", attempt.started_at, words, _details(attempt))
        case Result.SUCCEEDED if attempt.error_code or attempt.reason:
            return Moment("published", attempt.ended_at, _("Found live. It was not sent again."), _details(attempt))
        case Result.SUCCEEDED:
            return Moment("published", attempt.ended_at, _("Sent, and live"))
        case Result.REFUSED:
            return Moment("refused", attempt.ended_at, _("Refused: %s") % reason, attempt.detail)
        case Result.LATER:
            return Moment("warning", attempt.ended_at, _("Not sent: %s") % reason, attempt.detail)
        case Result.ABSENT:
            words = _("We looked twice: it was not live, so it may be sent again.")
            return Moment("warning", attempt.ended_at, words, _details(attempt))
        case Result.RECONNECT:
            return Moment("reconnect", attempt.ended_at, _("The account must be connected again: %s") % reason)
    raise ValueError(attempt.result)


def _by_hand(attempt: Attempt) -> Moment:
    """One person's try: what became of it."""
    reason = said(attempt.reason)
    match Result(attempt.result):
        case Result.SENDING:
            return Moment("publishing", attempt.started_at, _("Taken by a person, who posts it"))
        case Result.UNKNOWN:
            return Moment("reconciling", attempt.started_at, _("Taken, and nobody said how it went"))
        case Result.SUCCEEDED:
            return Moment("published", attempt.ended_at, _("Posted by hand"))
        case Result.REFUSED | Result.LATER:
            return Moment("warning", attempt.ended_at, _("Not posted: %s") % reason)
    return Moment("warning", attempt.ended_at, reason or _("Not posted"))


def _details(attempt: Attempt) -> str:
    return "\n".join(filter(None, [said(attempt.reason), attempt.detail]))


def _ending(publication: Publication) -> Moment | None:
    """What it waits for now, where the attempts do not say it."""
    reason = said(publication.reason)
    match State(publication.state):
        case State.SCHEDULED if publication.not_before and publication.not_before > publication.due_at:
            return Moment("scheduled", publication.not_before, _("Next try"))
        case State.SCHEDULED:
            return Moment("scheduled", publication.due_at, _("Goes out"))
        case State.HANDED:
            return Moment("handed", None, whereabouts(publication) or _("With a person"))
        case State.RECONCILING:
            return Moment("reconciling", publication.looked_at, _("Looking whether it is live"))
        case State.NEEDS_ATTENTION:
            return Moment("needs_attention", publication.looked_at, reason or _("Please look whether it is live."))
        case State.HELD:
            waiting = _("Waits for %s") % waits_for(publication)
            return Moment("held", None, f"{waiting}: {reason}" if reason else waiting)
        case State.MISSED:
            return Moment("missed", None, _("Too late to send without asking you. %s") % reason)
        case State.CANCELLED:
            return Moment("cancelled", None, _("Called back"))
        case State.DELETED_REMOTE:
            return Moment("deleted_remote", None, _("Deleted on the network"))
    return None
