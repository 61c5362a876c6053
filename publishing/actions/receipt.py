"""Writing down how a send or a look ended. Whoever lost the fence meanwhile writes nothing."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.db import IntegrityError
from django.db.models import F, Func, IntegerField, Q, Value
from django.db.models.functions import Greatest, Now
from django.utils.translation import gettext_noop

from compliance.actions import seal
from networks.actions import mark_reconnect
from networks.models import Account
from networks.protocol import Receipt
from publishing import rates
from publishing.actions.move import close_attempt, deliver_together, move
from publishing.actions.queue import hold_children, release_children
from publishing.actions.sealing import sealing_of
from publishing.models import Attempt, Publication
from publishing.protocol import Overtaken
from publishing.queries import Ref, said_done, terms
from publishing.rules import Next, Step
from workspaces.crash import crash_point
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)
State = Publication.State
Result = Attempt.Result
HASTENED = 500  # questions of one account that are looked for sooner at once


def published(publication: Publication, receipt: Receipt) -> bool:
    """It is live: keep the receipt. False when it is not ours to say any more.

    A remote id that another publication already has puts it in question instead.
    """
    try:
        with entered(publication.workspace_id):
            close_attempt(publication, Result.SUCCEEDED)
            move(
                publication,
                State.PUBLISHED,
                remote_id=receipt.remote_id,
                url=receipt.url[:1000],
                published_at=Now(),
                lease_until=None,
                not_before=None,
                reason="",
                detail="",
            )
            release_children(publication)
            seal(sealing_of(publication, receipt))
            crash_point("settle.before_commit", publication.pk)
    except Overtaken:
        logger.warning("publication %s: the receipt came after the lease", publication.pk)
        return False
    except IntegrityError:
        logger.warning("publication %s: %s belongs to another one", publication.pk, receipt.remote_id)
        publication.refresh_from_db(fields=["state"])
        wait = Next(Step.LOOK, reason="The network named a post that belongs to another publication.")
        return unsettled(publication, wait) if publication.state == State.PUBLISHING else False
    rates.learn(publication.account_id, publication.account.network, receipt.extra)
    return True


def published_together(workspace_id: int, delivered: Sequence[tuple[Publication, Receipt]]) -> None:
    """All of `delivered`, each still under its own send, are live: keep their receipts in one transaction.

    Raises Overtaken when one is not ours to say any more, IntegrityError when one names another's post; then nothing
    is written, and `published` says it for each alone.
    """
    with entered(workspace_id):
        deliver_together(delivered)
        for one in Publication.objects.filter(pk__in=[one.pk for one, _ in delivered]).continued_while_held():
            release_children(one)
        seal(*(sealing_of(one, receipt) for one, receipt in delivered))
        for one, _ in delivered:
            crash_point("settle.before_commit", one.pk)
    for publication, receipt in delivered:
        rates.learn(publication.account_id, publication.account.network, receipt.extra)


def unsettled(publication: Publication, decided: Next) -> bool:
    """It is not (known to be) live: take it where `decided` says. False when it is not ours to say any more."""
    try:
        with entered(publication.workspace_id):
            _write(publication, decided)
            crash_point("settle.before_commit", publication.pk)
    except Overtaken:
        logger.warning("publication %s: the answer came after the lease", publication.pk)
        return False
    return True


def _write(publication: Publication, decided: Next) -> None:
    said = {"reason": decided.reason[:500], "detail": decided.detail[:4000], "lease_until": None, "hinted_at": None}
    told = {"code": decided.code, "reason": decided.reason, "detail": decided.detail}
    match decided.step:
        case Step.REFUSED:
            sent = publication.state == State.PUBLISHING
            close_attempt(publication, Result.REFUSED if sent else Result.ABSENT, **told)
            move(publication, State.REFUSED, **said)
            hold_children(publication)
        case Step.AGAIN:
            sent = publication.state == State.PUBLISHING
            close_attempt(publication, Result.LATER if sent else Result.ABSENT, **told)
            move(publication, State.SCHEDULED, not_before=Now() + decided.wait, **said)
        case Step.RECONNECT:
            close_attempt(publication, Result.RECONNECT, **told)
            move(publication, State.HELD, held_for=Publication.Hold.ACCOUNT, **said)
            mark_reconnect(publication.account, reason=decided.reason)
        case Step.ASK:
            move(publication, State.NEEDS_ATTENTION, **said)
        case Step.LOOK:
            question = {"questioned_at": Now(), "not_before": Now() + decided.wait, "hint": decided.hint[:200]}
            close_attempt(publication, Result.UNKNOWN, **told)
            move(publication, State.RECONCILING, **question, **said)
        case Step.DONE:
            raise ValueError("What is live has a receipt")


def in_question(ref: Ref) -> Publication | None:
    """The publication, ours to look for; None when it is not due for a look, or taken.

    A looker that is not done within a lease is followed by the next one, and what it concludes counts no more.
    """
    with entered(ref.workspace_id):
        lasts = timedelta(seconds=terms().lease)
        ripe = Q(not_before__isnull=True) | Q(not_before__lte=Now())
        taken = Publication.objects.filter(ripe, pk=ref.id, state=State.RECONCILING).update(
            looked_at=Now(), not_before=Now() + lasts
        )
        if not taken:
            return None
        return Publication.objects.select_related("account").get(pk=ref.id)


def look_again(publication: Publication, decided: Next, *, counted: bool) -> bool:
    """It stays in question; `counted`: this look is evidence of its absence. False when it is settled meanwhile."""
    seen = {"absences": F("absences") + 1, "absent_at": Now()} if counted else {}
    try:
        with entered(publication.workspace_id):
            wait = {"not_before": Now() + decided.wait, "looks": F("looks") + 1}
            move(publication, State.RECONCILING, **wait, **seen)
    except Overtaken:
        return False
    return True


def hasten(publication: Publication, *, after: timedelta) -> int:
    """Its network answers again: look for what else is in question there, not only when its long wait is over.

    Those of the account that wait for longer than `after`, at five a second, so that the network is not overrun.
    """
    with entered(publication.workspace_id):
        waiting = Publication.objects.filter(
            account_id=publication.account_id, state=State.RECONCILING, not_before__gt=Now() + after
        )
        ids = list(waiting.order_by("due_at").values_list("pk", flat=True)[:HASTENED])
        place = Func(Value(ids), F("pk"), function="array_position", output_field=IntegerField())
        return waiting.filter(pk__in=ids).update(not_before=Now() + place * timedelta(seconds=0.2))


def expire(ref: Ref, *, early: timedelta = timedelta(0)) -> bool:
    """Its sender is gone: the fence grows, so that it writes nothing any more, and whether it is live is a question.

    `early`: before the end of its lease, by no more than this. What is found is live; but as a sender that only fell
    silent may still send until then, an absence proves nothing before the settle time that begins with that end.
    """
    with entered(ref.workspace_id):
        publication = (
            Publication.objects.select_for_update(skip_locked=True)
            .filter(pk=ref.id, state=State.PUBLISHING, lease_until__lt=Now() + early)
            .first()
        )
        if publication is None or (publication.by_hand and said_done(publication)):
            return False
        why = gettext_noop("Sending was interrupted; we are looking whether it is live.")
        if publication.by_hand:
            why = gettext_noop("Whoever took it did not say whether it is live.")
        close_attempt(publication, Result.UNKNOWN, code="interrupted")
        move(
            publication,
            State.RECONCILING,
            fence=F("fence") + 1,
            lease_until=None,
            questioned_at=Greatest(Now(), F("lease_until")),
            not_before=Now(),
            reason=why,
        )
        crash_point("reap.before_commit", publication.pk)
    return True


def readmit(ref: Ref) -> bool:
    """Its account is connected again: schedule it. What became too late meanwhile asks a person at its claim."""
    with entered(ref.workspace_id):
        held = Publication.objects.filter(
            pk=ref.id, state=State.HELD, held_for=Publication.Hold.ACCOUNT, account__health=Account.Health.CONNECTED
        )
        for publication in held.select_for_update(of=("self",), skip_locked=True):
            move(publication, State.SCHEDULED, reason="", hinted_at=None, not_before=None)
            return True
    return False
