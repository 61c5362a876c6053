"""What the bell tells people at the desk: it is yours, you are named, a promise passed, your word is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from social_crm.models import Conversation, Teammate
from social_crm.models import Note as Word
from workspaces.actions import notify
from workspaces.models import Member
from workspaces.protocol import Note
from workspaces.queries import members_who_may

ASSIGNED = Note(
    slug="inbox-assigned",
    title=_("%(by)s gave you a conversation with %(customer)s"),
    body=_("“%(text)s”"),
    action=_("Open the conversation"),
    about=_("Somebody gives me a conversation in the inbox"),
)
NAMED = Note(
    slug="inbox-named",
    title=_("%(by)s named you in a note about %(customer)s"),
    body=_("“%(text)s”"),
    action=_("Read the note"),
    about=_("Somebody names me in a note in the inbox"),
)
LATE = Note(
    slug="inbox-late",
    title=_("%(customer)s has waited longer than we promise"),
    body=_("“%(text)s”"),
    action=_("Open the conversation"),
    about=_("A promised time to answer has passed in the inbox"),
)
ESCALATED = Note(
    slug="inbox-escalated",
    title=_("%(by)s asks for your word about %(customer)s"),
    body=_("“%(text)s”"),
    action=_("Open the conversation"),
    about=_("A conversation is handed up to me from the inbox"),
)
APPROVE = Note(
    slug="inbox-approve",
    title=_("%(by)s wants to send an answer to %(customer)s"),
    body=_("“%(text)s”"),
    action=_("Look at the answer"),
    about=_("An answer in the inbox waits for somebody to let it go"),
)
WOKE = Note(
    slug="inbox-woke",
    title=_("The conversation with %(customer)s is back"),
    body=_("You had put it off until now. “%(text)s”"),
    action=_("Open the conversation"),
    about=_("A conversation that I snoozed is back"),
)
FAILED = Note(
    slug="inbox-failed",
    title=_("Your answer to %(customer)s did not go out"),
    body=_("%(reason)s “%(text)s”"),
    action=_("Open the conversation"),
    about=_("An answer of mine in the inbox did not go out"),
)
ASKED = {"compliance": "decide_cases", "marketing": "write_posts"}
Before = Mapping[str, Mapping[str, Any]]  # Any: JSON values


def tell(
    members: Iterable[Member], conversation: Conversation, *, note: Note, key: str, **facts: Any
) -> None:  # Any: JSON values
    """Tell members about a conversation, once per `key`."""
    url = reverse("social_crm:conversation", args=[conversation.workspace.slug, conversation.pk])
    known = {"customer": str(conversation.contact or conversation.object_id), "text": conversation.preview, **facts}
    notify(members, note=note, key=f"{note.slug}:{conversation.pk}:{key}", url=url, **known)


def tell_assigned(conversations: Iterable[Conversation], before: Before, *, by: Member) -> None:
    """Whoever got a conversation from somebody else hears of it."""
    for each in conversations:
        given = each.assignee_id is not None and each.assignee_id != before[str(each.pk)]["assignee_id"]
        if given and each.assignee is not None and each.assignee_id != by.pk:
            tell([each.assignee], each, note=ASSIGNED, key=str(each.version), by=str(by.user))


def tell_escalated(conversations: Iterable[Conversation], before: Before, *, by: Member) -> None:
    """Those whose word is asked for hear of it."""
    for each in conversations:
        if each.escalated_to and each.escalated_to != before[str(each.pk)]["escalated_to"]:
            asked = [member for member in members_who_may(ASKED[each.escalated_to]) if member.pk != by.pk]
            tell(asked, each, note=ESCALATED, key=str(each.version), by=str(by.user))


def tell_named(word: Word, named: Iterable[Member], *, by: Member) -> None:
    """Whoever is named in a note hears of it."""
    others = [member for member in named if member.pk != by.pk]
    tell(others, word.conversation, note=NAMED, key=str(word.pk), by=str(by.user), text=word.text[:280])


def holders(conversation: Conversation) -> list[Member]:
    """Who answers for it: its agent; else its team; else those who run the desk."""
    if conversation.assignee is not None:
        return [conversation.assignee]
    chosen = Member.objects.select_related("user")
    if conversation.team_id is not None:
        mates = Teammate.objects.filter(team_id=conversation.team_id).values("member")
        found = list(chosen.filter(pk__in=mates))
        if found:
            return found
    return members_who_may("manage_desk")
