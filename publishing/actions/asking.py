"""Asking a person to post by hand: before, when it is due, again, and then their managers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from networks.models import Duty
from publishing.actions.doors import door
from publishing.actions.tell import due_in_words, network_of, shortened
from publishing.models import Handover, Publication
from workspaces.actions import notify
from workspaces.models import Member
from workspaces.protocol import Note
from workspaces.queries import members_who_may

FEW = 40  # letters of the post in a notice: to know it by, not to post it from

SOON = Note(
    slug="by-hand-soon",
    title=_("In %(minutes)s minutes you will be asked to post on %(account)s (%(network)s)"),
    body=_("“%(text)s”\nIt is due %(due)s. You will get its words and pictures then."),
    action=_("See what it is"),
    about=_("A post is yours to put up by hand soon"),
    door=door,
)
ASKED = Note(
    slug="by-hand-asked",
    title=_("Post this on %(account)s (%(network)s) now"),
    body=_("“%(text)s”\nIt is due %(due)s. The page has the words to copy, the pictures and the place to open."),
    action=_("Post it"),
    about=_("A post is yours to put up by hand"),
    door=door,
)
LATE = Note(
    slug="by-hand-late",
    title=_("A post for %(account)s on %(network)s still waits to be put up by hand"),
    body=_("“%(text)s”\nIt was due %(due)s and is with %(person)s since %(since)s."),
    action=_("Post it, or ask them"),
    about=_("A post that is put up by hand is late"),
    door=door,
)
DONE = Note(
    slug="by-hand-done",
    title=_("Did you post it on %(account)s (%(network)s)?"),
    body=_("“%(text)s”\nYou took it at %(since)s and have not said how it went."),
    action=_("Say how it went"),
    about=_("You took a post and did not say how it went"),
    door=door,
)
TAKEN = Note(
    slug="by-hand-taken",
    title=_("%(person)s took over the post for %(account)s on %(network)s"),
    body=_("“%(text)s”\nIf you have posted it already, say so at once: otherwise it appears twice."),
    action=_("Say how it went"),
    about=_("Somebody took over a post that you had taken"),
    door=door,
)


def whom(publication: Publication, now: datetime) -> Member | None:
    """Who is in charge of its account at this hour; None when nobody is."""
    duty = Duty.objects.filter(account=publication.account_id).select_related("keeper__user", "deputy__user").first()
    person = duty.asked(now.astimezone(ZoneInfo(publication.workspace.zone))) if duty else None
    return person if person is not None and person.may("post_by_hand") and person.user.is_active else None


def also(publication: Publication, first: Member | None) -> list[Member]:
    """Who else has charge of the account; everybody who may post by hand where nobody has."""
    duty = Duty.objects.filter(account=publication.account_id).select_related("keeper__user", "deputy__user").first()
    others = duty.others(first) if duty else []
    return others or ([] if first else members_who_may("post_by_hand"))


def managers() -> list[Member]:
    """Who is told when nobody posts it."""
    return members_who_may("manage_workspace")


def tell(
    publication: Publication, handover: Handover, members: Iterable[Member], note: Note, **more: Any
) -> None:  # Any: what fills the note's words
    """Each of `members` once for this round and note, with a link of their own."""
    when = "" if note is not SOON else f"{publication.due_at:%Y%m%dT%H%M}"
    notify(
        members,
        note=note,
        key=f"handover:{publication.pk}:{handover.round}:{handover.level}:{note.slug}{when}",
        url=reverse("publishing:by_hand", args=[publication.workspace.slug, publication.pk]),
        network=network_of(publication),
        account=publication.account.name,
        text=shortened(publication, FEW),
        due=due_in_words(publication),
        publication=publication.pk,
        **more,
    )


def clock_of(publication: Publication, at: datetime | None) -> str:
    """A moment on the workspace's clock; with its day when that is another one than today."""
    if at is None:
        return ""
    zone = ZoneInfo(publication.workspace.zone)
    local, today = at.astimezone(zone), timezone.now().astimezone(zone).date()
    return f"{local:%H:%M}" if local.date() == today else f"{date_format(local, 'j M')} {local:%H:%M}"
