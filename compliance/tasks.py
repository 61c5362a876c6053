"""What the clock does for compliance: cases, sealed posts, packs, reminders, and what endorsers publish themselves."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from compliance.actions import asking, tend
from compliance.actions.anchoring import anchor
from compliance.actions.rendering import draw_waiting
from compliance.actions.upkeep import look_after_records
from compliance.pipeline import packs, watching
from compliance.queries import cases_to_tend
from compliance.queries.proving import behind
from compliance.queries.watching import sources_due, workspaces_due
from networks import registry
from networks.protocol import Watches
from workspaces.models import Workspace
from workspaces.tenancy import entered

BATCH = 200
CHAINS = 50
DRAWN_AT_ONCE = 10


@shared_task(name="compliance.tend", expires=5)
def tend_cases() -> None:
    """Warn, hold and tell, over all workspaces."""
    for case_id, workspace_id in cases_to_tend(BATCH):
        with entered(workspace_id):
            tend(case_id, now=timezone.now())


@shared_task(name="compliance.tend_evidence", expires=20)
def tend_evidence() -> None:
    """Draw a few sealed posts of each workspace that has some waiting, and anchor where its chain ends."""
    for workspace_id in behind(CHAINS):
        with entered(workspace_id):
            draw_waiting(DRAWN_AT_ONCE)
        with entered(workspace_id):
            anchor()


@shared_task(name="compliance.tend_records", expires=3600)
def tend_records() -> None:
    """Remind endorsers, tell of evidence that ends, and let go of what was kept long enough."""
    for workspace_id in Workspace.objects.order_by("pk").values_list("pk", flat=True):
        with entered(workspace_id):
            look_after_records(now=timezone.now())


@shared_task(name="compliance.make_pack", max_retries=0)
def make_pack(pack_id: int, workspace_id: int) -> None:
    """Make an evidence pack. Safe to call twice."""
    packs.make_pack(pack_id, workspace_id)


FEEDS_A_MINUTE = 60
WORKSPACES = 200


@shared_task(name="watch.sweep", expires=60)
def sweep_watch() -> None:
    """Once a minute: one task for each source whose turn it is, as many as its network's budget allows, and for each
    workspace where something else is due. The rest comes next minute, every workspace in turn.
    """
    for network in registry.every():
        if isinstance(network, Watches):
            _wake(sources_due(network.slug, network.looks_a_minute))
    _wake(sources_due("", FEEDS_A_MINUTE))
    for workspace_id in workspaces_due(WORKSPACES):
        tend_watch.apply_async((workspace_id,), expires=120)


def _wake(due: list[tuple[int, int]]) -> None:
    for source_id, workspace_id in due:
        look.apply_async((workspace_id, source_id), expires=120)


@shared_task(name="watch.look", max_retries=0)
def look(workspace_id: int, source_id: int) -> None:
    """See what an endorser posted at one place."""
    watching.look_at(workspace_id, source_id)


@shared_task(name="watch.tend", max_retries=0)
def tend_watch(workspace_id: int) -> None:
    """Look at posts again, remind, mail."""
    watching.tend(workspace_id)


@shared_task(name="watch.mail", max_retries=0)
def mail_ask(workspace_id: int, ask_id: int) -> None:
    """Mail one request; when this is lost, `watch.tend` finds it."""
    asking.send(workspace_id, ask_id)
