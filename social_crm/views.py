"""The reply desk's pages: the queue, one conversation, and what an agent does there."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from networks import registry
from networks.protocol import Moderates, NetworkError
from publishing.protocol import NotPossible, Stopped
from publishing.queries import reasons_of
from social_crm import actions, queries
from social_crm.models import Conversation, InboundEvent, Message
from social_crm.protocol import Overtaken
from social_crm.tasks import ingest
from workspaces.access import WorkspaceRequest, needs
from workspaces.models import Member
from workspaces.tenancy import entered, enters_by_itself

VIEWS = ("all", "mine", "unassigned", "resolved")


@require_GET
@needs("read_inbox")
def inbox(request: WorkspaceRequest, workspace: str, pk: int | None = None) -> HttpResponse:
    """The queue, with the conversation `pk` open beside it; htmx gets only the conversation."""
    conversation = _conversation(pk) if pk is not None else None
    if conversation is not None and request.member.may("answer_inbox"):
        actions.read(conversation)
    opened = _opened(request, conversation) if conversation else {}
    if conversation is not None and getattr(request, "htmx", False):
        return render(request, "social_crm/_conversation.html", opened)
    return render(request, "social_crm/inbox.html", {**_queue(request), **opened})


@require_GET
@needs("read_inbox")
def rows(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The queue's rows and counts, fresh."""
    opened = request.GET.get("open", "")
    context = {**_queue(request), "open_pk": int(opened) if opened.isdigit() else 0}
    return render(request, "social_crm/_rows.html", context)


