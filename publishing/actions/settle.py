"""A person's word on a publication that nobody else can settle: it is live, send it again, or drop it."""

from __future__ import annotations

from typing import Literal

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from compliance.actions import seal
from networks import registry
from networks.protocol import HandsOver, Receipt
from publishing.actions.move import close_attempt, move
from publishing.actions.queue import hold_children, release_children
from publishing.actions.sealing import sealing_of
from publishing.models import Attempt, Publication
from publishing.protocol import NotPossible
from publishing.rules import remote_id_of
from workspaces.actions import record
from workspaces.models import Member

State = Publication.State
Word = Literal["live", "send_again", "cancel"]


@transaction.atomic
def settle_by_hand(
    publication: Publication, word: Word, *, by: Member, url: str = "", remote_id: str = ""
) -> Publication:
    """Settle a publication that needs attention by what a person saw on the network.

    "live" needs the post's address or the network's id of it; "send_again" and "cancel" say that it is not live.
    Raises NotPossible when it does not need attention or "live" comes without an address, Overtaken when somebody else
    was quicker, IntegrityError when another publication already has that post.
    """
    if publication.state != State.NEEDS_ATTENTION:
        raise NotPossible(_("It does not wait for your word any more."))
    match word:
        case "live":
            receipt = spotted(publication, url) if publication.by_hand else Receipt(remote_id or remote_id_of(url), url)
            _it_is_live(publication, receipt)
            seal(sealing_of(publication, receipt, told_by=str(by.user)))
        case "send_again":
            close_attempt(publication, Attempt.Result.ABSENT, reason=gettext_noop("A person looked: it was not live."))
            move(publication, State.SCHEDULED, due_at=Now(), reason="", detail="", not_before=None, hinted_at=None)
        case "cancel":
            close_attempt(publication, Attempt.Result.ABSENT, reason=gettext_noop("A person looked: it was not live."))
            move(publication, State.CANCELLED, reason="")
            hold_children(publication)
    record(
        publication.workspace_id,
        by=by,
        verb="settle_by_hand",
        thing=f"publication:{publication.pk}",
        word=word,
        url=url,
    )
    return publication


def spotted(publication: Publication, url: str) -> Receipt:
    """The post at `url`, by its network's own pattern. Raises NotPossible when it is none, or another's already."""
    network = registry.get(publication.account.network)
    found = network.spot(url.strip()) if isinstance(network, HandsOver) else None
    if found is None:
        raise NotPossible(_("That is not the address of a post on %(network)s.") % {"network": network.name})
    handle = publication.account.handle
    if found.handle and handle and found.handle.lower() != handle.lower():
        raise NotPossible(_("That post is not by %(account)s.") % {"account": publication.account.name})
    there = Publication.objects.filter(account=publication.account_id, remote_id=found.key).exclude(pk=publication.pk)
    if there.exists():
        raise NotPossible(_("Another post here already has that address."))
    return Receipt(found.key, url.strip()[:1000])


def _it_is_live(publication: Publication, receipt: Receipt) -> None:
    if not receipt.remote_id:
        raise NotPossible(_("Paste the address of the post."))
    close_attempt(publication, Attempt.Result.SUCCEEDED, reason=gettext_noop("A person found it live."))
    move(
        publication,
        State.PUBLISHED,
        remote_id=receipt.remote_id,
        url=receipt.url,
        published_at=Now(),
        reason="",
        detail="",
    )
    release_children(publication)
