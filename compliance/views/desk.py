"""The officer's desk: what waits, one case with its findings, and the decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from compliance import actions, context, queries
from compliance.forms import DecisionForm, OverrideForm
from compliance.models import Case, Decision
from networks import registry as networks
from workspaces.access import WorkspaceRequest, needs
from workspaces.models import Member

TABS = (Case.Status.OPEN, Case.Status.SECOND, Case.Status.WAITING, Case.Status.DECIDED)
MOST = 100


@require_GET
@needs("see")
def desk(request: WorkspaceRequest, workspace: str, pk: int | None = None) -> HttpResponse:
    """The queue, and one case beside it: the one asked for, else the one that goes out soonest."""
    asked = get_object_or_404(Case, pk=pk) if pk else None
    tab = asked.status if asked else request.GET.get("show", Case.Status.OPEN)
    tab = tab if tab in TABS else Case.Status.OPEN
    filters = queries.Filters.of(request.GET)
    cases = list(queries.queue(tab, filters, reader=request.member)[:MOST])
    chosen = next((case for case in cases if asked is None or case.pk == asked.pk), asked)
    return render(request, "compliance/desk.html", _desk(request, tab, filters, cases, chosen, listed=pk is not None))


def _desk(
    request: WorkspaceRequest,
    tab: str,
    filters: queries.Filters,
    cases: list[Case],
    chosen: Case | None,
    *,
    listed: bool,
) -> dict[str, object]:
    shown = context.shown(chosen) if chosen else None
    found = queries.counts()
    undoable = queries.undoable(request.member)
    return {
        "tab": tab,
        "tabs": [(status, Case.Status(status).label, found.get(status, 0)) for status in TABS],
        "today": queries.today(timezone.now()),
        "cases": cases,
        "filters": filters,
        "kept": urlencode(filters.named),
        "officers": queries.officers(),
        "networks": networks.every(),
        "rules": sorted({row["code"] for case in cases for row in case.verdict.findings}),
        "shown": shown,
        "may_record": request.member.may("record_connections"),
        "case": chosen,
        "detail": listed,
        "refusal": context.may_decide(chosen, request.member) if chosen else "",
        "may_decide": request.member.may("decide_cases"),
        "undoable": undoable,
        "undo_seconds": settings.COMPLIANCE_UNDO_SECONDS,
        "override_until": _until(chosen),
        "undo_left": max(1, int((undoable.takes_effect_at - timezone.now()).total_seconds())) if undoable else 0,
    }


def _until(case: Case | None) -> datetime:
    """When an override would usually end: a day after the slot, so that a small delay does not stop it."""
    slot = case.due_at if case and case.due_at else timezone.now()
    return timezone.localtime(max(slot, timezone.now()) + timedelta(days=1))


@require_GET
@needs("see")
def case_media(request: WorkspaceRequest, workspace: str, pk: int, number: int) -> FileResponse:
    """One picture or video of a case, as it was sealed into it, for members of the workspace."""
    media = get_object_or_404(Case, pk=pk).content.get("media") or []
    key = str(media[number].get("key", "")) if number < len(media) else ""
    if not key.startswith(f"w/{request.workspace.pk}/") or not default_storage.exists(key):
        raise Http404(key)
    headers = {
        "Cache-Control": "private, max-age=31536000, immutable",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return FileResponse(default_storage.open(key), content_type=str(media[number]["mime"]), headers=headers)


@require_POST
@needs("decide_cases")
def decide(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Record the officer's word and open the next case; it can be undone for some seconds."""
    case = get_object_or_404(Case.objects.select_related("verdict"), pk=pk)
    form = DecisionForm(request.POST, codes=queries.reasons_for(case))
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("compliance:case", workspace=workspace, pk=pk)
    choice, reasons = form.cleaned_data["choice"], form.cleaned_data["reasons"]
    message = form.cleaned_data["message"] or queries.message_to_author(case, choice, reasons)

    def word() -> None:
        actions.decide(
            case,
            choice=choice,
            reason=form.reason,
            reasons=reasons,
            message="" if choice == Decision.Choice.APPROVE else message,
            by=request.member,
        )

    return _done(request, word, case)


@require_POST
@needs("decide_cases")
def undo(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Take a decision back while it is not in effect, and show its case again."""
    decision = get_object_or_404(Decision.objects.select_related("case"), pk=pk)
    try:
        actions.withdraw(decision, by=request.member)
    except actions.CannotDecide as refusal:
        messages.error(request, str(refusal))
    where = reverse("compliance:case", args=[workspace, decision.case_id])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": where})
    return redirect(where)


@require_POST
@needs("decide_cases")
def assign(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Take the case, give it to somebody, or let it go."""
    case = get_object_or_404(Case, pk=pk)
    given = request.POST.get("to", "")
    to = request.member if given == "me" else get_object_or_404(Member, pk=given) if given.isdigit() else None
    try:
        actions.assign_case(case, to=to, by=request.member)
    except actions.CannotDecide as refusal:
        messages.error(request, str(refusal))
    return redirect("compliance:case", workspace=workspace, pk=pk)


@require_POST
@needs("decide_cases")
def override(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Ask a second officer to let a stopped text out."""
    case = get_object_or_404(Case, pk=pk)
    form = OverrideForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why, and until when."))
        return redirect("compliance:case", workspace=workspace, pk=pk)
    given = form.cleaned_data
    ask = lambda: actions.ask_override(case, reason=given["reason"], until=given["until"], by=request.member)  # noqa: E731
    return _done(request, ask, case)


@require_POST
@needs("decide_cases")
def answer(request: WorkspaceRequest, workspace: str, pk: int, yes: bool) -> HttpResponse:
    """The second officer's word on an override."""
    case = get_object_or_404(Case, pk=pk)
    verb = actions.consent if yes else actions.decline
    return _done(request, lambda: verb(case, by=request.member, reason=request.POST.get("reason", "")), case)


def _done(request: WorkspaceRequest, verb: Callable[[], object], case: Case) -> HttpResponse:
    """Do it and open the next case; or say why not, and stay. Where it was done is kept in the address."""
    try:
        verb()
    except actions.CannotDecide as refusal:
        messages.error(request, str(refusal))
        return redirect("compliance:case", workspace=request.workspace.slug, pk=case.pk)
    kept = urlencode(queries.Filters.of(request.POST).named)
    return redirect(reverse("compliance:desk", args=[request.workspace.slug]) + (f"?{kept}" if kept else ""))
