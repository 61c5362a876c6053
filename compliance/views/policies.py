"""Counsel's desk: a rule's policy is tried on the last posts, put in force, replaced or ended."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from compliance import actions, registry
from compliance.context import policy_facts
from compliance.models import DryRun, Policy
from workspaces.access import WorkspaceRequest, needs


@require_GET
@needs("see")
def dry_run(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """How far a dry run is, and what would change; the piece asks for itself until it is over."""
    run = get_object_or_404(DryRun.objects.select_related("asked_by__user"), pk=pk)
    page = {
        "run": run,
        "rule": registry.get(run.rule),
        "facts": policy_facts(actions.policy_of(run)),
        "percent": 100 * run.done // run.total if run.total else 0,
        "may_set": request.member.may("manage_policies"),
        "over": run.state in {DryRun.State.DONE, DryRun.State.FAILED},
    }
    piece = request.headers.get("HX-Request") and request.headers.get("HX-Target") == "dry-run"
    return render(request, "compliance/_dry_run.html" if piece else "compliance/dry_run.html", page)


@require_POST
@needs("manage_policies")
def put_in_force(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Keep the policy that was tried."""
    run = get_object_or_404(DryRun, pk=pk, state=DryRun.State.DONE)
    actions.set_policy(actions.policy_of(run), by=request.member)
    messages.success(request, _("Set. Posts are judged by it from its first day on."))
    return redirect("compliance:rule", workspace=workspace, code=run.rule)


@require_POST
@needs("manage_policies")
def end_policy(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """A phrase is no longer banned or required: a newer policy says so, and the old one stays on record."""
    policy = get_object_or_404(Policy, pk=pk, rule__in=registry.OF_WORDINGS)
    reason = request.POST.get("reason", "").strip()[:500]
    if not reason:
        messages.error(request, _("Give a reason: it is kept with the policy."))
    else:
        actions.end_wording(policy, reason=reason, by=request.member)
        messages.success(request, _("It no longer holds."))
    return redirect("compliance:rule", workspace=workspace, code=policy.rule)
