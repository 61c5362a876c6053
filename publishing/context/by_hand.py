"""One post that a person puts up by hand, as its page shows it: what they may see of it, and what comes next."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from networks import registry
from networks.fits import wording
from networks.protocol import HandsOver, Media
from publishing.actions.obstacles import Obstacle, why_hidden
from publishing.models import Handover, Publication
from publishing.rules import UNDONE_WITHIN
from workspaces.models import Member

State = Publication.State
WITH_A_PERSON = (State.HANDED, State.PUBLISHING, State.NEEDS_ATTENTION)


@dataclass(frozen=True, slots=True)
class Piece:
    """One picture or video to take along; `number` from 1, as its address has it."""

    number: int
    media: Media

    @property
    def name(self) -> str:
        return name_of(self.number, self.media)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page shows. `step`: soon, ask, mine, theirs, said, question, done or over.

    The words, the pieces and the door are there for whoever took the post, and only while nothing stands in the way.
    """

    publication: Publication
    handover: Handover
    step: str
    obstacle: Obstacle | None
    words: str = ""
    title: str = ""
    pieces: tuple[Piece, ...] = ()
    door: str = ""
    note: str = ""
    late: bool = False
    seconds: int = 0

    @property
    def stamp(self) -> str:
        """Changes whenever the page would look different: an open page asks by it."""
        told = (self.publication.state, self.publication.fence, self.step, self.obstacle and self.obstacle.value)
        more = (self.handover.round, self.handover.holder_id, self.handover.seen, self.publication.fingerprint)
        return hashlib.sha256(repr((told, more)).encode()).hexdigest()[:16]

    @property
    def holder_since(self) -> datetime | None:
        return self.handover.held_at


def sheet(publication: Publication, member: Member, now: datetime | None = None) -> Sheet:
    """The page for `member`. Inside `entered`; about eight queries."""
    now = now or timezone.now()
    handover = Handover.objects.filter(publication=publication).select_related("holder", "asked").first()
    handover = handover or Handover(publication=publication, workspace_id=publication.workspace_id)
    step = _step(publication, handover, member)
    hidden = why_hidden(publication) if step in ("ask", "mine", "theirs") else None
    late = publication.state in WITH_A_PERSON and now > publication.due_at
    seconds = _left(handover, now) if step == "said" else 0
    if step != "mine" or hidden is not None:
        return Sheet(publication, handover, step, hidden, late=late, seconds=seconds)
    content, network = publication.sealed, registry.get(publication.account.network)
    own = registry.own_facts(publication.account.network)
    return Sheet(
        publication,
        handover,
        step,
        None,
        words=wording(content),
        title=content.title,
        pieces=pieces(content.media),
        door=network.door(publication.account.handle) if isinstance(network, HandsOver) else "",
        note=own.note if own else "",
        late=late,
    )


def pieces(media: Sequence[Media]) -> tuple[Piece, ...]:
    return tuple(Piece(number, one) for number, one in enumerate(media, 1))


def name_of(number: int, media: Media) -> str:
    """What a piece is called on the person's phone: in order, and with an ending that its apps know."""
    ending = {"image/jpeg": "jpg", "video/quicktime": "mov"}.get(media.mime) or media.mime.rpartition("/")[2]
    return f"{number:02}.{ending}"


def mine_first(member: Member) -> QuerySet[Publication]:
    """Everything that is or soon will be with a person, by its time."""
    soon = timezone.now() + timedelta(hours=24)
    states = (State.SCHEDULED, *WITH_A_PERSON)
    found = Publication.objects.filter(by_hand=True, state__in=states, due_at__lt=soon)
    return found.select_related("account", "handover").order_by("due_at", "pk")


def _step(publication: Publication, handover: Handover, member: Member) -> str:
    match publication.state:
        case State.SCHEDULED:
            return "soon"
        case State.HANDED:
            return "ask"
        case State.PUBLISHING if handover.said_at is not None:
            return "said"
        case State.PUBLISHING:
            return "mine" if handover.holder_id == member.pk else "theirs"
        case State.NEEDS_ATTENTION | State.RECONCILING:
            return "question"
        case State.PUBLISHED:
            return "done"
    return "over"


def _left(handover: Handover, now: datetime) -> int:
    said = handover.said_at or now
    return max(0, round((said + UNDONE_WITHIN - now).total_seconds()))
