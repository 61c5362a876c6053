"""What is live stands in the shop window as well, from the transaction of its receipt until it is taken away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from networks.protocol import Content
from publishing.models import Publication
from smo.actions import out
from smo.models import Entry

CAMPAIGN = "campaign:"  # how those above name the lot of a campaign


def show(publications: Sequence[Publication]) -> None:
    """These are live now. Answers, comments and further parts of a thread are no entries of their own."""
    posts = [_shown(one) for one in publications if not one.target_kind]
    out.show(posts)


def _shown(one: Publication) -> out.Shown:
    lot = one.lot.removeprefix(CAMPAIGN)
    return out.Shown(
        publication=one.pk,
        account=one.account_id,
        network=one.account.network,
        content=one.sealed,
        url=one.url,
        campaign=int(lot) if one.lot.startswith(CAMPAIGN) and lot.isdecimal() else None,
    )


def take_out(publication: Publication) -> None:
    """It is deleted on its network."""
    out.withdraw([publication.pk], why=Entry.Gone.DELETED)


def out_of_sight(publications: Iterable[int]) -> None:
    """The network does not show these any more, so neither do we."""
    out.withdraw(publications, why=Entry.Gone.UNSEEN)


def in_sight(publications: Iterable[int]) -> None:
    """The network shows these, whatever was found before."""
    out.bring_back(publications)


def reword(publication: Publication, content: Content) -> None:
    """Its words are changed on the network."""
    out.reword(publication.pk, content)
