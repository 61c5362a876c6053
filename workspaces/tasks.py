"""What the clock does for notices: every few seconds it sends the mails and webhooks that are due."""

from __future__ import annotations

from celery import shared_task

from workspaces.actions.hooks import deliver
from workspaces.actions.notices import mail_notice
from workspaces.queries import deliveries_due, mails_due

BATCH = 200


@shared_task(name="workspaces.tell", max_retries=0)
def tell() -> None:
    """One task for every mail and every webhook message that is due, so that a slow server delays no other."""
    for notice_id, workspace_id in mails_due(BATCH):
        mail.apply_async((workspace_id, notice_id), expires=60)
    for delivery_id, workspace_id in deliveries_due(BATCH):
        call_hook.apply_async((workspace_id, delivery_id), expires=60)


@shared_task(name="workspaces.mail", max_retries=0)
def mail(workspace_id: int, notice_id: int) -> None:
    mail_notice(workspace_id, notice_id)


@shared_task(name="workspaces.call_hook", max_retries=0)
def call_hook(workspace_id: int, delivery_id: int) -> None:
    deliver(workspace_id, delivery_id)
