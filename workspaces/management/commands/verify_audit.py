"""Check that nobody changed, removed, inserted, reordered or cut off a line of the audit trail."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workspaces.models import Workspace
from workspaces.queries import broken_links


class Command(BaseCommand):
    help = "Verify every workspace's audit chain (or one, by slug). Exits 1 when a link is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", help="slug of one workspace")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        workspaces = Workspace.objects.order_by("slug")
        if options["workspace"]:
            workspaces = workspaces.filter(slug=options["workspace"])
        broken = 0
        for workspace in workspaces:
            wrong = broken_links(workspace.pk)
            broken += len(wrong)
            self.stdout.write(f"{workspace.slug}: {'every link holds' if not wrong else ''}")
            for line in wrong:
                self.stdout.write(self.style.ERROR(f"  {line}"))
        if broken:
            raise CommandError(f"{broken} broken links")
