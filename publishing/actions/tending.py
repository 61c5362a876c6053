"""What the clock does for posts that go by hand: warn, remind, escalate, and put on record what a person said."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, Func
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from compliance.actions import seal
from networks.models import Account
from networks.protocol import Receipt
from publishing.actions import asking
from publishing.actions.handing import handover_of, note
from publishing.actions.late import gone_late
from publishing.actions.move import close_attempt, move
from publishing.actions.obstacles import Obstacle, why_hidden
from publishing.actions.queue import release_children, screened
from publishing.actions.sealing import sealing_of
from publishing.models import Attempt, Handover, Publication
from publishing.queries import Ref
from publishing.rules import UNDONE_WITHIN, WARNED_BEFORE, next_press, pressed
from workspaces.tenancy import entered

State = Publication.State
UNDER_WAY = {State.SCHEDULED, State.HANDED, State.PUBLISHING}
A_WHILE = timedelta(minutes=1)
TOO_SOON = timedelta(minutes=2)  # a warning so shortly before says nothing that the asking does not


def tend(ref: Ref) -> None:
    """Whatever is due for one post that goes by hand. Enters by itself; safe to call at any time."""
    with entered(ref.workspace_id):
        publication = (
            Publication.objects.select_related("account__workspace", "workspace", "endorser", "verdict", "parent")
            .annotate(right_now=Func(function="clock_timestamp", output_field=DateTimeField()))
            .select_for_update(of=("self",), skip_locked=True)
            .filter(pk=ref.id, by_hand=True)
            .first()
        )
        if publication is None:
            return
        now: datetime = publication.right_now  # type: ignore[attr-defined]  # annotated above
        handover = handover_of(publication)
        match publication.state:
            case State.SCHEDULED:
                _warn(publication, handover, now)
            case State.HANDED:
                _press(publication, handover, now)
            case State.PUBLISHING:
                _hear(publication, handover, now)
        if publication.state not in UNDER_WAY:
            handover.next_at = None
        handover.save()


def _warn(publication: Publication, handover: Handover, now: datetime) -> None:
    left = publication.due_at - now
    handover.next_at = max(publication.due_at, now) + A_WHILE
    if handover.warned_for == publication.due_at or not TOO_SOON < left <= WARNED_BEFORE:
        return
    handover.warned_for = publication.due_at
    person = asking.whom(publication, publication.due_at)
    minutes = round(left.total_seconds() / 60)
    members = [person] if person else asking.also(publication, None)
    asking.tell(publication, handover, members, asking.SOON, minutes=minutes)


def _press(publication: Publication, handover: Handover, now: datetime) -> None:
    """It waits, and nobody has taken it: what stops it, or somebody more to tell."""
    stands = why_hidden(publication)
    if stands is Obstacle.CUSTOMS:
        _stop(publication)
        return
    if publication.account.health != Account.Health.CONNECTED:
        reason = gettext_noop("This channel is not in use any more.")
        move(publication, State.HELD, held_for=Publication.Hold.ACCOUNT, reason=reason)
        return
    handover.next_at = now + A_WHILE
    if stands is not None or gone_late(publication, now):
        return
    waited = now - (handover.asked_at or now)
    level, then = pressed(waited), next_press(waited)
    late = publication.due_at + timedelta(minutes=publication.workspace.max_lateness_minutes) + A_WHILE
    handover.next_at = max(now + A_WHILE, min(late, now + then)) if then else max(now + A_WHILE, late)
    if level > handover.level:
        handover.level = level
        _tell_more(publication, handover, level)


def _tell_more(publication: Publication, handover: Handover, level: int) -> None:
    first = handover.asked
    told = [first] if first else []
    told += asking.also(publication, first) + (asking.managers() if level > 1 else [])
    person = handover.asked_name or gettext_noop("nobody in particular")
    since = asking.clock_of(publication, handover.asked_at)
    asking.tell(publication, handover, told, asking.LATE, person=person, since=since)
    note(publication, None, "asked again to post by hand", level=level, asked=handover.asked_name)


def _stop(publication: Publication) -> None:
    """Customs no longer let it pass: it is held, as it would be for any network."""
    _verdict, stopped = screened(publication, publication.sealed)
    if stopped is not None:
        why = {"reason": stopped.reason[:500], "verdict_id": stopped.verdict_id}
        move(publication, State.HELD, held_for=Publication.Hold.CUSTOMS, **why)


def _hear(publication: Publication, handover: Handover, now: datetime) -> None:
    """Somebody has it: what they said goes on record once it cannot be taken back; who says nothing is asked once."""
    if handover.said_at is not None:
        handover.next_at = handover.said_at + UNDONE_WITHIN
        if now >= handover.next_at:
            _on_record(publication, handover)
        return
    handover.next_at = publication.lease_until
    if handover.holder is not None:
        since = asking.clock_of(publication, handover.held_at)
        asking.tell(publication, handover, [handover.holder], asking.DONE, since=since)


def _on_record(publication: Publication, handover: Handover) -> None:
    """It is live, by a person's word: the receipt is kept and sealed with their name."""
    receipt = Receipt(handover.said_id, handover.said_url)
    try:
        with transaction.atomic():
            close_attempt(publication, Attempt.Result.SUCCEEDED)
            kept = {"remote_id": receipt.remote_id, "url": receipt.url, "published_at": handover.said_at or Now()}
            freed = {"lease_until": None, "not_before": None, "reason": "", "detail": ""}
            move(publication, State.PUBLISHED, **kept, **freed)
            release_children(publication)
            seal(sealing_of(publication, receipt, told_by=handover.said_by_name, by_hand=_facts(handover)))
    except IntegrityError:  # another publication has this address: only a person can tell which is right
        publication.refresh_from_db(fields=["state", "fence"])
        handover.said_at = handover.said_by = None
        handover.said_url = handover.said_id = handover.said_by_name = ""
        return
    handover.next_at = None
    note(publication, handover.said_by, "posted by hand", url=receipt.url, seen=handover.seen)


def _facts(handover: Handover) -> dict[str, str]:
    return {
        "asked": handover.asked_name,
        "asked_at": handover.asked_at.isoformat() if handover.asked_at else "",
        "posted_by": handover.holder_name,
        "taken_at": handover.held_at.isoformat() if handover.held_at else "",
        "said_by": handover.said_by_name,
        "said_at": handover.said_at.isoformat() if handover.said_at else "",
        "seen": handover.seen,
        "picture_sha256": handover.picture_sha256,
    }
