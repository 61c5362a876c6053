"""Who gets a new conversation: the team whose network it came from, and in it the next one, or who has the least."""

from __future__ import annotations

from django.utils import timezone

from social_crm.models import Agent, Conversation, Team, Teammate
from social_crm.queries.counting import numbers
from workspaces.models import Member

Sharing = Team.Sharing


def share(conversation: Conversation) -> None:
    """Give a new conversation its team and, where the team shares by itself, its agent. Saves it."""
    team = next((each for each in Team.objects.all() if conversation.network in each.networks), None)
    if team is None:
        return
    conversation.team = team
    conversation.assignee = next_of(team)
    conversation.save(update_fields=["team", "assignee"])


def next_of(team: Team) -> Member | None:
    """Whose turn it is in `team`; None when it shares by hand, or nobody is there with room. Notes the turn."""
    if team.sharing == Sharing.BY_HAND:
        return None
    # Two conversations at once must not both go to the first: the team's row is the lock.
    Team.objects.select_for_update().get(pk=team.pk)
    mates = list(Teammate.objects.filter(team=team).select_related("member__user"))
    agents = {agent.member_id: agent for agent in Agent.objects.filter(member__in=[mate.member_id for mate in mates])}
    held = numbers([f"mine:{mate.member_id}" for mate in mates])
    free = [mate for mate in mates if _has_room(mate, agents, held[f"mine:{mate.member_id}"])]
    if not free:
        return None
    if team.sharing == Sharing.BY_LOAD:
        chosen = min(free, key=lambda mate: (held[f"mine:{mate.member_id}"], mate.pk))
    else:
        chosen = min(free, key=lambda mate: (mate.given_at is not None, mate.given_at or timezone.now(), mate.pk))
    chosen.given_at = timezone.now()
    chosen.save(update_fields=["given_at"])
    member: Member = chosen.member
    return member


def _has_room(mate: Teammate, agents: dict[int, Agent], held: int) -> bool:
    if not mate.member.may("answer_inbox"):
        return False
    agent = agents.get(mate.member_id)
    return agent is None or (not agent.away and (agent.capacity == 0 or held < agent.capacity))
