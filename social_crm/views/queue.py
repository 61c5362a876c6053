"""The queue, and one conversation opened beside it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from social_crm import actions, live
from social_crm.views.showing import choice_of, found, opened, queue
from workspaces.access import WorkspaceRequest, needs


@require_GET
@needs("read_inbox")
def inbox(request: WorkspaceRequest, workspace: str, pk: int | None = None) -> HttpResponse:
    """The queue, with the conversation `pk` open beside it; htmx gets only the conversation."""
    conversation = found(pk) if pk is not None else None
    context = opened(request, conversation) if conversation else {}
    if conversation is not None:
        actions.read(conversation, by=request.member)
        if getattr(request, "htmx", False):
            return render(request, "social_crm/_conversation.html", {**context, "focus": True})
    return render(request, "social_crm/inbox.html", {**queue(request, choice_of(request)), **context})


@require_GET
@needs("read_inbox")
def rows(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The queue's rows and numbers, fresh; with `after`, only the next page's rows."""
    shown = request.GET.get("open", "")
    context = {**queue(request, choice_of(request)), "open_pk": int(shown) if shown.isdigit() else 0}
    piece = "_more.html" if request.GET.get("after") else "_rows.html"
    return render(request, f"social_crm/{piece}", context)


@require_GET
@needs("read_inbox")
def lines(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """What was said in one conversation, fresh; with `before`, what is older than that message."""
    conversation = found(pk)
    before = request.GET.get("before", "")
    context = opened(request, conversation, before=int(before) if before.isdigit() else 0)
    if not before:
        actions.read(conversation, by=request.member)
    return render(request, "social_crm/_lines.html", {**context, "older": bool(before)})


@require_POST
@needs("read_inbox")
def viewers(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """The member is here; who else is. `typing`: whether they write; `left`: they went on."""
    member = request.member
    if request.POST.get("left"):
        live.leave(request.workspace.pk, pk, member=member.pk)
        return HttpResponse(status=204)
    others = live.beat(
        request.workspace.pk, pk, member=member.pk, name=str(request.user), typing=request.POST.get("typing") == "1"
    )
    return render(request, "social_crm/_viewers.html", {"others": others})
