"""By hand, from the due time to the post's address: asked, taken by one person, done or not, and never by two at once.

scheduled ─(due, cleared)─> handed ─(a person takes it)─> publishing ─(they bring its address)─> published
                              ^  │                            │ │
                              │  └──> missed, held, ...       │ └──(silence)──> reconciling ──> needs_attention
                              └───────(put back)──────────────┘

Nobody sees the words before they take them, and while one has them no other can without being told who: that is as
near to "exactly once" as it gets where the last step is a person's. What they say is believed, checked where the
network shows posts to the public, and sealed with their name.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db import connection, transaction
from django.db.models import DateTimeField, Func
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from publishing.actions import asking
from publishing.actions.move import close_attempt, move, move_quietly
from publishing.actions.obstacles import in_the_way
from publishing.actions.publisher import put_in_question, sending_since
from publishing.actions.queue import cancel, hold_children, screened
from publishing.actions.settle import settle_by_hand, spotted
from publishing.models import Attempt, Handover, Publication
from publishing.protocol import NotPossible
from publishing.rules import ASKED_AGAIN_AFTER, HELD_FOR, PRESSED_AFTER, UNDONE_WITHIN
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member

State = Publication.State
Result = Attempt.Result
Why = Literal["rejected", "content", "time", "other"]
Then = Literal["author", "later", "cancel"]
WHY = {
    "rejected": (gettext_noop("The network did not take it."), gettext_noop("The network did not take it:")),
    "content": (gettext_noop("Something is wrong with its content."), gettext_noop("Something is wrong with it:")),
    "time": (gettext_noop("It was not the time for it."), gettext_noop("It was not the time for it:")),
    "other": (gettext_noop("It was not posted."), gettext_noop("It was not posted:")),
}


def handover_of(publication: Publication) -> Handover:
    """Its record, made when first needed."""
    found, _made = Handover.objects.get_or_create(publication=publication)
    return found


def hand_over(publication: Publication, now: datetime) -> None:
    """Due, and let pass by customs just now: ask whoever is in charge. For the claim, inside its transaction."""
    cleared = {"verdict_id": publication.verdict_id, "not_before": None, "hinted_at": None, "reason": ""}
    move_quietly(publication, State.HANDED, **cleared)
    handover = handover_of(publication)
    handover.round += 1
    handover.level = 0
    _let_go(handover)
    person = asking.whom(publication, now)
    handover.asked, handover.asked_name = person, str(person.user)[:160] if person else ""
    handover.asked_at, handover.next_at = now, now + PRESSED_AFTER[0]
    handover.save()
    asking.tell(publication, handover, [person] if person else asking.also(publication, None), asking.ASKED)
    note(publication, None, "asked to post by hand", asked=handover.asked_name, round=handover.round)


@transaction.atomic
def take(publication: Publication, *, by: Member) -> Publication:
    """`by` posts it now: from here on the words are theirs to see, and nobody else's.

    The publication that comes back is in state "publishing" when it is theirs; else it says why it is not: customs
    held it, or the database was restored and it must be looked for first. Raises NotPossible when somebody has it,
    or when nothing may leave just now.
    """
    _to_disk()
    fresh, now = locked(publication)
    if fresh.state != State.HANDED:
        raise NotPossible(_("Somebody has it already.") if fresh.state == State.PUBLISHING else _("It is not due."))
    stands = in_the_way(fresh)
    if stands:
        raise NotPossible(str(stands))
    if put_in_question(fresh, sending_since()):
        return fresh
    verdict, stopped = screened(fresh, fresh.sealed, on=fresh.workspace.day(now))
    if stopped is not None:
        held = {"held_for": Publication.Hold.CUSTOMS, "reason": stopped.reason[:500], "verdict_id": stopped.verdict_id}
        return move(fresh, State.HELD, **held)
    assert verdict is not None
    fence = fresh.fence + 1
    begun = {"questioned_at": None, "absent_at": None, "absences": 0, "looks": 0, "hint": "", "reason": ""}
    tried = fresh.attempts_made + 1
    move_quietly(
        fresh, State.PUBLISHING, fence=fence, lease_until=now + HELD_FOR, verdict=verdict, attempts_made=tried, **begun
    )
    Attempt.objects.create(
        publication=fresh, fence=fence, fingerprint=fresh.fingerprint, verdict=verdict, started_at=now
    )
    _give(handover_of(fresh), by, now)
    note(fresh, by, "took it to post by hand")
    return fresh


@transaction.atomic
def take_over(publication: Publication, *, by: Member) -> Publication:
    """`by` posts it in the place of whoever took it, who is told. Raises NotPossible when nobody has it."""
    fresh, now = _taken(publication)
    handover = handover_of(fresh)
    if handover.said_at is not None:
        raise NotPossible(_("%(person)s says that it is posted.") % {"person": handover.said_by_name})
    before, name = handover.holder, handover.holder_name
    if before == by:
        return fresh
    stands = in_the_way(fresh)
    if stands:
        raise NotPossible(str(stands))
    _give(handover, by, now)
    move_quietly(fresh, State.PUBLISHING, lease_until=now + HELD_FOR)
    if before is not None:
        asking.tell(fresh, handover, [before], asking.TAKEN, person=str(by.user))
    note(fresh, by, "took it over to post by hand", before=name)
    return fresh


@transaction.atomic
def put_back(publication: Publication, *, by: Member) -> Publication:
    """It was not posted, and somebody else is to do it. Raises NotPossible when nobody has it."""
    fresh, now = _taken(publication)
    handover = handover_of(fresh)
    if handover.said_at is not None:
        raise NotPossible(_("%(person)s says that it is posted.") % {"person": handover.said_by_name})
    close_attempt(fresh, Result.ABSENT, reason=gettext_noop("Put back: it was not posted."))
    move_quietly(fresh, State.HANDED, lease_until=None)
    _let_go(handover)
    handover.asked_at, handover.next_at = now, now + PRESSED_AFTER[0]
    handover.save()
    note(fresh, by, "put it back unposted")
    return fresh


@transaction.atomic
def say_done(publication: Publication, *, url: str, by: Member) -> Publication:
    """`by` posted it, and it stands at `url`. On record after ten seconds, in which `undo` takes it back.

    Raises NotPossible when nobody took it, or the address is none of this account's network or another post's.
    """
    fresh, _now = locked(publication)
    if fresh.state == State.NEEDS_ATTENTION:  # they come late, and nobody has settled it yet
        return settle_by_hand(fresh, "live", by=by, url=url)
    fresh, now = _taken(publication)
    handover = handover_of(fresh)
    if handover.said_at is not None:
        raise NotPossible(_("%(person)s says that it is posted.") % {"person": handover.said_by_name})
    receipt = spotted(fresh, url)
    handover.said_id, handover.said_url, handover.said_at = receipt.remote_id, receipt.url, now
    handover.said_by, handover.said_by_name = by, str(by.user)[:160]
    handover.next_at, handover.seen = now + UNDONE_WITHIN, Handover.Seen.UNASKED
    handover.save()
    move_quietly(fresh, State.PUBLISHING, lease_until=now + HELD_FOR)
    note(fresh, by, "said it is posted", url=receipt.url)
    return fresh


@transaction.atomic
def undo(publication: Publication, *, by: Member) -> Publication:
    """Take "posted" back. Raises NotPossible when it is on record already, or nobody said it."""
    fresh, now = locked(publication)
    handover = handover_of(fresh)
    if fresh.state != State.PUBLISHING or handover.said_at is None:
        raise NotPossible(_("It is on record already, or was taken back."))
    handover.said_id = handover.said_url = handover.said_by_name = handover.picture = handover.picture_sha256 = ""
    handover.said_at = handover.said_by = None
    handover.next_at = now + ASKED_AGAIN_AFTER
    handover.save()
    note(fresh, by, "took back that it is posted")
    return fresh


@transaction.atomic
def say_not(
    publication: Publication, *, why: Why, then: Then, by: Member, words: str = "", at: datetime | None = None
) -> Publication:
    """It was not posted, and why. `then`: its author decides, it is asked again `at` (UTC), or it is dropped.

    Also before anybody took it. Raises NotPossible when it is not (or no longer) with a person, ValueError for "later"
    without a time.
    """
    if then == "later" and at is None:
        raise ValueError("later needs a time")
    fresh, _now = locked(publication)
    alone, before = WHY[why]
    reason = f"{before} {words.strip()}"[:500] if words.strip() else alone
    handover = handover_of(fresh)
    if fresh.state == State.PUBLISHING and handover.said_at is None:
        close_attempt(fresh, Result.REFUSED if why == "rejected" else Result.LATER, reason=reason)
    elif fresh.state != State.HANDED:
        raise NotPossible(_("It is not with a person any more."))
    _let_go(handover)
    handover.next_at = None
    handover.save()
    freed = {"lease_until": None, "hinted_at": None, "reason": reason}
    if then == "later":
        move_quietly(fresh, State.SCHEDULED, due_at=at, local_at=None, not_before=None, **freed)
    elif then == "cancel":
        if fresh.state == State.PUBLISHING:
            move_quietly(fresh, State.HANDED, **freed)
        cancel(fresh, by=by)
    else:
        move(fresh, State.REFUSED, **freed)
        hold_children(fresh)
    note(fresh, by, "did not post it", why=why, words=words, then=then)
    return fresh


@transaction.atomic
def keep_picture(publication: Publication, *, key: str, sha256: str, by: Member) -> Publication:
    """A picture of the post where it stands, as evidence: sealed with the rest. Raises NotPossible when it is late."""
    fresh, _now = _taken(publication)
    handover = handover_of(fresh)
    handover.picture, handover.picture_sha256 = key, sha256
    handover.save()
    note(fresh, by, "kept a picture of it", sha256=sha256)
    return fresh


def locked(publication: Publication) -> tuple[Publication, datetime]:
    """The row as it is now, nobody else's for this transaction, and PostgreSQL's time."""
    fresh = (
        Publication.objects.select_related("account__workspace", "workspace", "endorser", "verdict", "parent")
        .annotate(right_now=Func(function="clock_timestamp", output_field=DateTimeField()))
        .select_for_update(of=("self",))
        .get(pk=publication.pk)
    )
    if not fresh.by_hand:
        raise NotPossible(_("This is not posted by hand."))
    return fresh, fresh.right_now  # type: ignore[attr-defined]  # annotated above


def note(publication: Publication, by: Member | None, verb: str, **facts: object) -> None:
    touch(publication.workspace_id, "publishing")
    record(publication.workspace_id, by=by, verb=verb, thing=f"publication:{publication.pk}", **facts)


def _taken(publication: Publication) -> tuple[Publication, datetime]:
    fresh, now = locked(publication)
    if fresh.state != State.PUBLISHING:
        raise NotPossible(_("Nobody has it just now. Look again."))
    return fresh, now


def _give(handover: Handover, by: Member, now: datetime) -> None:
    handover.holder, handover.holder_name, handover.held_at = by, str(by.user)[:160], now
    handover.next_at = now + ASKED_AGAIN_AFTER
    handover.save()


def _let_go(handover: Handover) -> None:
    handover.holder = handover.held_at = handover.said_by = handover.said_at = None
    handover.holder_name = handover.said_by_name = handover.said_url = handover.said_id = ""
    handover.seen, handover.picture, handover.picture_sha256 = Handover.Seen.UNASKED, "", ""


def _to_disk() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")
