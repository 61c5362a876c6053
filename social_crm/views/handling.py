"""Dealing with conversations, one or many at once, and taking it back."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from social_crm import actions, queries
from social_crm.models import Conversation, Deed, Label, Team
from social_crm.views.showing import again, choice_of, found, moved_on, queue, told
from workspaces.access import WorkspaceRequest, needs
from workspaces.models import Member

MORNING, EVENING = 9, 18


@require_POST
@needs("answer_inbox")
def deal(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Do one thing with one conversation; with `then=next`, the next of the queue opens."""
    conversation = found(pk)
    following = None
    if request.POST.get("then") == "next":
        following = queries.behind(conversation, choice_of(request), member=request.member, now=timezone.now())
    try:
        deed = actions.one(conversation, _change(request, [conversation]), by=request.member)
    except ValueError as error:
        return again(request, conversation, toast={"text": str(error), "tone": "bad"})
    toast = {"text": _said(request, conversation), "undo": _way_back(request, deed)}
    if request.POST.get("then") == "next":
        return moved_on(request, following, toast=toast)
    return again(request, conversation, toast=toast)


@require_POST
@needs("answer_inbox")
def bulk(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The same for every conversation that is ticked; the list comes back as it is then."""
    pks = [int(pk) for pk in request.POST.getlist("pk") if pk.isdigit()]
    chosen = list(Conversation.objects.filter(pk__in=pks).prefetch_related("labelled"))
    try:
        deed = actions.deal(pks, _change(request, chosen), by=request.member)
    except ValueError as error:
        return told(_list(request), text=str(error), tone="bad")
    number = len(deed.before)
    text = ngettext("%(n)d conversation changed.", "%(n)d conversations changed.", number) % {"n": number}
    return told(_list(request), text=text, undo=_way_back(request, deed))


@require_POST
@needs("answer_inbox")
def undo(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Take back what one did; what somebody changed meanwhile stays."""
    deed = get_object_or_404(Deed, pk=pk, member=request.member)
    back = actions.undo(deed, by=request.member)
    if back == len(deed.before):
        return HttpResponse(headers={"HX-Refresh": "true"})
    if back == 0:
        return HttpResponse(_("Somebody changed it meanwhile; it stays as it is."), status=409)
    return HttpResponse(headers={"HX-Refresh": "true"})


@require_POST
@needs("answer_inbox")
def unread(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Mark it as new again, and go back to the list."""
    actions.unread(found(pk), by=request.member)
    if not getattr(request, "htmx", False):
        return redirect("social_crm:inbox", workspace=workspace)
    return told(HttpResponse(status=204), text=_("Marked as new."), seconds=3)


def _list(request: WorkspaceRequest) -> HttpResponse:
    if not getattr(request, "htmx", False):
        return redirect("social_crm:inbox", workspace=request.workspace.slug)
    return render(request, "social_crm/_rows.html", queue(request, choice_of(request)))


def _way_back(request: WorkspaceRequest, deed: Deed) -> str:
    path: str = reverse("social_crm:undo", args=[request.workspace.slug, deed.pk])
    return path


def _change(request: WorkspaceRequest, chosen: list[Conversation]) -> actions.Change:
    """What the button that was pressed asks for. Raises ValueError in words for the person, or 404."""
    do, _colon, value = request.POST.get("do", "").partition(":")
    value = value or request.POST.get("to", "")
    if do == "resolve":
        return actions.resolving()
    if do == "reopen":
        return actions.reopening()
    if do == "spam":
        return actions.spamming()
    if do == "snooze":
        return actions.snoozing(_moment(request, value))
    if do == "assign":
        return actions.assigning(_member(request, value))
    if do == "team":
        return actions.moving_to(get_object_or_404(Team, pk=int(value)) if value.isdigit() else None)
    if do == "label":
        label = get_object_or_404(Label, pk=int(value) if value.isdigit() else 0)
        worn = all(label.pk in {one.label_id for one in each.labelled.all()} for each in chosen)
        return actions.labelling(label, off=worn)
    if do == "priority":
        return actions.pressing(int(value))
    if do == "escalate":
        return actions.escalating(value if value != "none" else "")
    raise ValueError(_("Nobody knows how to do that."))


def _member(request: WorkspaceRequest, value: str) -> Member | None:
    if value == "me":
        return request.member
    if not value.isdigit():
        return None
    return get_object_or_404(Member.objects.select_related("user"), pk=int(value))


def _moment(request: HttpRequest, value: str) -> datetime:
    """When it should be back: a few names, or a wall time of the workspace. Raises ValueError for anything else."""
    zone = ZoneInfo(request.workspace.zone)  # type: ignore[attr-defined]  # set by the middleware
    now = timezone.now().astimezone(zone)
    if value == "hour":
        return now + timedelta(hours=1)
    if value == "evening":
        return (now + timedelta(days=now.hour >= EVENING)).replace(hour=EVENING, minute=0, second=0, microsecond=0)
    if value == "tomorrow":
        return (now + timedelta(days=1)).replace(hour=MORNING, minute=0, second=0, microsecond=0)
    if value == "monday":
        return (now + timedelta(days=7 - now.weekday())).replace(hour=MORNING, minute=0, second=0, microsecond=0)
    wall = parse_datetime(request.POST.get("until", ""))
    if wall is None:
        raise ValueError(_("Say until when."))
    return wall.replace(tzinfo=zone) if wall.tzinfo is None else wall


def _said(request: WorkspaceRequest, conversation: Conversation) -> str:
    do = request.POST.get("do", "").partition(":")[0]
    if conversation.status == Conversation.Status.SNOOZED and conversation.snoozed_until and do == "snooze":
        when = timezone.localtime(conversation.snoozed_until)
        return _("Back on %(when)s.") % {"when": f"{when:%d.%m. %H:%M}"}
    if do == "assign":
        return (
            _("%(name)s holds it now.") % {"name": conversation.assignee.user}
            if conversation.assignee
            else _("Nobody holds it now.")
        )
    words = {
        "resolve": _("Resolved."),
        "reopen": _("Open again."),
        "spam": _("Marked as spam."),
        "label": _("Labels changed."),
        "priority": _("Priority changed."),
        "team": _("Moved to another team."),
        "escalate": _("Their word is asked for.") if conversation.escalated_to else _("The question is taken back."),
    }
    if do == "resolve" and conversation.status != Conversation.Status.RESOLVED:
        return _("Open again.")
    return words.get(do, _("Done."))
