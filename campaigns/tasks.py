"""What takes longer than a page may, and what the clock does: importing a plan, placing what an officer approved."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone, translation

from campaigns.actions.reviewed import place_reviewed
from campaigns.pipeline import import_plan
from campaigns.queries import posts_in_review, told
from workspaces.tenancy import entered

BATCH = 200


@shared_task(name="campaigns.import_plan", max_retries=0)
def run_plan(plan_id: int, workspace_id: int, language: str = "en") -> None:
    """Import a confirmed plan; its report is in `language`, the reader's.

    Safe to call twice: only a plan that is still running is imported.
    """
    with translation.override(language):
        import_plan(plan_id, workspace_id)


@shared_task(name="campaigns.place_reviewed", expires=10)
def place_all_reviewed() -> None:
    """Look at every post that waits for an officer."""
    for post_id, workspace_id in posts_in_review(BATCH):
        with entered(workspace_id):
            place_reviewed(told(post_id), now=timezone.now())
