"""Hold what every network shows against our own books, now."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from networks.models import Account
from publishing.auditor import audit
from publishing.models import Audit, Discrepancy
from workspaces.models import Workspace
from workspaces.tenancy import entered

ALARMING = (Discrepancy.Kind.DOUBLED, Discrepancy.Kind.MISSING, Discrepancy.Kind.UNRECORDED)


class Command(BaseCommand):
    help = "Tell what is doubled, missing, foreign, edited or removed on the networks. Exits 1 when doubled or missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", help="slug of one workspace")
        parser.add_argument("--account", type=int, help="one account by its number")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        workspaces = Workspace.objects.order_by("slug")
        if options["workspace"]:
            workspaces = workspaces.filter(slug=options["workspace"])
        found: Counter[str] = Counter()
        for workspace in workspaces:
            with entered(workspace.pk):
                accounts = Account.objects.filter(health=Account.Health.CONNECTED)
                chosen = list(accounts.filter(pk=options["account"]) if options["account"] else accounts)
            for account in chosen:
                found += self._one(workspace, account)
        told = ", ".join(f"{found[kind]} {kind}" for kind in Discrepancy.Kind.values)
        self.stdout.write(f"in all: {told}")
        if any(found[kind] for kind in ALARMING):
            raise CommandError("the networks do not show what our books say")

    def _one(self, workspace: Workspace, account: Account) -> Counter[str]:
        done = audit(account.pk, workspace.pk)
        while done is not None and done.below_after and not done.trouble:
            done = audit(account.pk, workspace.pk)
        with entered(workspace.pk):
            rows = list(Discrepancy.objects.filter(account=account, state=Discrepancy.State.OPEN))
        self.stdout.write(f"{workspace.slug} · {account}: {_said(done)}")
        for row in rows:
            words = " ".join(row.text.split())[:80]
            self.stdout.write(self.style.WARNING(f"  {row.kind}: {row.url or row.remote_id} {words}"))
        return Counter(row.kind for row in rows)


def _said(done: Audit | None) -> str:
    if done is None:
        return "this network lets nobody look"
    if done.trouble:
        return f"not looked at: {done.trouble}"
    whole = "" if done.complete else ", and not everything was shown"
    return f"{done.posts} posts against {done.publications} on record{whole}"
