"""A network made of a workspace's own facts: a person posts there, and everything else is as with any network."""

from __future__ import annotations

from datetime import timedelta

from networks import fits
from networks.protocol import Content, Misfit, OwnFacts, Reconcile, Spotted
from networks.text import count


class Mould:
    """Cast anew from its facts wherever it is asked for; it keeps nothing."""

    reconcile = Reconcile.NONE
    listing_lag = timedelta(0)
    scopes: tuple[str, ...] = ()

    def __init__(self, facts: OwnFacts) -> None:
        self.facts = facts
        self.slug, self.name, self.limits = facts.slug, facts.name, facts.limits

    def count(self, text: str) -> int:
        return count(text, self.limits.counting)

    def misfits(self, content: Content) -> list[Misfit]:
        return fits.misfits(content, self.limits)

    def door(self, handle: str) -> str:
        return self.facts.door(handle)

    def spot(self, url: str) -> Spotted | None:
        found = self.facts.match(url)
        return Spotted(found[0], handle=found[1]) if found else None
