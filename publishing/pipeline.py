"""How a scheduled post becomes exactly one live post: claimed, checked, sent once, and settled.

    due ──> claim ──────────> the adapter's one call ──> settle ──> published
              │ customs say no                             ├──> refused       (the network will never take it)
              ├──> held                                    ├──> scheduled     (certainly not live: later)
              │ too late                                   ├──> held          (the account must be reconnected)
              └──> missed                                  └──> reconciling   (it may be live: look, never resend)
                                                                    │
    lease ran out, or its sender fell silent ──> reconciling        │
                                    └──────────> reconcile <────────┘
                                                    ├──> published        (found)
                                                    ├──> scheduled        (absent from two complete listings)
                                                    ├──> reconciling      (no evidence yet: look again)
                                                    └──> needs_attention  (a person looks)

A claim is on disk before a byte leaves; every step is a compare-and-set on state and fence, so a message delivered ten
times, two clocks, or a worker that wakes up after its lease change nothing.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import BinaryIO, cast

from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext_noop

from networks import registry
from networks.actions import mark_reconnect, sender
from networks.protocol import (
    Finds,
    Listed,
    Listing,
    Media,
    NetworkError,
    Publishes,
    PublishesAsync,
    Receipt,
    Reconnect,
    Refused,
    Replies,
    Resumes,
    Sender,
    TryLater,
    Unsure,
)
from networks.wire import sent_before
from publishing import rates, rules
from publishing.actions import receipt as office
from publishing.actions.claim import Claimed, claim
from publishing.actions.lease import Lease, kept
from publishing.actions.uploads import UploadMemory
from publishing.models import Attempt, Publication
from publishing.queries import Ref, taken_ids, terms
from workspaces.crash import crash_point
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)
LONG_AWAY = 4  # looks in vain, after which the first whole listing is news for all that wait for one


# --- sending --------------------------------------------------------------------------------------


def publish(ref: Ref) -> None:
    """Send one due publication, once. Safe to call any number of times, for any publication, from anywhere."""
    claimed = claim(ref)
    if claimed is not None:
        crash_point("claim.after_commit", ref.id)
        outcome = send(claimed)
        crash_point("settle.before_write", ref.id)
        settle(claimed, outcome)
        crash_point("settle.after_commit", ref.id)


def send(claimed: Claimed) -> Receipt | NetworkError:
    """The one call that may make it live, and how it ended. Never raises: what we do not understand is Unsure."""
    with kept(claimed.lease) as lease:
        opened = opened_for(claimed)  # may take as long as a request
        return opened if isinstance(opened, NetworkError) else called(claimed, opened, lease)


def called(claimed: Claimed, opened: Sender, lease: Lease) -> Receipt | NetworkError:
    """How the adapter's call ended."""
    network = registry.get(claimed.account.network)
    try:
        with sent_before(lease.last_moment):
            if time.monotonic() >= lease.last_moment():
                return TryLater(gettext_noop("There was no time left to send it safely."), after=timedelta(0))
            if claimed.target is None and isinstance(network, Resumes) and network.resumes(claimed.content):
                return go_on(claimed, network, opened)
            if claimed.target is None and isinstance(network, Publishes):
                return network.publish(opened, claimed.content, open_media=open_media, key=claimed.key)
            if claimed.target is not None and isinstance(network, Replies):
                return network.reply(
                    opened, claimed.content, target=claimed.target, open_media=open_media, key=claimed.key
                )
    except Reconnect as error:
        return renewed_meanwhile(claimed, opened) or error
    except NetworkError as error:
        return error
    except Exception as error:
        return not_understood(claimed, error)
    return Refused(gettext_noop("This network takes no such post from an app."))


def go_on(claimed: Claimed, network: Resumes, opened: Sender) -> Receipt:
    """A long upload, from where an earlier send of it stopped. Raises like the adapter."""
    memory = UploadMemory(claimed.publication)
    try:
        return network.publish_on(opened, claimed.content, open_media=open_media, memory=memory, key=claimed.key)
    finally:
        memory.close()


