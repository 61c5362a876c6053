"""Importing a content plan: choose the file, look at what would happen, say yes or no, watch it, take it back."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns import pipeline
from campaigns.actions import planning
from campaigns.forms import PlanForm
from campaigns.imports import plan as reading
from campaigns.imports.table import NotATable, read
from campaigns.models import Plan
from campaigns.protocol import NotPossible, PlanRow
from campaigns.queries import channels
from campaigns.tasks import run_plan
from workspaces.access import WorkspaceRequest, needs

SHOWN = 200
REFUSALS = {
    "encoding": gettext_lazy("The file is not in UTF-8. Save it as “CSV UTF-8”."),
    "empty": gettext_lazy("The file holds no rows."),
    "large": gettext_lazy("The file is larger than 10 MB."),
    "rows": gettext_lazy("The file has more than 5,000 rows. Split it."),
    "columns": gettext_lazy("The first line must name the columns; at least “text” or “media” is needed."),
}


@require_http_methods(["GET", "POST"])
@needs("schedule")
def plans(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Earlier imports, and the form for a new one."""
    form = PlanForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("campaigns:plan", workspace=workspace, pk=_read(request, form).pk)
        except NotATable as refusal:
            form.add_error("plan", str(REFUSALS[str(refusal)]))
    context = {"form": form, "plans": Plan.objects.defer("rows", "report")[:20], "columns": reading.DATES}
    return render(request, "campaigns/plans.html", context, status=422 if form.errors else 200)


def _read(request: WorkspaceRequest, form: PlanForm) -> Plan:
    file = form.cleaned_data["plan"]
    table = read(file.read())
    now = timezone.now()
    shift = timedelta(0)
    first = reading.first_day(table)
    if form.cleaned_data["shift_to"] and first:
        shift = form.cleaned_data["shift_to"] - first
    rows = reading.rows(table, reading.known(request.workspace, now=now, shift=shift))
    plan = planning.preview(rows, filename=file.name, by=request.member, workspace_id=request.workspace.pk)
    for medium in request.FILES.getlist("media"):
        name = str(medium.name).replace("\\", "/").rsplit("/", 1)[-1]
        default_storage.save(f"{pipeline.folder(plan)}/{name}", medium)
    if table.unknown:
        messages.warning(request, _("Not read: %(heads)s.") % {"heads": ", ".join(table.unknown)})
    return plan


@require_GET
@needs("schedule")
def plan(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """What the plan would do, is doing, or did."""
    found = get_object_or_404(Plan, pk=pk)
    rows = [PlanRow.from_json(row) for row in found.rows]
    wrong = [row for row in rows if row.errors]
    names = {account.pk: account for account in channels()}
    context = {
        "plan": found,
        "rows": [(row, [names[pk] for pk in row.accounts if pk in names]) for row in rows[:SHOWN]],
        "wrong": wrong,
        "good": len(rows) - len(wrong),
        "left_out": max(0, len(rows) - SHOWN),
        "done": pipeline.heard(found.pk) if found.state == Plan.State.RUNNING else found.done,
        "skipped": sum(bool(told.get("skipped")) for told in found.report),
        "drafts": sum(not told.get("skipped") for told in found.report),
    }
    template = "campaigns/_plan_state.html" if request.headers.get("HX-Request") else "campaigns/plan.html"
    return render(request, template, context)


@require_POST
@needs("schedule")
def confirm(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Yes: import it. Once more for one that is running wakes a worker again; it is imported once all the same."""
    found = get_object_or_404(Plan, pk=pk)
    try:
        if found.state != Plan.State.RUNNING:
            planning.start(found, by=request.member)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        run_plan.delay_on_commit(  # type: ignore[attr-defined]  # Celery's Django task
            found.pk, request.workspace.pk, get_language() or "en"
        )
    return redirect("campaigns:plan", workspace=workspace, pk=pk)


@require_POST
@needs("schedule")
def reject(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """No: nothing is imported."""
    return _decide(request, pk, undo=False)


@require_POST
@needs("schedule")
def undo(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Take an import back."""
    return _decide(request, pk, undo=True)


def _decide(request: WorkspaceRequest, pk: int, *, undo: bool) -> HttpResponse:
    found = get_object_or_404(Plan, pk=pk)
    try:
        stay = planning.undo(found, by=request.member) if undo else 0
        if not undo:
            planning.reject(found, by=request.member)
            pipeline.forget(found)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        done = _("The import is taken back.") if undo else _("Nothing was imported.")
        more = _("%(count)s posts are live already and stay.") % {"count": stay} if stay else ""
        messages.success(request, f"{done} {more}".strip())
    return redirect("campaigns:plans", workspace=request.workspace.slug)
