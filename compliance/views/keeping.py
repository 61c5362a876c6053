"""How long records are kept, legal holds, and who looked at what."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from compliance.actions import keeping as verbs
from compliance.forms import HoldForm, KeepingForm
from compliance.models import Endorser, LegalHold, Look
from workspaces.access import WorkspaceRequest, needs

PAGE = 50


@require_http_methods(["GET", "POST"])
@needs("read_audit")
def keeping(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The workspace's answer on keeping; a POST changes it."""
    may = request.member.may("keep_records")
    form = KeepingForm(request.POST or None, instance=verbs.keeping())
    if request.method == "POST" and may and form.is_valid():
        verbs.change_keeping(form.save(commit=False), by=request.member)
        messages.success(request, _("Saved."))
        return redirect("compliance:keeping", workspace=workspace)
    return _page(request, form, HoldForm(), may=may)


@require_POST
@needs("keep_records")
def hold(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Stop the deletion of evidence."""
    form = HoldForm(request.POST)
    if not form.is_valid():
        return _page(request, KeepingForm(instance=verbs.keeping()), form, may=True)
    person, number = form.cleaned_data["endorser"], form.cleaned_data["publication"]
    verbs.hold(
        reason=form.cleaned_data["reason"],
        endorser=person.pk if person else None,
        subject=f"publication:{number}" if number else "",
        until=form.cleaned_data["until"],
        by=request.member,
    )
    messages.success(request, _("Held: nothing of it is deleted."))
    return redirect("compliance:keeping", workspace=workspace)


@require_POST
@needs("keep_records")
def lift(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Lift a hold, with the reason."""
    try:
        verbs.lift(get_object_or_404(LegalHold, pk=pk), because=request.POST.get("because", ""), by=request.member)
        messages.success(request, _("Lifted."))
    except verbs.NotLifted as refusal:
        messages.error(request, str(refusal))
    return redirect("compliance:keeping", workspace=workspace)


def _page(request: WorkspaceRequest, form: KeepingForm, hold_form: HoldForm, *, may: bool) -> HttpResponse:
    today = request.workspace.day(timezone.now())
    context = {
        "form": form,
        "hold_form": hold_form,
        "holds": [(row, row.holds(today)) for row in LegalHold.objects.all()[:PAGE]],
        "names": dict(Endorser.objects.values_list("pk", "name")),
        "page": Paginator(Look.objects.all(), PAGE).get_page(request.GET.get("page")),
        "may_keep": may,
    }
    status = 422 if form.errors or hold_form.errors else 200
    return render(request, "compliance/keeping.html", context, status=status)
