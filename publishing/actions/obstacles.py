"""What stands in the way of a post that waits for a person: then its words are not shown to anybody."""

from __future__ import annotations

from enum import StrEnum

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from networks.models import Account
from publishing.actions.gate import standing
from publishing.actions.publisher import sending_since
from publishing.models import Publication
from publishing.protocol import NotPossible

Hold = Publication.Hold


class Obstacle(StrEnum):
    """Why nothing may leave. It reads as a sentence for whoever waits."""

    OFF = "off"
    BRAKE = "brake"
    ACCOUNT = "account"
    CUSTOMS = "customs"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return str(SENTENCES[self])


SENTENCES: dict[Obstacle, Promise] = {
    Obstacle.OFF: _("The publisher is off, so nothing may go out just now. Do not post it."),
    Obstacle.BRAKE: _("Publishing is paused, so nothing may go out just now. Do not post it."),
    Obstacle.ACCOUNT: _("This channel is not in use any more. Do not post it."),
    Obstacle.CUSTOMS: _("The compliance check no longer lets these words pass. Do not post it."),
    Obstacle.UNKNOWN: _("Whether it may go out could not be checked just now. Do not post it yet."),
}


def in_the_way(publication: Publication) -> Obstacle | None:
    """The brake, the publisher's switch, or the account; customs are asked when it is taken. Inside `entered`."""
    try:
        sending_since()
    except NotPossible:
        return Obstacle.OFF
    except OSError:
        return Obstacle.UNKNOWN
    if not Publication.objects.filter(Publication.unbraked(), pk=publication.pk).exists():
        return Obstacle.BRAKE
    return Obstacle.ACCOUNT if publication.account.health != Account.Health.CONNECTED else None


def why_hidden(publication: Publication) -> Obstacle | None:
    """The same, and a verdict that lets these bytes pass today; whatever cannot be told hides the words."""
    stands = in_the_way(publication)
    if stands is not None:
        return stands
    try:
        passes = publication.pk in standing([publication], on=publication.workspace.day(timezone.now()))
    except Exception:  # a check that cannot answer is a check that says no
        return Obstacle.UNKNOWN
    return None if passes else Obstacle.CUSTOMS
