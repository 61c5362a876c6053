"""A sealed post as its readers saw it: where it was cut, and which words disclose."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from compliance.queries.records import limits_of
from compliance.rules.reading.mentions import mentions_in
from compliance.rules.reading.phrases import Says, Weight
from networks.protocol import Content, Limits
from networks.text import fold

Body = Mapping[str, Any]  # Any: the JSON of a link's body


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Words of the text that disclose; `above`: a reader sees them without opening the post."""

    words: str
    span: tuple[int, int]
    above: bool

    def as_json(self) -> dict[str, Any]:  # Any: a JSON object
        return {"words": self.words, "span": list(self.span), "above_fold": self.above}


@dataclass(frozen=True, slots=True)
class Seen:
    """A post with its cut."""

    content: Content
    limits: Limits
    visible: str
    hidden: str
    disclosures: tuple[Disclosure, ...]

    @property
    def figure(self) -> dict[str, Any]:  # Any: a JSON object
        """The fold that was used, with its source."""
        fact = self.limits.facts.get("fold_characters")
        return {
            "characters": self.limits.fold_characters,
            "lines": self.limits.fold_lines,
            "cut_at": len(self.visible),
            "source": fact.source if fact else "",
            "read_on": fact.read_on if fact else "",
        }


def seen(body: Body) -> Seen:
    """What `body`, of a publication's link, looked like."""
    content = Content.from_json(json.loads(body["content"]))
    limits = limits_of(str(body["network"]))
    visible = fold(content.text, limits)
    ties = (body.get("on_record") or {}).get("connections") or []
    brands = tuple(dict.fromkeys(str(tie["brand"]) for tie in ties))
    return Seen(content, limits, visible, content.text[len(visible) :], disclosures(content.text, brands, len(visible)))


def disclosures(text: str, brands: tuple[str, ...], cut: int) -> tuple[Disclosure, ...]:
    """The words of `text` that say what ties the post to a brand; hints and what is taken back do not count."""
    return tuple(
        Disclosure(text[slice(*mention.span)], mention.span, mention.span[1] <= cut)
        for mention in mentions_in("text", text, brands)
        if mention.phrase.weight is not Weight.VAGUE and mention.phrase.says is not Says.HINT and not mention.denied
    )
