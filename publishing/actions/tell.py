"""Telling people that a post needs them: refused, in doubt, too late, or held by customs."""

from __future__ import annotations

import logging
from zoneinfo import ZoneInfo

from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from networks import registry
from publishing.models import Publication
from publishing.queries import said
from workspaces.actions import notify
from workspaces.models import Member
from workspaces.protocol import Note
from workspaces.queries import members_who_may

logger = logging.getLogger(__name__)
State = Publication.State
Hold = Publication.Hold
SHOWN = 90  # letters of the post

NOTES = {
    State.REFUSED: Note(
        slug="publication-refused",
        title=_("%(network)s refused a post of %(account)s"),
        body=_("“%(text)s”\n%(reason)s"),
        action=_("See what to change"),
        about=_("A network refused a post"),
    ),
    State.NEEDS_ATTENTION: Note(
        slug="publication-in-doubt",
        title=_("Is this post of %(account)s live on %(network)s?"),
        body=_("“%(text)s”\n%(reason)s It is not sent again until you say so."),
        action=_("Settle it"),
        about=_("A post may or may not be live"),
    ),
    State.MISSED: Note(
        slug="publication-missed",
        title=_("A post of %(account)s missed its time on %(network)s"),
        body=_("“%(text)s”\nIt was due %(due)s. %(reason)s"),
        action=_("Decide what to do"),
        about=_("A post missed its time"),
    ),
    State.HELD: Note(
        slug="publication-held",
        title=_("A post of %(account)s for %(network)s is held"),
        body=_("“%(text)s”\n%(reason)s"),
        action=_("See what to change"),
        about=_("A post is held by the compliance check"),
    ),
}
_said = lazy(said, str)


def tell(publication: Publication) -> None:
    """Tell its author and everybody who may settle it; nothing where nobody is needed. Never raises.

    What waits for its account or for the post it continues was told with those.
    """
    note = NOTES.get(State(publication.state))
    if note is None or (publication.state == State.HELD and publication.held_for != Hold.CUSTOMS):
        return
    try:
        with transaction.atomic():  # a notice that cannot be made takes nothing along
            _tell(publication, note)
    except DatabaseError:
        logger.exception("nobody could be told of publication %s", publication.pk)


def _tell(publication: Publication, note: Note) -> None:
    account, now = publication.account, timezone.now()
    notify(
        _receivers(publication),
        note=note,
        key=f"publication:{publication.pk}:{publication.state}:{now:%Y%m%dT%H%M%S}",
        url=reverse("publishing:publication", args=[publication.workspace.slug, publication.pk]),
        network=network_of(publication),
        account=account.name,
        text=shortened(publication),
        reason=_said(publication.reason),
        due=due_in_words(publication),
        publication=publication.pk,
    )


def network_of(publication: Publication) -> str:
    """Its network's name; the slug where the plug-in is gone."""
    slug = publication.account.network
    return registry.get(slug).name if registry.known(slug) else slug


def _receivers(publication: Publication) -> list[Member]:
    members = members_who_may("settle_publications")
    author = publication.queued_by_id
    if author is not None and author not in {member.pk for member in members}:
        members += Member.objects.filter(pk=author).select_related("user")
    return members


def shortened(publication: Publication, most: int = SHOWN) -> str:
    """Its first words, on one line."""
    text = " ".join(str(publication.content.get("text") or publication.content.get("title") or "").split())
    return text if len(text) <= most else f"{text[:most].rstrip()}…"


def due_in_words(publication: Publication) -> str:
    """Its due time as the reader writes times; lazily, as each reader has a language."""
    if not hasattr(publication.due_at, "astimezone"):  # PostgreSQL works it out just now
        publication.refresh_from_db(fields=["due_at"])
    local = publication.due_at.astimezone(ZoneInfo(publication.zone or publication.workspace.zone))
    return lazy(lambda: f"{date_format(local, 'SHORT_DATE_FORMAT')} {local:%H:%M}", str)()