@require_GET
@needs("read_inbox")
def lines(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """What was said in one conversation, fresh."""
    return render(request, "social_crm/_lines.html", _opened(request, _conversation(pk)))


@require_POST
@needs("answer_inbox")
def answer(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Send an answer, or leave a note. What stops it is shown beside the words, which stay."""
    conversation = _conversation(pk)
    text, last_seen = request.POST.get("text", ""), request.POST.get("last_seen", "0")
    try:
        if request.POST.get("mode") == "note":
            actions.note(conversation, text=text, by=request.member)
            return _again(request, conversation, toast={"text": _("Note left.")})
        message = actions.answer(
            conversation,
            text=text,
            last_seen=int(last_seen) if last_seen.isdigit() else 0,
            by=request.member,
            resolve=request.POST.get("then") == "resolve",
            anyway=request.POST.get("anyway") == "1",
        )
    except Overtaken as news:
        return _stopped(request, conversation, text, reason=str(news), overtaken=True, status=409)
    except Stopped as stop:
        return _stopped(request, conversation, text, reason=" ".join(reasons_of(stop)))
    except ValueError as error:
        return _stopped(request, conversation, text, reason=str(error))
    undo = reverse("social_crm:take_back", args=[workspace, message.pk])
    return _again(request, conversation, toast={"text": _("Sends in 10 seconds."), "undo": undo, "seconds": 10})


@require_POST
@needs("answer_inbox")
def take_back(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Undo an answer that has not left."""
    message = get_object_or_404(Message.objects.select_related("publication", "conversation"), pk=pk)
    try:
        actions.take_back(message, by=request.member)
    except NotPossible:
        return HttpResponse(_("Too late: it is already on its way."), status=409)
    return HttpResponse(headers={"HX-Refresh": "true"})


@require_POST
@needs("answer_inbox")
def draft(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Keep what the agent has begun to write."""
    actions.save_draft(_conversation(pk), text=request.POST.get("text", ""), by=request.member)
    return HttpResponse(status=204)


@require_POST
@needs("answer_inbox")
def resolve(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Resolve a conversation, or open it again."""
    conversation = _conversation(pk)
    if conversation.status == Conversation.Status.RESOLVED:
        conversation = actions.reopen(conversation, by=request.member)
        return _again(request, conversation, toast={"text": _("Open again.")})
    conversation = actions.resolve(conversation, by=request.member)
    undo = reverse("social_crm:resolve", args=[workspace, pk])
    return _again(request, conversation, toast={"text": _("Resolved."), "undo": undo})


@require_POST
@needs("answer_inbox")
def assign(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Hand a conversation to a member, or to nobody."""
    chosen = request.POST.get("to", "")
    to = get_object_or_404(Member.objects.select_related("user"), pk=int(chosen)) if chosen.isdigit() else None
    conversation = actions.assign(_conversation(pk), to=to, by=request.member)
    return _again(request, conversation)


@require_POST
@enters_by_itself
@needs("answer_inbox")
def hide(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Hide a comment on the network, or show it again."""
    hidden = request.POST.get("hidden") == "1"
    with entered(request.workspace.pk, user_id=request.user.pk):
        message = get_object_or_404(Message.objects.select_related("account", "conversation"), pk=pk)
    try:
        actions.hide(message, hidden=hidden, by=request.member)
    except (NetworkError, ValueError) as error:
        return _toast(HttpResponse(status=204), text=str(error), tone="bad")
    with entered(request.workspace.pk, user_id=request.user.pk):
        actions.hidden_now(message, hidden=hidden, by=request.member)
        return render(request, "social_crm/_lines.html", _opened(request, message.conversation))


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


def _conversation(pk: int) -> Conversation:
    chosen = Conversation.objects.select_related("account", "contact", "publication", "assignee__user")
    conversation: Conversation = get_object_or_404(chosen, pk=pk)
    return conversation


def _queue(request: WorkspaceRequest) -> dict[str, Any]:  # Any: a template's context
    view = request.GET.get("view", "all")
    view = view if view in VIEWS else "all"
    network, search = request.GET.get("network", ""), request.GET.get("q", "").strip()
    return {
        "view": view,
        "network": network,
        "search": search,
        "conversations": queries.queue(view, member=request.member, network=network, search=search),
        "counts": queries.counts(request.member),
        "networks": queries.counts_by_network(),
        "filters": request.GET.urlencode(),
    }


def _opened(request: WorkspaceRequest, conversation: Conversation) -> dict[str, Any]:  # Any: a template's context
    network = registry.get(conversation.account.network)
    return {
        "conversation": conversation,
        "open_pk": conversation.pk,
        "lines": queries.thread(conversation),
        "last_seen": queries.newest_message_id(conversation),
        "text": queries.draft_of(conversation, request.member),
        "history": queries.history(conversation),
        "members": Member.objects.select_related("user").order_by("user__name"),
        "may_answer": request.member.may("answer_inbox"),
        "may_hide": isinstance(network, Moderates),
        "limit": network.limits.comment or network.limits.text,
    }


def _again(
    request: WorkspaceRequest,
    conversation: Conversation,
    *,
    toast: dict[str, Any] | None = None,  # Any: what the toast module reads
) -> HttpResponse:
    """The conversation as it is now; without htmx, its page."""
    if not getattr(request, "htmx", False):
        return redirect("social_crm:conversation", workspace=request.workspace.slug, pk=conversation.pk)
    conversation.refresh_from_db()
    response = render(request, "social_crm/_conversation.html", _opened(request, conversation))
    return _toast(response, **toast) if toast else response


def _stopped(
    request: WorkspaceRequest, conversation: Conversation, text: str, *, status: int = 422, **why: Any
) -> HttpResponse:  # Any: what the template shows
    context = {**_opened(request, conversation), "text": text, "stopped": why}
    name = "_conversation.html" if getattr(request, "htmx", False) else "inbox.html"
    context = context if getattr(request, "htmx", False) else {**_queue(request), **context}
    return render(request, f"social_crm/{name}", context, status=status)


def _toast(response: HttpResponse, **toast: Any) -> HttpResponse:  # Any: what the toast module reads
    response.headers["HX-Trigger"] = json.dumps({"toast": toast})
    return response
