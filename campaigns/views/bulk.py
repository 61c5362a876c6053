"""Many posts moved at once from the calendar's list, and put back by one press."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.actions import bulk
from campaigns.forms import BulkForm
from campaigns.models import Batch
from campaigns.protocol import NotPossible
from workspaces.access import WorkspaceRequest, needs


@require_POST
@needs("schedule")
def move_many(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Move the posts ticked: later by a while, to a day, or spread between two times."""
    form = BulkForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.first_error())
        return _back(request)
    done = bulk.move_many(form.cleaned_data["posts"], form.where(), by=request.member)
    if done.batch is not None:
        messages.success(request, done.batch.label + ".")
        request.session["batch"] = done.batch.pk
    for reason in dict.fromkeys(done.stayed.values()):
        messages.error(request, _("Some stay where they are: %(reason)s") % {"reason": reason})
    return _back(request)


@require_POST
@needs("schedule")
def undo(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Put them all back where they were."""
    batch = get_object_or_404(Batch, pk=pk)
    try:
        done = bulk.undo(batch, by=request.member)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("They are back where they were."))
        for reason in dict.fromkeys(done.stayed.values()):
            messages.error(request, _("Some stay where they are: %(reason)s") % {"reason": reason})
    request.session.pop("batch", None)
    if request.headers.get("HX-Request"):
        return JsonResponse({}, headers={"HX-Trigger": "calendar:moved"})
    return _back(request)


def _back(request: WorkspaceRequest) -> HttpResponse:
    """To the list as it was looked at."""
    response = redirect("campaigns:calendar", workspace=request.workspace.slug)
    query = request.POST.get("query", "")
    if query.startswith("?"):
        response["Location"] += query
    return response
