"""What takes longer than a page may: importing a plan, and placing what an officer has approved."""

from __future__ import annotations

from celery import shared_task

from campaigns.pipeline import import_plan


@shared_task(name="campaigns.import_plan", max_retries=0)
def run_plan(plan_id: int, workspace_id: int) -> None:
    """Import a confirmed plan. Safe to call twice: only a plan that is still running is imported."""
    import_plan(plan_id, workspace_id)
