"""What a post claims about a product, and whether evidence for it is on record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from compliance.protocol import Context, Edit, Finding, Severity
from compliance.rules.reading.claim_table import Kind, table, taken_back
from compliance.rules.reading.letters import Letters, fold_letters
from compliance.rules.reading.post import ABOUT, Post, read
from compliance.rules.reading.sieve import Sieve
from networks.protocol import Content

MOST = 5
LONG = 3  # words; of a longer claim half must be covered
NEEDS_TRIAL = frozenset({"health", "body", "weight", "clinical"})
SMALL = frozenset(
    [
        "the",
        "and",
        "for",
        "with",
        "your",
        "our",
        "are",
        "was",
        "has",
        "this",
        "that",
        "than",
        "die",
        "der",
        "das",
        "und",
        "les",
        "des",
        "una",
        "por",
        "con",
        "yang",
        "dan",
    ]
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim found: where it stands, and its words as written."""

    part: str
    span: tuple[int, int]
    words: str


def kind(name: str) -> Kind:
    """The kind of claim called `name`. Raises KeyError."""
    return table()[name]


def claims_something(content: Content, context: Context) -> bool:
    """Whether the post makes any claim for a brand: if not, no rule about claims need look."""
    return bool(read(content, context).once(_claims))


def claims_about(name: str, content: Content, context: Context) -> Sequence[Claim]:
    """The claims of a kind in a post that speaks for a brand; () in a private one. The first five."""
    return read(content, context).once(_claims).get(name, ())


def supported(claim: Claim, context: Context, name: str = "") -> bool:
    """Whether evidence on record covers a claim of the kind `name`: it is about most of what the claim says.

    A claim about the body needs a human trial of the very product: other evidence is no help there.
    """
    words = _words(claim.words)
    items = context.substantiated - context.weak if name in NEEDS_TRIAL else context.substantiated
    return any(_covers(_words(item), words) for item in items)


def _covers(evidence: frozenset[str], claim: frozenset[str]) -> bool:
    """All words of a short claim, most of a long one: "proven" alone proves no cure."""
    missing = len(claim - evidence)
    return bool(claim) and (not missing or (len(claim) >= LONG and missing * 2 <= len(claim)))


def finding(
    name: str, *, code: str, reason: str, source: str, content: Content, context: Context, evidence_helps: bool = True
) -> Sequence[Finding]:
    """The findings of the rule `code` about claims of a kind. `evidence_helps`: evidence on record settles it."""
    claims = claims_about(name, content, context)
    if not claims:
        return ()
    told = kind(name)
    if told.places and told.places.isdisjoint(context.places):
        return ()
    severity = told.own if context.author_role == "brand" and not context.ties else told.stops
    severity = Severity(str(context.parameters.get(code, {}).get("severity", severity)))
    return tuple(
        Finding(
            code=code,
            severity=severity,
            reason=reason,
            source=source,
            span=claim.span,
            part=claim.part,
            edit=_edit(claim, told, content, context),
            parameters={"words": claim.words},
        )
        for claim in claims
        if not (evidence_helps and supported(claim, context, name))
    )


def _edit(claim: Claim, told: Kind, content: Content, context: Context) -> Edit | None:
    """Say it as one's own opinion where the language has words for it; else leave the sentence out, if others stay."""
    if claim.part not in {"text", "title"}:
        return None
    softer = told.softer.get(read(content, context).language)
    if softer:
        return Edit(*claim.span, softer, part=claim.part)
    text = content.text if claim.part == "text" else content.title
    start, end = _sentence(text, claim.span)
    rest = text[:start] + text[end:]
    return Edit(start, end, "", part=claim.part) if len(re.findall(r"\w{2,}", rest)) >= 3 else None


def _sentence(text: str, span: tuple[int, int]) -> tuple[int, int]:
    before = list(re.finditer(r"[.!?\n]\s*", text[: span[0]]))
    start = before[-1].end() if before else _after_label(text, span[0])
    after = re.search(r"[.!?]+\s*|\n", text[span[1] :])
    return start, span[1] + after.end() if after else len(text)


def _after_label(text: str, end: int) -> int:
    """The words of a leading disclosure stay: "Ad: " is no part of the claim's sentence."""
    label = re.match(r"\W{0,4}[#\w]+\s{0,2}[:|-]\s*", text[:end])
    return label.end() if label else 0


@cache
def _sieve() -> Sieve[str]:
    return Sieve((pattern, row.name) for row in table().values() for pattern in row.patterns)


def _claims(post: Post) -> Mapping[str, Sequence[Claim]]:
    """Kind -> its claims, in every part of a post that speaks for a brand."""
    found: dict[str, list[Claim]] = {}
    if not (post.context.author_role == "brand" or post.context.promotes or post.duty):
        return found
    for part in ABOUT:
        if post.parts[part]:
            for name, spans in _found(post.letters(part)).items():
                claims = (Claim(part, span, post.parts[part][slice(*span)]) for span in spans)
                found.setdefault(name, []).extend(claims)
    return {name: claims[:MOST] for name, claims in found.items()}


def _found(letters: Letters) -> Mapping[str, Sequence[tuple[int, int]]]:
    found: dict[str, set[tuple[int, int]]] = {}
    for match, name in _sieve().found(letters):
        if taken_back(name, letters.text, *match.span()):
            continue
        found.setdefault(name, set()).add(letters.span(*match.span()))
    return {name: tuple(_apart(sorted(spans))) for name, spans in found.items()}


def _apart(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans without those that begin inside an earlier one."""
    end = 0
    for span in spans:
        if span[0] >= end:
            yield span
            end = span[1]


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]{3,}", fold_letters(text).text)) - SMALL
