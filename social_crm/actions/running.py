"""How the desk is run: hours, promises, teams, labels, kept views, and who is away; each change leaves a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from social_crm.actions.handling import moving_to, one
from social_crm.models import (
    Agent,
    Conversation,
    DeskRules,
    Label,
    Promise,
    SavedView,
    Team,
    Teammate,
)
from social_crm.queries import Choice
from workspaces.actions import record
from workspaces.models import Member

MOST_VIEWS = 30


@transaction.atomic
def set_rules(
    *,
    always_open: bool,
    week: Mapping[str, Sequence[Sequence[str]]],
    holidays: Sequence[Mapping[str, str]],
    approved_roles: Sequence[str],
    asks_rating: bool,
    by: Member,
) -> DeskRules:
    """When the desk is open, whose answers are looked at, whether customers are asked. Raises ValueError in words."""
    for spans in week.values():
        for opens, closes in spans:
            if time.fromisoformat(opens) == time.fromisoformat(closes):
                raise ValueError(_("A day cannot open and close at the same time."))
    for day in holidays:
        date.fromisoformat(day["date"])
    if not always_open and not any(week.values()):
        raise ValueError(_("Say at least one day on which the desk is open."))
    values = {
        "always_open": always_open,
        "week": {str(day): [list(span) for span in spans] for day, spans in week.items()},
        "holidays": [dict(day) for day in holidays],
        "approved_roles": list(approved_roles),
        "asks_rating": asks_rating,
    }
    rules, _made = DeskRules.objects.update_or_create(defaults=values)
    record(by.workspace_id, by=by, verb="changed the desk", thing="desk", **values)
    return rules


def set_promise(
    promise: Promise | None, *, name: str, first: int, following: int, resolve: int, by: Member, **fits: Any
) -> Promise:  # Any: JSON values
    """What is promised, in open minutes; `fits`: networks, kinds, priority, position."""
    made = promise or Promise(position=Promise.objects.count())
    made.name, made.first_minutes, made.next_minutes, made.resolve_minutes = name, first, following, resolve
    for field, value in fits.items():
        setattr(made, field, value)
    made.save()
    minutes = {"first": first, "next": following, "resolve": resolve}
    record(by.workspace_id, by=by, verb="changed a promise", thing=f"promise:{made.pk}", **minutes)
    return made


def drop_promise(promise: Promise, *, by: Member) -> None:
    """Promise it no more; what is due already stays due."""
    record(by.workspace_id, by=by, verb="dropped a promise", thing=f"promise:{promise.pk}", name=promise.name)
    promise.delete()


@transaction.atomic
def set_team(
    team: Team | None, *, name: str, sharing: str, networks: Sequence[str], members: Sequence[Member], by: Member
) -> Team:
    """A team, how it shares, whose new conversations it gets, and who is in it."""
    made = team or Team()
    made.name, made.sharing, made.networks = name.strip(), Team.Sharing(sharing), list(networks)
    made.save()
    Teammate.objects.filter(team=made).exclude(member__in=members).delete()
    here = set(Teammate.objects.filter(team=made).values_list("member_id", flat=True))
    for member in members:
        if member.pk not in here:
            Teammate.objects.create(team=made, member=member)
    names = [str(member.user) for member in members]
    record(by.workspace_id, by=by, verb="changed a team", thing=f"team:{made.pk}", name=name, members=names)
    return made


@transaction.atomic
def drop_team(team: Team, *, by: Member) -> None:
    """The team is no more; its conversations belong to nobody's team."""
    record(by.workspace_id, by=by, verb="dropped a team", thing=f"team:{team.pk}", name=team.name)
    for conversation in Conversation.objects.filter(team=team, lane=Conversation.Lane.ACTIVE)[:500]:
        one(conversation, moving_to(None), by=by)
    team.delete()


def set_label(label: Label | None, *, name: str, tone: str, by: Member) -> Label:
    """A label and its tone. Raises ValueError when there is one of that name."""
    made = label or Label()
    if Label.objects.filter(name__iexact=name.strip()).exclude(pk=made.pk).exists():
        raise ValueError(_("There is a label of that name."))
    made.name, made.tone = name.strip(), tone
    made.save()
    record(by.workspace_id, by=by, verb="changed a label", thing=f"label:{made.pk}", name=name)
    return made


def drop_label(label: Label, *, by: Member) -> None:
    """The label comes off every conversation."""
    record(by.workspace_id, by=by, verb="dropped a label", thing=f"label:{label.pk}", name=label.name)
    label.delete()


def set_agent(member: Member, *, by: Member, away: bool | None = None, capacity: int | None = None) -> Agent:
    """Whether a member is there, and how many active conversations they can hold (0: no limit)."""
    agent, _made = Agent.objects.get_or_create(member=member)
    if away is not None:
        agent.away = away
    if capacity is not None:
        agent.capacity = capacity
    agent.save()
    facts = {"away": agent.away, "capacity": agent.capacity}
    record(by.workspace_id, by=by, verb="changed an agent", thing=f"member:{member.pk}", **facts)
    return agent


def keep_view(name: str, choice: Choice, *, shared: bool, by: Member) -> SavedView:
    """Keep a way to look at the queue, for oneself or for all. Raises ValueError when it has no name."""
    if not name.strip():
        raise ValueError(_("Give it a name."))
    if SavedView.objects.filter(member=None if shared else by).count() >= MOST_VIEWS:
        raise ValueError(_("There are thirty already. Drop one first."))
    kept: SavedView = SavedView.objects.create(
        name=name.strip()[:60], choice=str(choice), member=None if shared else by
    )
    return kept


def drop_view(view: SavedView, *, by: Member) -> None:
    """A view of one's own; a shared one by whoever runs the desk. Raises ValueError for another's."""
    if view.member_id != by.pk and not (view.member_id is None and by.may("manage_desk")):
        raise ValueError(_("This view is not yours."))
    view.delete()
