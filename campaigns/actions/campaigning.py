"""Campaigns: begun, changed and put away; their posts stay."""

from __future__ import annotations

from campaigns.models import Campaign
from workspaces.actions import record
from workspaces.models import Member


def keep_campaign(campaign: Campaign, *, by: Member | None, workspace_id: int) -> Campaign:
    """Save a new or changed campaign. Links that are tagged already keep the tags they went out with."""
    new = campaign.pk is None
    campaign.workspace_id = workspace_id
    campaign.save()
    verb = "began campaign" if new else "changed campaign"
    record(workspace_id, by=by, verb=verb, thing=f"campaign:{campaign.pk}", name=campaign.name)
    return campaign


def campaign_named(name: str, *, by: Member | None, workspace_id: int) -> Campaign:
    """The campaign of this name (any case), begun when there is none."""
    there: Campaign | None = Campaign.objects.filter(name__iexact=name.strip()).first()
    return there or keep_campaign(Campaign(name=name.strip()[:120]), by=by, workspace_id=workspace_id)


def put_away(campaign: Campaign, *, by: Member, archived: bool = True) -> Campaign:
    """Take a campaign off the lists, or put it back."""
    campaign.archived = archived
    campaign.save(update_fields=["archived"])
    record(campaign.workspace_id, by=by, verb="put away", thing=f"campaign:{campaign.pk}", archived=archived)
    return campaign
