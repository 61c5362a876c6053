"""Wake-ups of the reply desk; what they miss, the sweep finds."""

from __future__ import annotations

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from networks import registry
from networks.actions import sender
from networks.models import Account
from networks.protocol import Listens, NetworkError
from social_crm import queries
from social_crm.actions import keep, miss, process, settle, wake
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)
OVERLAP = timedelta(minutes=5)
FIRST_LOOK = timedelta(days=1)


@shared_task(name="social_crm.ingest")
def ingest(workspace_id: int, event_id: int) -> None:
    """Put one kept event into its conversation."""
    with entered(workspace_id):
        process(event_id)


@shared_task(name="social_crm.sweep")
def sweep() -> None:
    """Give every event that no wake-up reached, or that failed, its turn."""
    for workspace_id, event_id in queries.events_to_do():
        with entered(workspace_id):
            process(event_id)


@shared_task(name="social_crm.tend")
def tend() -> None:
    """Wake what was snoozed, notice missed promises, settle answers, and fold the numbers of the views."""
    for workspace_id, pk in queries.to_wake():
        with entered(workspace_id):
            wake(pk)
    for workspace_id, pk in queries.overdue():
        with entered(workspace_id):
            miss(pk)
    for workspace_id, pk in queries.to_settle():
        with entered(workspace_id):
            settle(pk)
    for workspace_id in queries.to_fold():
        with entered(workspace_id):
            queries.fold()


@shared_task(name="social_crm.poll_all")
def poll_all() -> None:
    """One task for each account whose events may be waiting at its network."""
    for workspace_id, account_id in queries.accounts_to_poll():
        poll.apply_async((workspace_id, account_id), expires=settings.POLL_SECONDS)


@shared_task(name="social_crm.poll")
def poll(workspace_id: int, account_id: int) -> None:
    """Fetch what was never pushed, or was lost on the way: from a little before the newest we heard."""
    with entered(workspace_id):
        account = Account.objects.get(pk=account_id)
        if account.by_hand:  # its network shows an app nothing
            return
        since = account.heard_at - OVERLAP if account.heard_at else timezone.now() - FIRST_LOOK
        post_ids = queries.posts_to_watch(account)
    network = registry.get(account.network)
    if not isinstance(network, Listens):
        return
    try:
        events = network.poll(sender(account), since=since, post_ids=post_ids)
    except NetworkError as error:
        logger.info("account %s could not be polled: %s", account_id, error)
        return
    with entered(workspace_id):
        for event_id in keep(account, events):
            ingest.delay_on_commit(  # type: ignore[attr-defined]  # celery.contrib.django.task, unknown to its stubs
                workspace_id, event_id
            )
