"""Check that nobody changed, removed, inserted, reordered or cut off a piece of the sealed evidence."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from compliance.queries import prove
from workspaces.models import Workspace


class Command(BaseCommand):
    help = "Verify every workspace's chain of evidence (or one, by slug). Exits 1 when something does not hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", help="slug of one workspace")
        parser.add_argument("--skip-files", action="store_true", help="do not read the sealed pictures")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        workspaces = Workspace.objects.order_by("slug")
        if options["workspace"]:
            workspaces = workspaces.filter(slug=options["workspace"])
        wrong = 0
        for workspace in workspaces:
            proof = prove(workspace.pk, files=not options["skip_files"])
            wrong += len(proof.wrong)
            self.stdout.write(
                f"{workspace.slug}: {proof.links} links, {proof.bodies} bodies, {proof.emptied} emptied, "
                f"{proof.files} files, {proof.anchors} anchors; head {proof.head}"
            )
            for line in proof.wrong:
                self.stdout.write(self.style.ERROR(f"  {line}"))
        if wrong:
            raise CommandError(f"{wrong} things do not hold")
