"""What is done with a post that is live: other words, taking it away, and measuring how it did.

Each of these talks to the network, so none may be called inside a transaction; they enter by themselves.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from compliance.actions import seal
from networks import registry
from networks.actions import mark_reconnect, sender
from networks.models import Account
from networks.protocol import (
    Content,
    Deletes,
    Edits,
    Measurement,
    Measures,
    NetworkError,
    Receipt,
    Reconnect,
    Refused,
    Unsure,
)
from publishing.actions.gate import clear
from publishing.actions.move import move
from publishing.actions.sealing import sealing_of
from publishing.actions.window import reword
from publishing.models import Correction, Outcome, Publication
from publishing.protocol import NotPossible
from publishing.queries import shown_of
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)
State = Publication.State
STALE = timedelta(minutes=5)  # a change whose sender died; it can be made again, since twice does no harm
MEASURED_AFTER, MEASURED_UNTIL = timedelta(hours=24), timedelta(days=7)
AT_ONCE = 50  # posts measured with one call


def edit_live(publication: Publication, *, text: str, title: str | None = None, by: Member) -> Correction:
    """Put other words in the place of a live post's. They pass the gate first, as any words do.

    Raises NotPossible where the network cannot, Blocked or NeedsReview when customs stop the words. What the network
    says is on the correction: done, refused, or unknown (then it may be tried again).
    """
    network = registry.get(publication.account.network)
    if not isinstance(network, Edits) or publication.target_kind:
        raise NotPossible(_("%(network)s does not let an app change a post.") % {"network": network.name})
    correction = _begin(publication, text, title, by)
    try:
        network.edit(sender(publication.account), publication.remote_id or "", correction.sealed)
    except NetworkError as error:
        return _end(correction, error, by)
    except Exception:
        logger.exception("publication %s: the change broke", publication.pk)
        return _end(correction, Unsure(gettext_noop("The network's answer was not understood.")), by)
    return _end(correction, None, by)


def _begin(publication: Publication, text: str, title: str | None, by: Member) -> Correction:
    with entered(publication.workspace_id, user_id=by.user_id):
        fresh = Publication.objects.select_related("account__workspace", "endorser").get(pk=publication.pk)
        if fresh.state != State.PUBLISHED:
            raise NotPossible(_("Only a post that is live can be changed on the network."))
        now = shown_of(fresh)
        content: Content = replace(now, text=text, title=now.title if title is None else title)
        if content.fingerprint == now.fingerprint:
            raise NotPossible(_("These are the words it has already."))
        old = Correction.objects.filter(publication=fresh, state=Correction.State.SENDING)
        old.filter(made_at__lt=timezone.now() - STALE).update(state=Correction.State.UNKNOWN)
    with entered(publication.workspace_id, user_id=by.user_id):
        verdict = clear(
            content, account=fresh.account, endorser=fresh.endorser, brands=fresh.brands, around=fresh.around
        )
        try:
            with transaction.atomic():
                return Correction.objects.create(
                    publication=fresh,
                    content=content.as_json(),
                    fingerprint=content.fingerprint,
                    verdict=verdict,
                    by=by,
                )
        except IntegrityError as error:
            raise NotPossible(_("It is being changed just now. Look again.")) from error


def _end(correction: Correction, error: NetworkError | None, by: Member) -> Correction:
    S = Correction.State
    with entered(correction.workspace_id, user_id=by.user_id):
        correction.state = S.DONE if error is None else S.UNKNOWN if isinstance(error, Unsure) else S.REFUSED
        if error is not None:
            correction.reason, correction.detail = error.reason[:500], error.detail[:4000]
        correction.ended_at = timezone.now()
        correction.save(update_fields=["state", "reason", "detail", "ended_at"])
        if isinstance(error, Reconnect):
            mark_reconnect(correction.publication.account, reason=error.reason)
        if error is None:
            live = correction.publication
            reword(live, correction.sealed)
            seal(sealing_of(live, Receipt(live.remote_id or "", live.url), correction=correction))
        touch(correction.workspace_id, "publishing")
        record(
            correction.workspace_id,
            by=by,
            verb="edited on the network",
            thing=f"publication:{correction.publication_id}",
            state=correction.state,
            fingerprint=correction.fingerprint,
            reason=correction.reason,
        )
    return correction


def delete_live(publication: Publication, *, by: Member) -> Publication:
    """Take a live post away on its network; already gone is success. What it said stays on record here.

    Raises NotPossible where the network cannot, or when it says no (the text says why).
    """
    network = registry.get(publication.account.network)
    if not isinstance(network, Deletes):
        raise NotPossible(_("%(network)s does not let an app delete a post.") % {"network": network.name})
    if publication.state != State.PUBLISHED:
        raise NotPossible(_("Only a post that is live can be deleted on the network."))
    try:
        network.delete(sender(publication.account), publication.remote_id or "")
    except NetworkError as error:
        with entered(publication.workspace_id, user_id=by.user_id):
            if isinstance(error, Reconnect):
                mark_reconnect(publication.account, reason=error.reason)
            _note(publication, by, "could not delete on the network", reason=error.reason)
        raise NotPossible(error.reason) from error
    with entered(publication.workspace_id, user_id=by.user_id):
        fresh = Publication.objects.select_for_update().get(pk=publication.pk)
        if fresh.state == State.PUBLISHED:
            move(fresh, State.DELETED_REMOTE)
            _note(fresh, by, "deleted on the network", remote_id=fresh.remote_id)
    return fresh


def measure(account_id: int, workspace_id: int) -> int:
    """Ask once how the account's posts of the last days did; how many are known now. A network may not tell."""
    with entered(workspace_id):
        account = Account.objects.get(pk=account_id)
        now = timezone.now()
        ripe = Publication.objects.on(account).filter(
            state=State.PUBLISHED,
            target_kind="",
            outcome__isnull=True,
            published_at__lt=now - MEASURED_AFTER,
            published_at__gt=now - MEASURED_UNTIL,
        )
        found = {one.remote_id: one for one in ripe.order_by("published_at")[:AT_ONCE] if one.remote_id}
    network = registry.get(account.network)
    if not found or not isinstance(network, Measures):
        return 0
    try:
        told = {one.remote_id: one for one in network.measure(sender(account), list(found))}
    except NetworkError as error:
        logger.info("account %s could not be measured: %s", account_id, error)
        if not isinstance(error, Refused):
            return 0
        told = {}
    with entered(workspace_id):
        blank = [Measurement(remote_id) for remote_id in found]
        rows = [_outcome(found[one.remote_id], told.get(one.remote_id, one)) for one in blank]
        Outcome.objects.bulk_create(rows, ignore_conflicts=True)
    return len(told)


def _outcome(publication: Publication, told: Measurement) -> Outcome:
    return Outcome(
        workspace_id=publication.workspace_id,
        publication=publication,
        measured_at=timezone.now(),
        views=told.views,
        likes=told.likes,
        comments=told.comments,
        shares=told.shares,
        clicks=told.clicks,
    )


def _note(publication: Publication, by: Member, verb: str, **facts: object) -> None:
    touch(publication.workspace_id, "publishing")
    record(publication.workspace_id, by=by, verb=verb, thing=f"publication:{publication.pk}", **facts)
