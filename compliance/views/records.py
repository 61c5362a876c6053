"""Who speaks for a brand, what they got for it, and the evidence for what is claimed."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from compliance import actions
from compliance.forms import ConnectionForm, EndorserForm, EvidenceForm
from compliance.models import Case, Connection, Endorser, Substantiation
from workspaces.access import WorkspaceRequest, needs


@require_GET
@needs("see")
def endorsers(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Everybody on record, by name."""
    people = Endorser.objects.annotate(recorded=Count("connections")).order_by("name")
    may = request.member.may("record_connections")
    return render(request, "compliance/endorsers.html", {"endorsers": people, "may_record": may})


@require_http_methods(["GET", "POST"])
@needs("record_connections")
def edit_endorser(request: WorkspaceRequest, workspace: str, pk: int | None = None) -> HttpResponse:
    """Add a person, or change what is known of one."""
    there = get_object_or_404(Endorser, pk=pk) if pk else None
    form = EndorserForm(request.POST or None, instance=there)
    if request.method == "POST" and form.is_valid():
        kept = actions.keep_endorser(form.save(commit=False), by=request.member)
        messages.success(request, _("Saved."))
        return redirect("compliance:endorser", workspace=workspace, pk=kept.pk)
    context = {"form": form, "endorser": there}
    return render(request, "compliance/endorser_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs("see")
def endorser(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """One person with their connections; a POST records another one."""
    person = get_object_or_404(Endorser, pk=pk)
    may = request.member.may("record_connections")
    form = ConnectionForm(request.POST or None, initial={"starts_on": timezone.now().date(), **_prefilled(request)})
    if request.method == "POST" and may and form.is_valid():
        made = form.save(commit=False)
        made.endorser = person
        actions.record_connection(made, by=request.member)
        messages.success(request, _("On record."))
        return redirect("compliance:endorser", workspace=workspace, pk=pk)
    today = timezone.now().date()
    rows = [(row, row.in_force(today)) for row in _connections(person)]
    context = {
        "endorser": person,
        "connections": rows,
        "cases": Case.objects.filter(endorser=person).order_by("-pk")[:10],
        "form": form if may else None,
        "may_record": may,
    }
    return render(request, "compliance/endorser.html", context, status=422 if form.errors and may else 200)


def _connections(person: Endorser) -> list[Connection]:
    return list(Connection.objects.filter(endorser=person).select_related("recorded_by__user"))


def _prefilled(request: WorkspaceRequest) -> dict[str, str]:
    """What a finding already knows of the connection that is missing."""
    return {name: request.GET[name][:120] for name in ("brand", "kind") if name in request.GET}


@require_POST
@needs("record_connections")
def end(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Let a connection end today."""
    found = get_object_or_404(Connection, pk=pk)
    actions.end_connection(found, on=timezone.now().date(), by=request.member)
    messages.success(request, _("It ends today."))
    return redirect("compliance:endorser", workspace=workspace, pk=found.endorser_id)


@require_http_methods(["GET", "POST"])
@needs("see")
def evidence(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The claims with evidence; a POST adds one."""
    may = request.member.may("record_connections")
    initial = {"starts_on": timezone.now().date(), "claim": request.GET.get("claim", "")[:300]}
    form = EvidenceForm(request.POST or None, initial=initial)
    if request.method == "POST" and may and form.is_valid():
        actions.keep_evidence(form.save(commit=False), by=request.member)
        messages.success(request, _("On record."))
        return redirect("compliance:evidence", workspace=workspace)
    today = timezone.now().date()
    rows = [(row, row.in_force(today)) for row in Substantiation.objects.all()]
    context = {"rows": rows, "form": form if may else None}
    return render(request, "compliance/evidence.html", context, status=422 if form.errors and may else 200)
