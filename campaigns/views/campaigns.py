"""Campaigns: the list, one with its posts, and the form."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns import queries
from campaigns.actions import campaigning
from campaigns.context.grid import card_of, legend_of
from campaigns.forms import CampaignForm
from campaigns.models import Campaign, Post
from campaigns.queries.prices import price_of_campaign
from compliance.queries.watching import Seek, share_of
from smo.actions.out import make_feed
from smo.queries.numbers import results_of
from workspaces.access import WorkspaceRequest, needs


@require_GET
@needs("see")
def campaigns(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The campaigns in use."""
    may = request.member.may("manage_campaigns")
    return render(request, "campaigns/campaigns.html", {"campaigns": queries.campaigns(), "may_manage": may})


@require_GET
@needs("see")
def campaign(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """One campaign: its brief, and its posts by time."""
    found = get_object_or_404(Campaign.objects.select_related("endorser"), pk=pk)
    posts = Post.objects.filter(campaign=found).carded().order_by("due_at", "id")
    cards = [card_of(post, request.workspace) for post in posts]
    spent, planned = price_of_campaign(found)
    context = {
        "campaign": found,
        "spent": spent,
        "planned": planned,
        "brought": results_of(campaign=found.pk),
        "watched": share_of(_watched(found), request.workspace),
        "watched_at": _watched(found).query,
        "may_pause": request.member.may("pause_some"),
        "cards": cards,
        "legend": legend_of(cards),
        "may_manage": request.member.may("manage_campaigns"),
    }
    return render(request, "campaigns/campaign.html", context)


def _watched(campaign: Campaign) -> Seek:
    """What its endorser, or anybody, posted about its brand while it ran."""
    return Seek(
        endorser=str(campaign.endorser_id or ""),
        brand=campaign.brand,
        since=campaign.starts_on.isoformat() if campaign.starts_on else "",
        until=campaign.ends_on.isoformat() if campaign.ends_on else "",
        about="1",
    )


@require_http_methods(["GET", "POST"])
@needs("manage_campaigns")
def edit(request: WorkspaceRequest, workspace: str, pk: int | None = None) -> HttpResponse:
    """Begin a campaign, or change one."""
    there = get_object_or_404(Campaign, pk=pk) if pk else None
    form = CampaignForm(request.POST or None, instance=there)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                kept = campaigning.keep_campaign(
                    form.save(commit=False), by=request.member, workspace_id=request.workspace.pk
                )
        except IntegrityError:
            form.add_error("name", _("There is a campaign of this name, or it ends before it starts."))
        else:
            messages.success(request, _("Saved."))
            return redirect("campaigns:campaign", workspace=workspace, pk=kept.pk)
    status = 422 if form.errors else 200
    return render(request, "campaigns/campaign_form.html", {"form": form, "campaign": there}, status=status)


@require_POST
@needs("manage_campaigns")
def put_away(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Take a campaign off the list, or put it back."""
    found = get_object_or_404(Campaign, pk=pk)
    campaigning.put_away(found, by=request.member, archived=not found.archived)
    messages.success(request, _("Put away.") if found.archived else _("Back on the list."))
    return redirect("campaigns:campaigns", workspace=workspace)


@require_POST
@needs("manage_window")
def feed(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """The campaign's own feed, made when it is asked for the first time: closed until somebody opens it."""
    found = get_object_or_404(Campaign, pk=pk)
    made = make_feed(title=found.name, about=found.goal, campaign=found.pk, by=request.member)
    return redirect("smo:feed", workspace=workspace, pk=made.pk)
