"""A sealed post as its readers saw it: where it was cut, and which words disclose."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from compliance.protocol import ConnectionKind, Context, Tie
from compliance.queries.records import limits_of
from compliance.rules.reading.phrases import Says, Weight
from compliance.rules.reading.post import read
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
    context = Context(network=str(body["network"]), limits=limits, ties=_ties(body), language=content.language)
    hidden = content.text[len(visible) :]
    return Seen(content, limits, visible, hidden, disclosures(content, context, len(visible)))


def disclosures(content: Content, context: Context, cut: int) -> tuple[Disclosure, ...]:
    """The words of the text that say what ties the post to a brand; hints and what is taken back do not count."""
    return tuple(
        Disclosure(content.text[slice(*mention.span)], mention.span, mention.span[1] <= cut)
        for mention in read(content, context).mentions
        if mention.part == "text"
        and mention.phrase.weight is not Weight.VAGUE
        and mention.phrase.says is not Says.HINT
        and not mention.denied
    )


def _ties(body: Body) -> tuple[Tie, ...]:
    rows = (body.get("on_record") or {}).get("connections") or []
    return tuple(Tie(ConnectionKind(row["kind"]), str(row["brand"])) for row in rows)
