"""Fill a workspace's inbox with a lot of made-up talk, to see how the desk feels when it is large."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from networks.models import Account
from social_crm.management.filling import Size, counted, fill
from social_crm.models import Team
from workspaces.models import Member, Workspace
from workspaces.tenancy import entered


class Command(BaseCommand):
    help = "fill_inbox WORKSPACE [--conversations 100000] [--each 5]: made-up talk, in minutes. Never in production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workspace", help="its slug")
        parser.add_argument("--conversations", type=int, default=100_000)
        parser.add_argument("--each", type=int, default=5, help="messages in each")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own arguments
        if settings.PRODUCTION:
            raise CommandError("This makes up customers. It does not run in production.")
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            raise CommandError(f"There is no workspace {options['workspace']}.")
        with entered(workspace.pk):
            accounts = list(Account.objects.values_list("pk", flat=True)[:20])
            members = list(Member.objects.values_list("pk", flat=True)[:20])
            teams = list(Team.objects.values_list("pk", flat=True))
        if not accounts:
            raise CommandError("Connect a channel first: conversations belong to one.")
        began = time.monotonic()
        size = Size(options["conversations"], options["each"])
        fill(workspace.pk, size, accounts=accounts, members=members, teams=teams)
        self.stdout.write(f"filled in {time.monotonic() - began:.0f} s: {counted(workspace.pk)}")
