"""What the clock does for accounts: once a minute it looks whose turn it is."""

from __future__ import annotations

from celery import shared_task

from networks.actions import tend as tend_one
from networks.actions.consents import forget_stale
from networks.models import Account
from networks.queries import accounts_to_tend, workspaces_with_stale_consents
from workspaces.tenancy import entered

BATCH = 500


@shared_task(name="networks.tend", expires=60)
def tend() -> None:
    """Wake one task for every account whose renewal or subscription is due; drop what people left half done."""
    for account_id, workspace_id in accounts_to_tend(BATCH):
        tend_account.apply_async((account_id, workspace_id), expires=120)
    for workspace_id in workspaces_with_stale_consents(BATCH):
        with entered(workspace_id):
            forget_stale()


@shared_task(name="networks.tend_account", max_retries=0)
def tend_account(account_id: int, workspace_id: int) -> None:
    """Do what is due for one account; nothing when somebody else did it meanwhile."""
    with entered(workspace_id):
        account = Account.objects.filter(pk=account_id).first()
        if account is not None:
            tend_one(account)