def goes_async(claimed: Claimed) -> bool:
    """Whether it can be sent from an event loop: a post of its own, its account open, and its network able to."""
    network = registry.get(claimed.account.network)
    is_post = claimed.target is None and claimed.sender is not None
    return is_post and isinstance(network, PublishesAsync) and network.sends_async(claimed.content)


async def send_async(claimed: Claimed) -> Receipt | NetworkError:
    """As `send`, from an event loop, for what `goes_async`."""
    network, opened = registry.get(claimed.account.network), claimed.sender
    assert isinstance(network, PublishesAsync) and opened is not None
    try:
        with kept(claimed.lease) as lease, sent_before(lease.last_moment):
            if time.monotonic() >= lease.last_moment():
                return TryLater(gettext_noop("There was no time left to send it safely."), after=timedelta(0))
            return await network.publish_async(opened, claimed.content, open_media=open_media, key=claimed.key)
    except Reconnect as error:
        return await asyncio.to_thread(renewed_meanwhile, claimed, opened) or error
    except NetworkError as error:
        return error
    except Exception as error:
        return not_understood(claimed, error)


def opened_for(claimed: Claimed) -> Sender | NetworkError:
    """The account as it was opened with the claim; one that has to be renewed first is renewed now."""
    if claimed.sender is not None:
        return claimed.sender
    try:
        return sender(claimed.account)
    except NetworkError as error:
        return error
    except Exception as error:
        logger.exception("account %s could not be opened", claimed.account.pk)
        return TryLater(gettext_noop("The account could not be opened just now."), detail=type(error).__name__)


def renewed_meanwhile(claimed: Claimed, used: Sender) -> NetworkError | None:
    """What follows a refusal of credentials that were replaced between the claim and the call; None: they were not."""
    fresh = opened_for(replace(claimed, sender=None))
    if isinstance(fresh, NetworkError) or fresh.credentials.access_token == used.credentials.access_token:
        return None
    return TryLater(gettext_noop("The account was renewed meanwhile."), after=timedelta(0), code="renewed")


def not_understood(claimed: Claimed, error: Exception) -> Unsure:
    """An adapter that broke: nobody knows how far it came."""
    logger.error("publication %s: the adapter broke", claimed.publication.pk, exc_info=error)
    return Unsure(gettext_noop("The network's answer was not understood."), detail=type(error).__name__)


def settle(claimed: Claimed, outcome: Receipt | NetworkError) -> None:
    """Write down how the send ended; a worker that lost its fence meanwhile writes nothing."""
    publication = claimed.publication
    if isinstance(outcome, Receipt) and outcome.remote_id and not outcome.processing:
        office.published(publication, outcome)
        return
    if isinstance(outcome, Receipt) and outcome.remote_id:
        reason = gettext_noop("The network has it and is still processing it.")
        outcome = Unsure(reason, hint=outcome.remote_id, code="processing")
    if isinstance(outcome, Receipt):
        outcome = Unsure(gettext_noop("The network took it without naming it."), code="no_id")
    rates.heed(publication.account_id, publication.account.network, outcome)
    jitter = random.random()  # noqa: S311 - spreads retries, guards nothing
    decided = rules.after(outcome, publication.attempts_made, jitter=jitter, terms=terms())
    office.unsettled(publication, decided)


def open_media(media: Media) -> BinaryIO:
    """The bytes of one picture or video, streamed from the storage; the adapter closes it."""
    return cast("BinaryIO", default_storage.open(media.key, "rb"))  # Django's File reads like one


# --- looking --------------------------------------------------------------------------------------


def reconcile(ref: Ref) -> None:
    """Look whether a publication in question is live, and only then decide. Safe to call at any time."""
    publication = office.in_question(ref)
    if publication is None:
        return
    if publication.by_hand:  # only the person who had it can tell
        office.unsettled(publication, rules.Next(rules.Step.ASK, reason=publication.reason))
        return
    network = registry.get(publication.account.network)
    blind = rules.without_a_look(network)
    if blind is not None or not isinstance(network, Finds):
        office.unsettled(publication, blind or rules.Next(rules.Step.ASK))
        return
    crash_point("look.before_listing", ref.id)
    listing = look(publication, network)
    crash_point("look.after_listing", ref.id)
    if listing.complete and publication.looks >= LONG_AWAY:
        office.hasten(publication, after=timedelta(seconds=terms().lease) + 2 * network.listing_lag * terms().lags)
    found = seen(publication, network, listing)
    if found is not None and (found.processing or found.failed):
        in_processing(publication, found)
        return
    if found is not None and office.published(publication, Receipt(found.remote_id, found.url)):
        crash_point("settle.after_commit", ref.id)
        return
    conclude(publication, listing, lag=network.listing_lag * terms().lags)


