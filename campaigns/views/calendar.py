"""The calendar's page, and moving a post on it."""

from __future__ import annotations

import json
from datetime import datetime

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from campaigns.actions import placing
from campaigns.context.grid import asked, page
from campaigns.forms import MoveForm, naive
from campaigns.models import Post
from campaigns.protocol import NotPossible
from campaigns.rules import wall_time
from campaigns.views.compose import told_or_404, when
from publishing.protocol import NotPossible as TooLate
from publishing.protocol import Overtaken
from workspaces.access import WorkspaceRequest, needs
from workspaces.models import Member


@require_GET
@needs("see")
def calendar(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """A week in three bands, a month or a list. htmx gets the grid alone."""
    today = wall_time(timezone.now(), request.workspace.zone).date()
    context = page(asked(request.GET, today), request.workspace)
    template = "campaigns/_calendar.html" if request.headers.get("HX-Request") else "campaigns/calendar.html"
    return render(
        request,
        template,
        {**context, "may_write": request.member.may("write_posts"), "batch": request.session.get("batch")},
    )


@require_POST
@needs("schedule")
def move(request: WorkspaceRequest, workspace: str, pk: int) -> JsonResponse:
    """Move a post to another wall time, or a draft back to the tray: {"local_at"} -> {"when"} or {"error"}."""
    post = told_or_404(pk)
    try:
        given = json.loads(request.body)["local_at"]
    except (ValueError, TypeError, KeyError):
        return JsonResponse({"error": _("This is no day and time.")}, status=400)
    form = MoveForm({"local_at": given if isinstance(given, str) else "none"})
    local = naive(form.cleaned_data["local_at"]) if form.is_valid() else None
    if local is None and given != "":
        return JsonResponse({"error": _("This is no day and time.")}, status=400)
    try:
        moved = _moved(post, local, by=request.member)
    except (NotPossible, TooLate) as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    except Overtaken:
        return JsonResponse({"error": _("It is going out just now.")}, status=409)
    return JsonResponse({"when": when(moved.local_at) if moved.local_at else ""})


def _moved(post: Post, local: datetime | None, *, by: Member) -> Post:
    if local is None:
        return placing.take_off(post, by=by)
    return placing.move(post, at=local, zone=post.workspace.zone, by=by)
