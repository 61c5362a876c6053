"""Taking one due publication in hand: obstacles are looked for first, and the claim is on disk before a byte leaves."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.db.models import DateTimeField, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from networks.models import Account
from networks.protocol import Content, Target
from publishing import rates
from publishing.actions.lease import Lease
from publishing.actions.move import move
from publishing.actions.queue import hold_children, screened
from publishing.models import Attempt, Publication
from publishing.queries import Ref, terms
from publishing.rules import too_late
from workspaces.crash import crash_point
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)
State = Publication.State
Hold = Publication.Hold
WILL_NOT_COME = {State.REFUSED, State.CANCELLED, State.MISSED, State.DELETED_REMOTE, State.NEEDS_ATTENTION}
CUSTOMS_AWAY_MOST = timedelta(minutes=5)
CUSTOMS_AWAY_WAIT = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Claimed:
    """One publication in our hands while `lease` lasts; `key` is the same for every send of it."""

    publication: Publication
    content: Content
    target: Target | None
    lease: Lease

    @property
    def account(self) -> Account:
        return self.publication.account

    @property
    def key(self) -> str:
        return f"gardu-{self.publication.pk}-{self.publication.fingerprint[:16]}"


def claim(ref: Ref) -> Claimed | None:
    """The publication, ours to send; None when it is not due, not free, or may not leave now.

    Whatever stands in its way is written on it: held, missed, or another time to try. One transaction, committed to
    disk when this returns.
    """
    began = time.monotonic()  # before the lease starts, so that our own end of it is the earlier one
    with entered(ref.workspace_id):
        _to_disk()
        publication = _free(ref)
        if publication is None:
            return None
        now: datetime = publication.right_now  # type: ignore[attr-defined]  # annotated by _free
        if _kept_back(publication, now):
            return None
        if not _cleared(publication, now) or not _in_turn(publication):
            return None
        content = publication.sealed
        allowed = terms()
        _take(publication, allowed.lease, now)
        lease = Lease(
            publication.pk, publication.fence, until=began + allowed.lease, most=began + allowed.longest_for(content)
        )
        crash_point("claim.before_commit", publication.pk)
        return Claimed(publication, content, publication.target, lease)


def _to_disk() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")


def _free(ref: Ref) -> Publication | None:
    """Locked, when it is due by PostgreSQL's clock and nobody else has it in hand."""
    due = Q(due_at__lte=Now()) & (Q(not_before__isnull=True) | Q(not_before__lte=Now()))
    return (
        Publication.objects.select_related("account__workspace", "workspace", "endorser", "parent")
        .annotate(right_now=Func(function="clock_timestamp", output_field=DateTimeField()))
        .select_for_update(of=("self",), skip_locked=True)
        .filter(due, pk=ref.id, state=State.SCHEDULED)
        .first()
    )


def _kept_back(publication: Publication, now: datetime) -> bool:
    """Whether the brake, its parent, its account or the time keeps it from leaving."""
    account, parent = publication.account, publication.parent
    if publication.workspace.publishing_paused or account.paused:
        return True
    if parent is not None and parent.state != State.PUBLISHED:
        if parent.state in WILL_NOT_COME:
            move(
                publication,
                State.HELD,
                held_for=Hold.PARENT,
                reason=gettext_noop("The post it continues did not go out."),
            )
        return True
    if account.health != Account.Health.CONNECTED:
        reason = account.health_reason or gettext_noop("The account must be connected again.")
        move(publication, State.HELD, held_for=Hold.ACCOUNT, reason=reason)
        return True
    most = timedelta(minutes=publication.workspace.max_lateness_minutes)
    if too_late(publication.due_at, now, most):
        why = publication.reason or gettext_noop("It could not be sent in time.")
        move(publication, State.MISSED, reason=why)
        hold_children(publication)
        return True
    return False


def _cleared(publication: Publication, now: datetime) -> bool:
    """Customs once more, on what is on record now; what they cannot answer stays here."""
    try:
        verdict, stopped = screened(publication, publication.sealed)
    except DatabaseError:
        raise  # the claim is undone, and tried again
    except Exception:  # a check that cannot answer is a check that says no
        logger.exception("publication %s could not be checked", publication.pk)
        reason = gettext_noop("The compliance check could not be made.")
        if too_late(publication.due_at, now, CUSTOMS_AWAY_MOST):
            move(publication, State.HELD, held_for=Hold.CUSTOMS, reason=reason)
        else:
            put_off(publication, CUSTOMS_AWAY_WAIT, reason=reason)
        return False
    if stopped is not None:
        reason = stopped.reason[:500]
        move(publication, State.HELD, held_for=Hold.CUSTOMS, reason=reason, verdict_id=stopped.verdict_id)
        return False
    publication.verdict = verdict
    return True


def _in_turn(publication: Publication) -> bool:
    """Whether the account and the app have a send left; with Redis away, one at a time per account."""
    try:
        wait = rates.take(publication.account_id, publication.account.network)
    except rates.Away:
        under_way = Publication.objects.on(publication.account).filter(state=State.PUBLISHING)
        wait = 1.0 if under_way.exists() else 0.0
    if wait:
        put_off(publication, timedelta(seconds=wait))
    return not wait


def put_off(publication: Publication, wait: timedelta, *, reason: str = "") -> None:
    """Not before `wait` from now, by PostgreSQL's clock; its due time stays what the person chose."""
    said = {"reason": reason} if reason else {}
    move(publication, State.SCHEDULED, not_before=Now() + wait, hinted_at=None, **said)


def _take(publication: Publication, seconds: float, now: datetime) -> None:
    parent = publication.parent
    if parent is not None and not publication.target_post_id:
        publication.target_post_id = parent.remote_id or ""
    move(
        publication,
        State.PUBLISHING,
        fence=publication.fence + 1,
        lease_until=Now() + timedelta(seconds=seconds),
        verdict_id=publication.verdict_id,
        target_post_id=publication.target_post_id,
        attempts_made=publication.attempts_made + 1,
        hinted_at=None,
        questioned_at=None,
        absent_at=None,
        absences=0,
        looks=0,
        hint="",
    )
    Attempt.objects.create(
        publication=publication,
        fence=publication.fence,
        fingerprint=publication.fingerprint,
        verdict_id=publication.verdict_id,
        started_at=now,
    )
