"""A link for one person to one post that is theirs to put up by hand: it opens on a phone without signing in.

It is personal (who opens it is on record), it opens nothing else, and it ends with the round it was made for, with
the person's membership or right, and after a day and a half. Why not a sign-in: whoever is asked stands in a shop or
sits in a train, with the network's own app open and this one not; a password there makes the post late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.urls import resolve, reverse

from publishing.models import Handover, Publication

SALT = "by-hand"
LASTS = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Door:
    """What a link names: a post on its way by hand, the member it was made for, and the round."""

    workspace_id: int
    publication_id: int
    member_id: int
    round: int


def door(workspace_id: int, member_id: int, url: str) -> str:
    """The personal address of the page at `url`. Inside `entered`; two queries."""
    publication_id = int(resolve(url).kwargs["pk"])
    scheduled = Publication.objects.filter(pk=publication_id, state=Publication.State.SCHEDULED).exists()
    found = Handover.objects.filter(publication=publication_id).values_list("round", flat=True).first() or 0
    # Before the due time it is the coming round that it opens.
    opened = Door(workspace_id, publication_id, member_id, found + scheduled)
    path: str = reverse("publishing:door", args=[token(opened)])
    return path


def token(opened: Door) -> str:
    told = {"w": opened.workspace_id, "p": opened.publication_id, "m": opened.member_id, "r": opened.round}
    return signing.dumps(told, salt=SALT, compress=True)


def door_of(text: str) -> Door:
    """What a link names. Raises signing.BadSignature for one that we did not make, or that is too old."""
    told = signing.loads(text, salt=SALT, max_age=LASTS)
    return Door(int(told["w"]), int(told["p"]), int(told["m"]), int(told["r"]))
