"""Taking due publications in hand: obstacles are looked for first, and the claim is on disk before a byte leaves."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.db.models import DateTimeField, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from networks.actions import open_many
from networks.models import Account
from networks.protocol import Content, Sender, Target
from publishing import rates
from publishing.actions.gate import standing
from publishing.actions.handing import hand_over
from publishing.actions.late import gone_late
from publishing.actions.lease import Lease
from publishing.actions.move import CLAIMING, move, take_together
from publishing.actions.publisher import put_in_question, sending_since
from publishing.actions.queue import screened
from publishing.models import Publication
from publishing.protocol import NotPossible
from publishing.queries import Ref, sent_lately, terms
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
    """One publication in our hands while `lease` lasts; `key` is the same for every send of it.

    `sender`: its account as it was opened with the claim; None when it has to be renewed first.
    """

    publication: Publication
    content: Content
    target: Target | None
    lease: Lease
    sender: Sender | None = None

    @property
    def account(self) -> Account:
        return self.publication.account

    @property
    def key(self) -> str:
        return f"gardu-{self.publication.pk}-{self.publication.fingerprint[:16]}"


def claim(ref: Ref) -> Claimed | None:
    """The publication, ours to send; None when it is not due, not free, or may not leave now."""
    return next(iter(claim_in(ref.workspace_id, [ref.id])), None)


def claim_in(workspace_id: int, ids: Collection[int]) -> list[Claimed]:
    """Those of `ids` that are ours to send now; not the others, which are not due, not free, or may not leave.

    Whatever stands in the way of one is written on it: held, missed, or another time to try. One transaction,
    committed to disk when this returns; one that the database refuses takes all of them back.
    """
    began = time.monotonic()  # before the leases start, so that our own end of them is the earlier one
    with entered(workspace_id):
        _to_disk()
        _before_any_brake(workspace_id)
        free = _free(ids)
        if not free:
            return []
        try:
            doubted = sending_since()
        except NotPossible as off:
            logger.warning("%s publications stay where they are: %s", len(free), off)
            return []
        now: datetime = free[0].right_now  # type: ignore[attr-defined]  # annotated by _free
        ready = [one for one in free if not put_in_question(one, doubted) and not _kept_back(one, now)]
        ready = _in_turn(_for_machines(_cleared(ready, now), now))
        if not ready:
            return []
        opened = open_many({one.account_id: one.account for one in ready}.values())
        _take(ready, now)
        for one in ready:
            crash_point("claim.before_commit", one.pk)
        return [_in_hand(one, began, opened.get(one.account_id)) for one in ready]


def _to_disk() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")


def _before_any_brake(workspace_id: int) -> None:
    """From here to the commit nobody pulls a brake unseen: it is pulled before this, or after (`actions/brake.py`)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [CLAIMING, workspace_id % 2**31])


def _free(ids: Collection[int]) -> list[Publication]:
    """Locked, those that are due by PostgreSQL's clock and that nobody else has in hand, the longest due first."""
    due = Q(due_at__lte=Now()) & (Q(not_before__isnull=True) | Q(not_before__lte=Now())) & Publication.unbraked()
    return list(
        Publication.objects.select_related("account__workspace", "workspace", "endorser", "parent")
        .annotate(right_now=Func(function="clock_timestamp", output_field=DateTimeField()))
        .select_for_update(of=("self",), skip_locked=True)
        .filter(due, pk__in=list(ids), state=State.SCHEDULED)
        .order_by("due_at", "pk")
    )


def _kept_back(publication: Publication, now: datetime) -> bool:
    """Whether the brake, its parent, its account or the time keeps it from leaving."""
    account, parent = publication.account, publication.parent
    if parent is not None and parent.state != State.PUBLISHED:
        if parent.state in WILL_NOT_COME:
            move(
                publication,
                State.HELD,
                held_for=Hold.PARENT,
                reason=gettext_noop("The post it continues did not go out."),
            )
        return True
    if parent is not None and parent.published_at and now < parent.published_at + publication.after_parent:
        put_off(publication, parent.published_at + publication.after_parent - now)
        return True
    if account.health != Account.Health.CONNECTED:
        reason = account.health_reason or gettext_noop("The account must be connected again.")
        move(publication, State.HELD, held_for=Hold.ACCOUNT, reason=reason)
        return True
    return gone_late(publication, now)


def _cleared(publications: Sequence[Publication], now: datetime) -> list[Publication]:
    """Those that customs let pass once more, on what is on record now; the others stay here."""
    try:
        passed = standing(publications, on=publications[0].workspace.day(now)) if publications else {}
    except DatabaseError:
        raise  # the claim is undone, and tried again
    except Exception:  # each is checked by itself, and says what is wrong
        logger.exception("the verdicts on record could not be read")
        passed = {}
    for one in publications:
        if one.pk in passed:
            one.verdict_id = passed[one.pk]
    return [one for one in publications if one.pk in passed or _screened(one, now)]


def _for_machines(publications: Sequence[Publication], now: datetime) -> list[Publication]:
    """Those that we send ourselves; what a person posts is asked of one, and is nobody's to send."""
    for one in publications:
        if one.by_hand:
            hand_over(one, now)
    return [one for one in publications if not one.by_hand]


def _screened(publication: Publication, now: datetime) -> bool:
    """Customs' own check of one; what they cannot answer does not leave."""
    try:
        verdict, stopped = screened(publication, publication.sealed, on=publication.workspace.day(now))
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


def _in_turn(publications: list[Publication]) -> list[Publication]:
    """Those for which the account and the app have a send left; with Redis away the database counts the sends."""
    asked = [(one.account_id, one.account.network) for one in publications]
    try:
        waits = rates.take(asked)
    except rates.Away:
        waits = rates.spaced([account for account, _ in asked], sent_lately({account for account, _ in asked}))
    for one, wait in zip(publications, waits, strict=True):
        if wait:
            put_off(one, timedelta(seconds=wait))
    return [one for one, wait in zip(publications, waits, strict=True) if not wait]


def put_off(publication: Publication, wait: timedelta, *, reason: str = "") -> None:
    """Not before `wait` from now, by PostgreSQL's clock; its due time stays what the person chose."""
    said = {"reason": reason} if reason else {}
    move(publication, State.SCHEDULED, not_before=Now() + wait, hinted_at=None, **said)


def _take(publications: Sequence[Publication], now: datetime) -> None:
    for one in publications:
        if one.parent is not None and not one.target_post_id:
            one.target_post_id = one.parent.remote_id or ""
    take_together(publications, terms().lease, now)


def _in_hand(publication: Publication, began: float, opened: Sender | None) -> Claimed:
    allowed, content = terms(), publication.sealed
    until, most = began + allowed.lease, began + allowed.longest_for(content)
    lease = Lease(publication.pk, publication.fence, until=until, most=most)
    return Claimed(publication, content, publication.target, lease, opened)
