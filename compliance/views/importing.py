"""Connections from a CSV file: choose it, look at what would go on record, say yes or no."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from compliance.actions.importing import NotOpen, import_connections, preview_import, reject_import
from compliance.forms import TableForm
from compliance.forms.table import NotATable, checked, connection_from, read
from compliance.models import ConnectionImport, Endorser
from workspaces.access import WorkspaceRequest, needs

SHOWN = 200


@require_http_methods(["GET", "POST"])
@needs("record_connections")
def imports(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Earlier imports, and the form for a new one."""
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["table"]
        try:
            made = preview_import(checked(read(file.read())), filename=file.name, by=request.member)
            return redirect("compliance:connection_import", workspace=workspace, pk=made.pk)
        except NotATable as refusal:
            form.add_error("table", str(refusal))
    context = {"form": form, "imports": ConnectionImport.objects.defer("rows")[:20]}
    return render(request, "compliance/connection_imports.html", context, status=422 if form.errors else 200)


@require_GET
@needs("record_connections")
def connection_import(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """What would go on record, row by row, with what is wrong."""
    found = get_object_or_404(ConnectionImport, pk=pk)
    names = dict(Endorser.objects.values_list("pk", "name"))
    context = {
        "found": found,
        "rows": [(row, names.get(row["endorser"], "")) for row in found.rows[:SHOWN]],
        "left_out": max(0, len(found.rows) - SHOWN),
        "good": sum(not row["errors"] and not row["note"] for row in found.rows),
        "wrong": sum(bool(row["errors"]) for row in found.rows),
    }
    return render(request, "compliance/connection_import.html", context)


@require_POST
@needs("record_connections")
def decide(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Yes or no."""
    found = get_object_or_404(ConnectionImport, pk=pk)
    try:
        if request.POST.get("answer") == "yes":
            count = import_connections(found, by=request.member, read=connection_from)
            told = ngettext("%(n)s connection is on record.", "%(n)s connections are on record.", count) % {"n": count}
            messages.success(request, told)
            return redirect("compliance:endorsers", workspace=workspace)
        reject_import(found, by=request.member)
        messages.success(request, _("Nothing was imported."))
    except NotOpen as refusal:
        messages.error(request, str(refusal))
    return redirect("compliance:connection_imports", workspace=workspace)
