"""What the desk's pages show: the queue as it was asked for, one conversation opened, and a toast."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from networks import registry
from networks.protocol import EventKind
from social_crm import queries
from social_crm.models import Agent, Conversation, Label, SavedReply, SavedView, Team
from social_crm.queries import Choice
from workspaces.access import WorkspaceRequest
from workspaces.models import Member

Context = dict[str, Any]  # Any: what a template shows


def found(pk: int) -> Conversation:
    """The conversation with what its page shows of it, or 404. One query, and one for its labels."""
    chosen = Conversation.objects.select_related("account", "contact", "publication", "assignee__user", "team")
    conversation: Conversation = get_object_or_404(chosen.prefetch_related("labelled__label"), pk=pk)
    return conversation


def choice_of(request: WorkspaceRequest) -> Choice:
    """What the queue beside the conversation shows: the page's own address, or the one an htmx request came from."""
    if request.GET or not getattr(request, "htmx", False):
        return Choice.read(request.GET.dict())
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    return Choice.read(QueryDict(here.query).dict())


def queue(request: WorkspaceRequest, choice: Choice) -> Context:
    """One page of the queue and the views beside it."""
    page = queries.look(choice, member=request.member)
    numbers = queries.all_numbers()
    mine = f"mine:{request.member.pk}"
    return {
        "choice": choice,
        "filters": str(choice),
        "page": page,
        "conversations": page.rows,
        "seen": queries.seen_by(page.rows, request.member),
        "numbers": {**numbers, "mine": numbers.get(mine, 0), "due": queries.due_soon(timezone.now())},
        "networks": [(facet[4:], n) for facet, n in sorted(numbers.items()) if facet.startswith("net:")],
        "labels": [(label, numbers.get(f"label:{label.pk}", 0)) for label in Label.objects.all()],
        "teams": [(team, numbers.get(f"team:{team.pk}", 0)) for team in Team.objects.all()],
        "saved_views": _saved(request),
        "me": Agent.objects.filter(member=request.member).first(),
        "may_answer": request.member.may("answer_inbox"),
        "may_manage": request.member.may("manage_desk"),
        "priorities": Conversation.Priority.choices,
    }


def _saved(request: WorkspaceRequest) -> list[SavedView]:
    shared = SavedView.objects.filter(member__isnull=True)
    return list(shared | SavedView.objects.filter(member=request.member))


def opened(request: WorkspaceRequest, conversation: Conversation, *, before: int = 0) -> Context:
    """One conversation with all that hangs on it. A constant number of queries."""
    network = registry.get(conversation.network)
    thread = queries.thread(conversation, member=request.member, before=before)
    return {
        "conversation": conversation,
        "open_pk": conversation.pk,
        "thread": thread,
        "lines": thread.lines,
        "last_seen": conversation.newest_message,
        "text": queries.draft_of(conversation, request.member),
        "history": queries.history(conversation),
        "members": Member.objects.select_related("user").order_by("user__name"),
        "teams_all": Team.objects.all(),
        "labels_all": Label.objects.all(),
        "worn": [each.label_id for each in conversation.labelled.all()],
        "replies": SavedReply.objects.all()[:200],
        "room": queries.room_of(conversation),
        "may_answer": request.member.may("answer_inbox"),
        "may_approve": request.member.may("approve_replies"),
        "private": conversation.kind == EventKind.MESSAGE,
        "limit": network.limits.comment or network.limits.text,
        "images": network.limits.images > 0,
        "priorities": Conversation.Priority.choices,
        "filters": str(choice_of(request)),
    }


def again(
    request: WorkspaceRequest,
    conversation: Conversation,
    *,
    toast: Context | None = None,
    focus: bool = False,
) -> HttpResponse:
    """The conversation as it is now; without htmx, its page."""
    if not getattr(request, "htmx", False):
        return redirect("social_crm:conversation", workspace=request.workspace.slug, pk=conversation.pk)
    context = {**opened(request, found(conversation.pk)), "focus": focus}
    response = render(request, "social_crm/_conversation.html", context)
    return told(response, **toast) if toast else response


def moved_on(request: WorkspaceRequest, to: Conversation | None, *, toast: Context | None = None) -> HttpResponse:
    """The next conversation of the queue, or the word that there is none."""
    slug = request.workspace.slug
    filters = str(choice_of(request))
    tail = f"?{filters}" if filters else ""
    if to is None:
        address = reverse("social_crm:inbox", args=[slug]) + tail
        if not getattr(request, "htmx", False):
            return redirect(address)
        response = render(request, "social_crm/_nothing_left.html", {"filters": filters})
    else:
        address = reverse("social_crm:conversation", args=[slug, to.pk]) + tail
        if not getattr(request, "htmx", False):
            return redirect(address)
        response = again(request, to, focus=True)
    response.headers["HX-Push-Url"] = address
    return told(response, **toast) if toast else response


def told(response: HttpResponse, **toast: Any) -> HttpResponse:  # Any: what the toast module reads
    """The same answer with a toast."""
    response.headers["HX-Trigger"] = json.dumps({"toast": toast})
    return response