def in_processing(publication: Publication, found: Listed) -> None:
    """The network has it, and either still works on it or has thrown it out."""
    if found.failed:
        thrown_out = rules.Next(rules.Step.REFUSED, reason=found.failed, code="failed_in_processing")
        office.unsettled(publication, thrown_out)
        return
    now = publication.looked_at or timezone.now()
    question = question_of(publication, counted=False)
    again = rules.look_again(question, now=now, lag=timedelta(0), terms=terms())
    if again.step is rules.Step.LOOK:
        office.look_again(publication, again, counted=False)
    else:
        office.unsettled(publication, again)


def look(publication: Publication, network: Finds) -> Listing:
    """The account's own recent posts; an incomplete listing when the network does not answer. Never raises."""
    try:
        opened = sender(publication.account)
        return network.recent(opened, since=sent_since(publication), target=publication.target)
    except Reconnect as error:
        with entered(publication.workspace_id):
            mark_reconnect(publication.account, reason=error.reason)
    except NetworkError as error:
        logger.info("publication %s: no listing (%s)", publication.pk, error.reason)
    except Exception:
        logger.exception("publication %s: the listing broke", publication.pk)
    return Listing(posts=(), complete=False)


def sent_since(publication: Publication) -> datetime:
    """The earliest moment, by the network's clock, at which a send of it can have gone live."""
    with entered(publication.workspace_id):
        first = Attempt.objects.filter(publication=publication).order_by("fence").first()
    began = first.started_at if first else publication.created_at
    return began - timedelta(seconds=terms().skew)


def seen(publication: Publication, network: Finds, listing: Listing) -> Listed | None:
    """The one in the listing that is this publication."""
    with entered(publication.workspace_id):
        taken = taken_ids(publication)
    return rules.match(
        publication.sealed,
        listing.posts,
        network=network,
        since=sent_since(publication),
        taken=taken,
        hint=publication.hint,
    )


def conclude(publication: Publication, listing: Listing, *, lag: timedelta) -> None:
    """It was not in the listing: count that as evidence if it is any, and look again, send again or ask."""
    now = publication.looked_at or timezone.now()  # by PostgreSQL's clock, and before the listing was asked for
    question = question_of(publication, counted=False)
    counted = rules.evidence(question, listing, now=now, lag=lag, terms=terms())
    if counted:
        question = question_of(publication, counted=True)
    decided = rules.after_absence(question, now=now, lag=lag, terms=terms())
    if decided.step is rules.Step.LOOK:
        office.look_again(publication, decided, counted=counted)
    else:
        office.unsettled(publication, decided)


def question_of(publication: Publication, *, counted: bool) -> rules.Question:
    """What is known so far; `counted` adds the look just made."""
    with entered(publication.workspace_id):
        attempts = list(Attempt.objects.filter(publication=publication).order_by("-fence"))
    return rules.Question(
        questioned_at=publication.questioned_at or publication.created_at,
        absences=publication.absences + counted,
        absent_at=publication.absent_at,
        looks=publication.looks,
        resent=sum(attempt.result == Attempt.Result.ABSENT for attempt in attempts),
        code=attempts[0].error_code if attempts else "",
    )


# --- the reaper -----------------------------------------------------------------------------------


def reap(ref: Ref) -> None:
    """Its lease ran out: whoever had it is dead or too late, and whether it is live is now a question."""
    office.expire(ref)


def miss(ref: Ref) -> None:
    """Its sender fell silent: look already. Nothing is sent again before its lease and the settle time are over."""
    office.expire(ref, early=timedelta(seconds=terms().lease - terms().silence))
