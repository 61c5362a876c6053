"""Import a content plan from a CSV file: look first with --dry-run, then let all its rows through the one gate."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaigns import pipeline
from campaigns.actions import planning
from campaigns.imports import plan as reading
from campaigns.imports.table import NotATable, Table, read
from campaigns.models import Plan
from campaigns.protocol import PlanRow
from workspaces.models import Member, Workspace
from workspaces.permissions import Role
from workspaces.tenancy import entered


class Command(BaseCommand):
    """Exit code 1 when a row has a mistake or was not scheduled."""

    help = "Import a content plan (CSV) into a workspace."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("plan", type=Path)
        parser.add_argument("--workspace", required=True, help="the workspace's slug")
        parser.add_argument("--start", type=date.fromisoformat, help="shift the plan so that it begins on this day")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument("--as", dest="by", default="", help="e-mail of the member who imports (default: an owner)")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's own
        workspace, by = find_member(options["workspace"], options["by"])
        rows = read_rows(options["plan"], workspace, start=options["start"])
        wrong = [row for row in rows if row.errors]
        for row in wrong:
            self.stderr.write(f"line {row.line}: {' '.join(row.errors)}")
        self.stdout.write(f"{len(rows)} rows, {len(wrong)} with mistakes")
        if options["dry_run"]:
            _finish(bool(wrong))
            return
        plan = import_rows(rows, options["plan"], by=by)
        for told in plan.report:
            if not told.get("skipped"):
                self.stderr.write(f"line {told['line']}: kept as a draft: {'; '.join(told['reasons'])}")
        if plan.state != Plan.State.IMPORTED:
            raise CommandError("Nothing was imported.")
        self.stdout.write(f"{plan.total - len(plan.report)} posts scheduled (plan {plan.pk})")
        _finish(bool(plan.report))


def find_member(slug: str, email: str) -> tuple[Workspace, Member]:
    """The workspace and who imports into it. Raises CommandError."""
    workspace = Workspace.objects.filter(slug=slug).first()
    if workspace is None:
        raise CommandError(f"There is no workspace {slug!r}.")
    with entered(workspace.pk):
        members = Member.objects.select_related("user", "workspace")
        by = members.filter(user__email=email.lower()).first() if email else members.filter(role=Role.OWNER).first()
    if by is None:
        raise CommandError(f"Nobody called {email!r} is in {slug}." if email else f"{slug} has no owner.")
    return workspace, by


def read_rows(path: Path, workspace: Workspace, *, start: date | None) -> list[PlanRow]:
    """The rows of a plan's file, looked up in the workspace. Raises CommandError."""
    try:
        table = read(path.read_bytes())
    except NotATable as refusal:
        raise CommandError(f"{path} cannot be read: {refusal}") from refusal
    except OSError as error:
        raise CommandError(str(error)) from error
    with entered(workspace.pk):
        return reading.rows(table, reading.known(workspace, now=timezone.now(), shift=shift_to(start, table)))


def shift_to(start: date | None, table: Table) -> timedelta:
    """How far every date moves so that the first one falls on `start`."""
    first = reading.first_day(table)
    return start - first if start and first else timedelta(0)


def import_rows(rows: list[PlanRow], path: Path, *, by: Member) -> Plan:
    """Preview, confirm and run in one go; media are opened beside the file, never above its folder."""
    with entered(by.workspace_id, user_id=by.user_id):
        plan = planning.preview(rows, filename=path.name, by=by, workspace_id=by.workspace_id)
        planning.start(plan, by=by)
    return pipeline.import_plan(plan.pk, by.workspace_id, opener=beside(path)) or plan


def beside(path: Path) -> planning.Opener:
    """Opens a medium by its path relative to the plan's file."""
    root = path.resolve().parent

    @contextmanager
    def opened(ref: str) -> Iterator[tuple[IO[bytes], str]]:
        wanted = (root / ref).resolve()
        if not wanted.is_relative_to(root):
            raise PermissionError(ref)
        with wanted.open("rb") as file:
            yield file, wanted.name

    return opened


def _finish(bad: bool) -> None:
    if bad:
        raise SystemExit(1)
