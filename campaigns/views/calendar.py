"""The calendar's page, and moving a post on it."""

from __future__ import annotations

import json

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from campaigns.actions import placing
from campaigns.context.grid import asked, page
from campaigns.forms import MoveForm, naive
from campaigns.protocol import NotPossible
from campaigns.rules import wall_time
from campaigns.views.compose import told_or_404, when
from publishing.protocol import NotPossible as TooLate
from publishing.protocol import Overtaken
from workspaces.access import WorkspaceRequest, needs


@require_GET
@needs("see")
def calendar(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """A week in three bands, a month or a list. htmx gets the grid alone."""
    today = wall_time(timezone.now(), request.workspace.zone).date()
    context = page(asked(request.GET, today), request.workspace)
    template = "campaigns/_calendar.html" if request.headers.get("HX-Request") else "campaigns/calendar.html"
    return render(request, template, {**context, "may_write": request.member.may("write_posts")})


@require_POST
@needs("schedule")
def move(request: WorkspaceRequest, workspace: str, pk: int) -> JsonResponse:
    """Move a post to another wall time, or "" for none. JSON in and out: {"local_at"} -> {"when"} or {"error"}."""
    post = told_or_404(pk)
    try:
        wanted = json.loads(request.body)["local_at"]
    except (ValueError, TypeError, KeyError):
        return JsonResponse({"error": _("This is no day and time.")}, status=400)
    form = MoveForm({"local_at": wanted if isinstance(wanted, str) else "none"})
    local = naive(form.cleaned_data["local_at"]) if form.is_valid() else None
    if local is None and wanted != "":
        return JsonResponse({"error": _("This is no day and time.")}, status=400)
    try:
        if local is None:
            placing.take_off(post, by=request.member)
            return JsonResponse({"when": ""})
        moved = placing.move(post, at=local, zone=request.workspace.zone, by=request.member)
    except (NotPossible, TooLate) as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    except Overtaken:
        return JsonResponse({"error": _("It is going out just now.")}, status=409)
    assert moved.local_at is not None  # it was just given one
    return JsonResponse({"when": when(moved.local_at)})
