"""Who has read how far, and notes between colleagues."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.translation import gettext as _

from social_crm.actions.telling import tell_named
from social_crm.models import Conversation, Note, Seen
from social_crm.protocol import INBOX
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member

NAMED = re.compile(r"(?:^|\s)@([\w.-]+)")


def read(conversation: Conversation, *, by: Member) -> None:
    """`by` has the whole conversation on the screen: nothing in it is new to them, or to whoever comes next."""
    Seen.objects.update_or_create(
        conversation=conversation, member=by, defaults={"message": conversation.newest_message}
    )
    if conversation.unread and by.may("answer_inbox"):
        conversation.unread, conversation.woke = 0, ""
        _save(conversation)


@transaction.atomic
def unread(conversation: Conversation, *, by: Member) -> None:
    """Mark it as new again, to come back to it."""
    Seen.objects.filter(conversation=conversation, member=by).delete()
    locked = Conversation.objects.select_for_update().get(pk=conversation.pk)
    locked.unread = max(locked.unread, 1)
    _save(locked)


@transaction.atomic
def note(conversation: Conversation, *, text: str, by: Member) -> Note:
    """Leave a word for colleagues; whoever is named with @ is told. Raises ValueError when it is empty."""
    if not text.strip():
        raise ValueError(_("Write a note first."))
    locked = Conversation.objects.select_for_update().get(pk=conversation.pk)
    made: Note = Note.objects.create(conversation=locked, by=by, text=text.strip())
    _save(locked)
    tell_named(made, named_in(text), by=by)
    record(conversation.workspace_id, by=by, verb="noted", thing=f"conversation:{conversation.pk}")
    return made


def named_in(text: str) -> list[Member]:
    """The members whom `text` names: by the first word of their name, their whole name without spaces, or address.

    One query, none when nobody is named. A name that two share names both.
    """
    called = {name.lower().rstrip(".-") for name in NAMED.findall(text)}
    if not called:
        return []
    members = Member.objects.select_related("user")
    return [member for member in members if called & set(names_of(member))]


def names_of(member: Member) -> list[str]:
    """What a member can be called after an @, in lower case."""
    whole = member.user.name.lower()
    address = member.user.email.split("@")[0].lower()
    return [name for name in (whole.replace(" ", ""), *whole.split()[:1], address) if name]


def _save(conversation: Conversation) -> None:
    conversation.version += 1
    conversation.save()
    touch(conversation.workspace_id, INBOX)
