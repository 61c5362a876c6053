"""What networks told us that nobody understood, with a button to try again."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from social_crm import actions
from social_crm.models import InboundEvent
from social_crm.tasks import ingest
from workspaces.access import WorkspaceRequest, needs


@require_GET
@needs("manage_workspace")
def events(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What networks told us that we could not understand, with a button to try again."""
    stuck = InboundEvent.objects.filter(state__in=["failed", "parked"]).select_related("account").order_by("-pk")[:100]
    return render(request, "social_crm/events.html", {"events": stuck})


@require_POST
@needs("manage_workspace")
def replay(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Give one event another try."""
    row = actions.replay(get_object_or_404(InboundEvent, pk=pk))
    ingest.delay_on_commit(  # type: ignore[attr-defined]  # celery.contrib.django.task, unknown to its stubs
        request.workspace.pk, row.pk
    )
    return redirect("social_crm:events", workspace=workspace)
