"""Writing to the customer, or to colleagues: send, guard, undo, drafts, approval."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from networks.protocol import Media
from publishing.protocol import NotPossible, Stopped
from publishing.queries import reasons_of
from social_crm import actions, queries
from social_crm.actions.attaching import Unfit, keep_files
from social_crm.models import Conversation, Message
from social_crm.protocol import Overtaken
from social_crm.views.showing import again, choice_of, found, moved_on, opened, queue
from workspaces.access import WorkspaceRequest, needs


@require_POST
@needs("answer_inbox")
def answer(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Send an answer, or leave a note. What stops it is shown beside the words, which stay."""
    conversation = found(pk)
    text = request.POST.get("text", "")
    last_seen = _number(request, "last_seen")
    try:
        if request.POST.get("mode") == "note":
            actions.note(conversation, text=text, by=request.member)
            actions.save_draft(conversation, text="", by=request.member)
            return again(request, conversation, toast={"text": _("Note left.")})
        resolve = request.POST.get("then") == "resolve"
        following = _following(request, conversation) if resolve else None
        message = actions.answer(
            conversation,
            text=text,
            last_seen=last_seen,
            by=request.member,
            resolve=resolve,
            anyway=request.POST.get("anyway") == "1",
            media=_files(request),
        )
        _use_reply(request, conversation)
    except Overtaken as news:
        actions.save_draft(conversation, text=text, by=request.member)
        newer = queries.written_since(conversation, last_seen)
        return _stopped(request, conversation, text, reason=str(news), newer=newer, overtaken=True, status=409)
    except Stopped as stop:
        return _stopped(request, conversation, text, reason=" ".join(reasons_of(stop)))
    except (Unfit, ValueError) as error:
        return _stopped(request, conversation, text, reason=str(error))
    return _sent(request, conversation, message, resolve=resolve, following=following)


def _sent(
    request: WorkspaceRequest,
    conversation: Conversation,
    message: Message,
    *,
    resolve: bool,
    following: Conversation | None,
) -> HttpResponse:
    undo = reverse("social_crm:take_back", args=[request.workspace.slug, message.pk])
    assert message.publication is not None
    if message.publication.state == "awaiting_approval":
        toast = {"text": _("It waits for somebody to let it go."), "undo": undo, "seconds": 10}
        return again(request, conversation, toast=toast)
    toast = {"text": _("Sends in 10 seconds."), "undo": undo, "seconds": 10}
    if resolve:
        toast["text"] = _("Resolved; the answer leaves in 10 seconds.")
        return moved_on(request, following, toast=toast)
    return again(request, conversation, toast=toast)


@require_POST
@needs("answer_inbox")
def take_back(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Undo an answer that has not left; the conversation is open again, its words in the field."""
    message = get_object_or_404(Message.objects.select_related("publication", "conversation", "by__user"), pk=pk)
    try:
        actions.take_back(message, by=request.member)
    except NotPossible:
        return HttpResponse(_("Too late: it is already on its way."), status=409)
    filters = str(choice_of(request))
    address = reverse("social_crm:conversation", args=[workspace, message.conversation_id])
    return HttpResponse(headers={"HX-Redirect": f"{address}?{filters}" if filters else address})


@require_POST
@needs("approve_replies")
def approve(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Let a colleague's answer go."""
    message = get_object_or_404(Message.objects.select_related("publication", "by__user"), pk=pk)
    conversation = found(message.conversation_id)
    try:
        actions.approve(message, by=request.member)
    except (NotPossible, ValueError) as error:
        return again(request, conversation, toast={"text": str(error), "tone": "bad"})
    return again(request, conversation, toast={"text": _("The answer is on its way.")})


@require_POST
@needs("answer_inbox")
def draft(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Keep what the agent has begun to write."""
    actions.save_draft(found(pk), text=request.POST.get("text", ""), by=request.member)
    return HttpResponse(status=204)


def _following(request: WorkspaceRequest, conversation: Conversation) -> Conversation | None:
    """What opens next: worked out before this one leaves its place in the queue."""
    return queries.behind(conversation, choice_of(request), member=request.member, now=timezone.now())


def _stopped(
    request: WorkspaceRequest, conversation: Conversation, text: str, *, status: int = 422, **why: object
) -> HttpResponse:
    # The newest message stays what the person had seen: only "send anyway" gets past the guard.
    context = {**opened(request, found(conversation.pk)), "text": text, "stopped": why}
    context["media_lost"] = bool(request.FILES)
    if getattr(request, "htmx", False):
        return render(request, "social_crm/_conversation.html", context, status=status)
    whole = {**queue(request, choice_of(request)), **context}
    return render(request, "social_crm/inbox.html", whole, status=status)


def _files(request: HttpRequest) -> list[Media]:
    return keep_files(request.FILES.getlist("files"), alt=request.POST.get("alt", ""))


def _use_reply(request: WorkspaceRequest, conversation: Conversation) -> None:
    """Do what a saved reply does besides its words."""
    pk = _number(request, "saved_reply")
    if pk:
        actions.use_reply(pk, conversation, by=request.member)


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "0")
    return int(text) if text.isdigit() else 0
