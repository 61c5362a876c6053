"""Words of the shop window that others share: the tags of a link, and why an address cannot be tracked."""

from __future__ import annotations

from dataclasses import dataclass, fields

UTM_FIELDS = ("source", "medium", "campaign", "term", "content")


@dataclass(frozen=True, slots=True)
class Utm:
    """What a link tells the statistics of the site it leads to; empty parts are left out."""

    source: str = ""
    medium: str = ""
    campaign: str = ""
    term: str = ""
    content: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))

    def as_json(self) -> dict[str, str]:
        """The parts that say something."""
        return {name: getattr(self, name) for name in UTM_FIELDS if getattr(self, name)}


class NotTracked(Exception):
    """An address that no tracked link may lead to. `word`: address, private, loop, long or taken (an alias)."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word
