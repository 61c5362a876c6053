"""The queue: each account's openings and what stands in them, another order, and the week of slots."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import time

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from campaigns.actions import queueing
from campaigns.context.queue import queue_page
from campaigns.forms import SlotForm
from campaigns.models import Slot
from campaigns.protocol import NotPossible
from campaigns.queries import channels
from campaigns.queries.besttime import DEFAULTS
from networks.models import Account
from publishing.protocol import NotPossible as TooLate
from publishing.protocol import Overtaken
from workspaces.access import WorkspaceRequest, needs


@require_GET
@needs("see")
def queue(request: WorkspaceRequest, workspace: str, account: int | None = None) -> HttpResponse:
    """One account's queue; without a number the first account's."""
    found = channels()
    if account is None and not found:
        return render(request, "campaigns/queue.html", {"channels": found})
    here = get_object_or_404(Account, pk=account) if account else found[0]
    context = {**queue_page(here, request.workspace), "may_write": request.member.may("schedule")}
    template = "campaigns/_queue.html" if request.headers.get("HX-Request") else "campaigns/queue.html"
    return render(request, template, context)


def _tried(request: WorkspaceRequest, account: Account, do: Callable[[], object], done: str = "") -> HttpResponse:
    try:
        do()
    except (NotPossible, TooLate) as refusal:
        messages.error(request, str(refusal))
    except Overtaken:
        messages.error(request, _("It is going out just now."))
    else:
        if done:
            messages.success(request, done)
    return redirect("campaigns:queue_of", workspace=request.workspace.slug, account=account.pk)


@require_POST
@needs("schedule")
def swap(request: WorkspaceRequest, workspace: str, account: int, pk: int) -> HttpResponse:
    """Let a queued post change places with the one before or after it."""
    here = get_object_or_404(Account, pk=account)
    step = -1 if request.POST.get("step") == "-1" else 1
    return _tried(request, here, lambda: queueing.swap(here, pk, step, by=request.member))


@require_POST
@needs("schedule")
def shuffle(request: WorkspaceRequest, workspace: str, account: int) -> HttpResponse:
    """Another order by chance."""
    here = get_object_or_404(Account, pk=account)
    return _tried(request, here, lambda: queueing.shuffle(here, by=request.member), _("The queue is shuffled."))


@require_POST
@needs("schedule")
def reorder(request: WorkspaceRequest, workspace: str, account: int) -> JsonResponse:
    """Another order: {"order": [post ids]} -> {} or {"error"}."""
    here = get_object_or_404(Account, pk=account)
    try:
        order = [int(number) for number in json.loads(request.body)["order"]]
        queueing.reorder(here, order, by=request.member)
    except (ValueError, TypeError, KeyError):
        return JsonResponse({"error": _("Name the posts in their order.")}, status=400)
    except (NotPossible, TooLate) as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    except Overtaken:
        return JsonResponse({"error": _("It is going out just now.")}, status=409)
    return JsonResponse({})


@require_POST
@needs("schedule")
def add_slots(request: WorkspaceRequest, workspace: str, account: int) -> HttpResponse:
    """One more time of the day, on the weekdays ticked; `defaults` begins with plain ones."""
    here = get_object_or_404(Account, pk=account)
    week = {(slot.weekday, slot.at) for slot in Slot.objects.filter(account=here)}
    if "defaults" in request.POST:
        week |= {(weekday, time(hour)) for weekday, hour in DEFAULTS}
    else:
        form = SlotForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Choose a time and at least one weekday."))
            return redirect("campaigns:queue_of", workspace=workspace, account=here.pk)
        week |= {(int(day), form.cleaned_data["at"]) for day in form.cleaned_data["weekdays"]}
    queueing.set_slots(here, week, by=request.member)
    return redirect("campaigns:queue_of", workspace=workspace, account=here.pk)


@require_POST
@needs("schedule")
def drop_slot(request: WorkspaceRequest, workspace: str, account: int, pk: int) -> HttpResponse:
    """One slot less; what is planned in it stays."""
    here = get_object_or_404(Account, pk=account)
    week = {(slot.weekday, slot.at) for slot in Slot.objects.filter(account=here).exclude(pk=pk)}
    queueing.set_slots(here, week, by=request.member)
    return redirect("campaigns:queue_of", workspace=workspace, account=here.pk)
