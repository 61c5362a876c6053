"""Wake-ups: each says which publications to look after; their rows say whether there is anything to do."""

from __future__ import annotations

from typing import Any

from celery import shared_task, signals
from django.utils import timezone

from compliance.actions import dry_runs_queued
from networks import registry
from publishing import auditor, counter, pipeline, pool
from publishing.actions.afterwards import measure
from publishing.actions.officers import with_officers
from publishing.actions.seeing import see
from publishing.actions.trying import try_on_last_posts
from publishing.queries import Ref, accounts_to_audit, accounts_to_measure, for_officers
from workspaces.tenancy import entered

OFFICERS_BATCH = 200
TRIALS = 4
AUDITS = 60
Pair = tuple[int, int]
"""A publication's id and its workspace's."""


@shared_task(name="publishing.publish_batch", max_retries=0, acks_late=False, ignore_result=True)
def publish_batch(pairs: list[Pair], network: str = "") -> None:
    counter.publish([Ref(*pair) for pair in pairs], network)


@shared_task(name="publishing.reconcile_batch", max_retries=0, acks_late=False, ignore_result=True)
def reconcile_batch(pairs: list[Pair]) -> None:
    pool.each(pipeline.reconcile, [Ref(*pair) for pair in pairs])


@shared_task(name="insights.see_by_hand", max_retries=0, expires=120, ignore_result=True)
def see_by_hand(publication_id: int, workspace_id: int) -> None:
    see(Ref(publication_id, workspace_id))


@shared_task(name="publishing.with_officers", max_retries=0, expires=5, ignore_result=True)
def bring_before_officers() -> None:
    for ref in for_officers(OFFICERS_BATCH):
        with entered(ref.workspace_id):
            with_officers(ref.id, now=timezone.now())


@shared_task(name="publishing.try_policies", max_retries=0, expires=3, ignore_result=True)
def try_policies() -> None:
    for run_id, workspace_id in dry_runs_queued(TRIALS):
        try_on_last_posts(run_id, workspace_id)


@shared_task(name="insights.measure_all", max_retries=0, expires=600)
def measure_all() -> None:
    """One task for every account with posts that are a day old and not measured."""
    for account_id, workspace_id in accounts_to_measure(200):
        measure_account.apply_async((account_id, workspace_id), expires=600)


@shared_task(name="insights.measure_account", max_retries=0)
def measure_account(account_id: int, workspace_id: int) -> None:
    measure(account_id, workspace_id)


@shared_task(name="insights.audit_due", max_retries=0, expires=60)
def audit_due() -> None:
    """One task for each account whose daily look is due; no more a minute than the workers get through."""
    for account_id, workspace_id in accounts_to_audit(AUDITS):
        audit_account.apply_async((account_id, workspace_id), expires=120)


@shared_task(name="insights.audit_account", max_retries=0)
def audit_account(account_id: int, workspace_id: int) -> None:
    auditor.audit(account_id, workspace_id)


@signals.celeryd_after_setup.connect
def _know_the_networks(instance: Any, **_: Any) -> None:  # Any: Celery's worker, and what it sends along
    """A worker that publishes loads every adapter before its first post is due, not while thirty others wait."""
    if "publish" in instance.app.amqp.queues.consume_from:
        registry.every()
