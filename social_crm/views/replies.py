"""Saved replies: the list, one of them, its words for a conversation; and pictures that went with an answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from social_crm import actions
from social_crm.forms import ReplyForm
from social_crm.models import Label, Message, SavedReply, Team
from social_crm.views.showing import found
from workspaces.access import WorkspaceRequest, needs


@require_http_methods(["GET", "POST"])
@needs("answer_inbox")
def replies(request: WorkspaceRequest, workspace: str, pk: int | None = None) -> HttpResponse:
    """All saved replies, and a form for a new one or the one named."""
    reply = get_object_or_404(SavedReply, pk=pk) if pk is not None else None
    if request.method == "POST" and reply is not None and request.POST.get("drop"):
        reply.delete()
        messages.success(request, _("Dropped."))
        return redirect("social_crm:replies", workspace=workspace)
    known = {"shortcut": reply.shortcut, "title": reply.title, "text": reply.text} if reply else {}
    form = ReplyForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                actions.keep_reply(acts=_acts(request), by=request.member, reply=reply, **form.cleaned_data)
        except ValueError as error:
            form.add_error("text", str(error))
        except IntegrityError:
            form.add_error("shortcut", _("There is a reply with this shortcut."))
        else:
            messages.success(request, _("Saved."))
            return redirect("social_crm:replies", workspace=workspace)
    context = {
        "form": form,
        "reply": reply,
        "replies": SavedReply.objects.all(),
        "places": actions.PLACES,
        "labels": Label.objects.all(),
        "teams": Team.objects.all(),
        "acts": {act["do"]: str(act.get("to", "")) for act in reply.acts} if reply else {},
    }
    return render(request, "social_crm/replies.html", context, status=422 if form.errors else 200)


@require_GET
@needs("answer_inbox")
def reply_text(request: WorkspaceRequest, workspace: str, pk: int, reply: int) -> HttpResponse:
    """A saved reply's words for this conversation."""
    saved = get_object_or_404(SavedReply, pk=reply)
    return JsonResponse({"text": actions.filled(saved, found(pk), by=request.member)})


@require_GET
@needs("read_inbox")
def attachment(request: WorkspaceRequest, workspace: str, pk: int, number: int) -> HttpResponseBase:
    """A picture that went with one of our answers."""
    message = get_object_or_404(Message, pk=pk)
    kept = message.media[number] if number < len(message.media) else {}
    key = kept.get("key", "")
    if not key or not default_storage.exists(key):
        raise Http404("no such picture")
    response = FileResponse(default_storage.open(key))
    response.headers["Cache-Control"] = "private, max-age=86400"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _acts(request: WorkspaceRequest) -> list[dict[str, Any]]:  # Any: JSON values
    """What else the form asks for, in the order in which it is done."""
    found: list[dict[str, Any]] = []  # Any: as above
    for do in ("label", "team"):
        to = request.POST.get(f"act_{do}", "")
        if to.isdigit():
            found.append({"do": do, "to": int(to)})
    if request.POST.get("act_priority", "") in ("1", "2"):
        found.append({"do": "priority", "to": int(request.POST["act_priority"])})
    if request.POST.get("act_resolve") == "1":
        found.append({"do": "resolve"})
    return found
