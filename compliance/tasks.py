"""What the clock does for compliance: cases whose time has come, sealed posts drawn and anchored, packs, reminders."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from compliance import pipeline
from compliance.actions import tend
from compliance.actions.anchoring import anchor
from compliance.actions.rendering import draw_waiting
from compliance.actions.upkeep import look_after_records
from compliance.queries import cases_to_tend
from compliance.queries.proving import behind
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
    pipeline.make_pack(pack_id, workspace_id)
