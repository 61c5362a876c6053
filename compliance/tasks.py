"""What the clock does for compliance: look after cases whose time has come."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from compliance.actions import tend
from compliance.queries import cases_to_tend
from workspaces.tenancy import entered

BATCH = 200


@shared_task(name="compliance.tend", expires=5)
def tend_cases() -> None:
    """Warn, hold and tell, over all workspaces."""
    for case_id, workspace_id in cases_to_tend(BATCH):
        with entered(workspace_id):
            tend(case_id, now=timezone.now())
