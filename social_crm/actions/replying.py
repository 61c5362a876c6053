"""Saved replies: words with places for names, and what else is done when they go."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from social_crm.actions.handling import (
    Change,
    assigning,
    escalating,
    labelling,
    moving_to,
    one,
    pressing,
    resolving,
)
from social_crm.actions.rating import link_to, make_rating
from social_crm.models import Conversation, Label, SavedReply, Team
from workspaces.actions import record
from workspaces.models import Member

PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
PLACES = ("name", "first_name", "handle", "agent", "brand", "channel", "post_url", "rating_link")
DOES = ("label", "team", "assign", "priority", "escalate", "resolve")


def keep_reply(
    *, shortcut: str, title: str, text: str, acts: list[dict[str, Any]], by: Member, reply: SavedReply | None = None
) -> SavedReply:  # Any: JSON values
    """Save words under a shortcut. Raises ValueError for a place or an act that nobody knows."""
    unknown = sorted({place for place in PLACE.findall(text) if place not in PLACES})
    if unknown:
        raise ValueError(_("There is no place called %(name)s.") % {"name": ", ".join(unknown)})
    for act in acts:
        if act.get("do") not in DOES:
            raise ValueError(_("A saved reply cannot do that."))
    saved = reply or SavedReply(made_by=by)
    saved.shortcut, saved.title, saved.text, saved.acts = shortcut, title.strip(), text.strip(), acts
    saved.save()
    record(by.workspace_id, by=by, verb="saved a reply", thing=f"saved_reply:{saved.pk}", shortcut=shortcut)
    return saved


def filled(reply: SavedReply, conversation: Conversation, *, by: Member) -> str:
    """The words with their places filled; a place of which nothing is known stays empty. May make a rating's link."""
    known = _known(conversation, by)

    def fill(place: re.Match[str]) -> str:
        if place[1] == "rating_link":
            return link_to(make_rating(conversation))
        return known.get(place[1], "")

    return re.sub(r" +([,.!?])", r"\1", PLACE.sub(fill, reply.text))


def _known(conversation: Conversation, by: Member) -> dict[str, str]:
    name = conversation.contact.name if conversation.contact else ""
    identity = conversation.contact.identities.first() if conversation.contact else None
    return {
        "name": name,
        "first_name": name.split()[0] if name else "",
        "handle": f"@{identity.handle}" if identity and identity.handle else "",
        "agent": str(by.user).split()[0],
        "brand": conversation.account.name,
        "channel": conversation.account.name,
        "post_url": conversation.publication.url if conversation.publication else "",
    }


def use_reply(pk: int, conversation: Conversation, *, by: Member) -> None:
    """Count the use, and do what the reply does besides its words. A reply that is gone does nothing."""
    reply = SavedReply.objects.filter(pk=pk).first()
    if reply is None:
        return
    SavedReply.objects.filter(pk=pk).update(used=F("used") + 1)
    for act in reply.acts:
        change = _change(act)
        if change is not None:
            one(conversation, change, by=by)


def _change(act: dict[str, Any]) -> Change | None:  # Any: JSON values
    """What one act of a saved reply does; None when what it names is gone."""
    do, to = act["do"], act.get("to") or 0
    if do == "label":
        label = Label.objects.filter(pk=to).first()
        return labelling(label) if label else None
    if do == "team":
        team = Team.objects.filter(pk=to).first()
        return moving_to(team) if team else None
    if do == "assign":
        member = Member.objects.select_related("user").filter(pk=to).first()
        return assigning(member) if member else None
    if do == "priority":
        return pressing(int(to))
    return escalating(str(to)) if do == "escalate" else resolving()
