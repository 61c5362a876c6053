"""The officer's desk: what waits, one case with its findings, and the decision."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from compliance import actions, context, queries
from compliance.forms import DecisionForm
from compliance.models import Case, Decision
from workspaces.access import WorkspaceRequest, needs

TABS = (Case.Status.OPEN, Case.Status.WAITING, Case.Status.DECIDED)


@require_GET
@needs("see")
def desk(request: WorkspaceRequest, workspace: str, pk: int | None = None) -> HttpResponse:
    """The queue, and one case beside it: the one asked for, else the one that goes out soonest."""
    asked = get_object_or_404(Case, pk=pk) if pk else None
    tab = asked.status if asked else request.GET.get("show", Case.Status.OPEN)
    tab = tab if tab in TABS else Case.Status.OPEN
    cases = list(queries.queue(tab)[:100])
    chosen = next((case for case in cases if asked is None or case.pk == asked.pk), asked)
    return render(request, "compliance/desk.html", _desk(request, tab, cases, chosen, listed=asked is not None))


def _desk(
    request: WorkspaceRequest, tab: str, cases: list[Case], chosen: Case | None, *, listed: bool
) -> dict[str, object]:
    shown = context.shown(chosen) if chosen else None
    refusal = context.may_decide(chosen, request.member) if chosen else ""
    found = queries.counts()
    return {
        "tab": tab,
        "tabs": [(status, Case.Status(status).label, found.get(status, 0)) for status in TABS],
        "cases": cases,
        "shown": shown,
        "case": chosen,
        "detail": listed,
        "refusal": refusal,
        "message": context.message_for(shown) if shown else "",
        "choices": Decision.Choice,
        "now": timezone.now(),
    }


@require_POST
@needs("decide_cases")
def decide(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Record the officer's word and open the next case."""
    case = get_object_or_404(Case.objects.select_related("verdict"), pk=pk)
    form = DecisionForm(request.POST, codes=context.shown(case).codes)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("compliance:case", workspace=workspace, pk=pk)
    try:
        decision = actions.decide(
            case,
            choice=form.cleaned_data["choice"],
            reason=form.reason,
            message=form.cleaned_data["message"],
            by=request.member,
        )
    except actions.CannotDecide as refusal:
        messages.error(request, str(refusal))
        return redirect("compliance:case", workspace=workspace, pk=pk)
    messages.success(request, _("%(case)s: %(choice)s") % {"case": case, "choice": decision.get_choice_display()})
    return redirect("compliance:desk", workspace=workspace)
