"""Several cases at once: only with identical findings, and only after seeing them all."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from compliance import actions, queries
from compliance.context import found_in
from compliance.forms import DecisionForm
from compliance.models import Case
from networks.protocol import Content
from workspaces.access import WorkspaceRequest, needs


@require_http_methods(["GET", "POST"])
@needs("decide_cases")
def alike(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The cases that were ticked, to be confirmed one by one by eye; a POST decides them all, or none."""
    given = request.POST if request.method == "POST" else request.GET
    cases = list(_cases([int(pk) for pk in given.getlist("case") if pk.isdigit()]))
    if not cases:
        return redirect("compliance:desk", workspace=workspace)
    form = DecisionForm(request.POST or None, codes=queries.reasons_for(cases[0]))
    if request.method == "POST" and form.is_valid():
        try:
            done = actions.decide_alike(
                cases,
                choice=form.cleaned_data["choice"],
                reason=form.reason,
                reasons=form.cleaned_data["reasons"],
                by=request.member,
            )
        except actions.CannotDecide as refusal:
            messages.error(request, str(refusal))
        else:
            said = ngettext("%(n)d decision is recorded.", "%(n)d decisions are recorded.", len(done))
            messages.success(request, said % {"n": len(done)})
            return redirect("compliance:desk", workspace=workspace)
    return render(request, "compliance/alike.html", _page(cases, form), status=422 if form.errors else 200)


def _cases(pks: list[int]) -> QuerySet[Case]:
    found = Case.objects.filter(pk__in=pks, status=Case.Status.OPEN)
    return found.select_related("verdict", "author__user", "endorser").order_by("due_at", "pk")


def _page(cases: list[Case], form: DecisionForm) -> dict[str, object]:
    first = cases[0]
    return {
        "cases": cases,
        "same": len({queries.signature(case.verdict) for case in cases}) == 1,
        "found": list(found_in(first.verdict.findings, Content.from_json(first.content))),
        "must_fix": first.verdict.outcome == "block",
        "codes": form.codes,
        "form": form,
    }
