"""Seal every workspace's data key under the newest key-encryption key, so that an old one can be thrown away."""

from typing import Any

from django.core.management.base import BaseCommand

from workspaces import vault
from workspaces.actions import record
from workspaces.models import Workspace
from workspaces.tenancy import entered


class Command(BaseCommand):
    help = "Put the new key first in VAULT_KEYS, keep the old one after it, run this, then remove the old one."

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        changed = 0
        for workspace in Workspace.objects.order_by("slug"):
            with entered(workspace.pk):
                count = vault.rotate()
                if count:
                    record(workspace.pk, by=None, verb="rotated the vault", thing=f"workspace:{workspace.pk}")
                changed += count
        self.stdout.write(f"{changed} data keys are now sealed under the newest key")
