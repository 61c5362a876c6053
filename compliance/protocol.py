"""The words of customs: what a rule is given, what it may find, and what may leave."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

from networks.protocol import Content, Limits, Option


class Outcome(StrEnum):
    ALLOW = "allow"  # may be published
    REVIEW = "review"  # stopped for a person
    BLOCK = "block"  # stopped until mended


class Severity(StrEnum):
    BLOCK = "block"
    REVIEW = "review"
    ADVICE = "advice"


class ConnectionKind(StrEnum):
    """What a brand gave, or is, to the person who praises it (16 CFR 255.5)."""

    PAYMENT = "payment"
    FREE_PRODUCT = "free_product"
    DISCOUNT = "discount"
    LOAN = "loan"
    TRIP = "trip"
    COMMISSION = "commission"
    CONSULTANCY = "consultancy"
    EMPLOYMENT = "employment"
    FAMILY = "family"
    OWNERSHIP = "ownership"
    SWEEPSTAKES = "sweepstakes"
    EARLY_ACCESS = "early_access"


class Sureness(StrEnum):
    """How far a line of law was checked."""

    CONFIRMED = "confirmed"  # read in the primary text, or a copy of it
    SECONDARY = "secondary"  # read in a law firm's or a regulator's account of it
    UNCONFIRMED = "unconfirmed"  # from memory or a single blog: counsel must look before relying on it


@dataclass(frozen=True, slots=True)
class Law:
    """One line of law a rule stands on: where it is written, when it was read, and how sure we are."""

    place: str  # ISO country code, "EU", or a network's name for its own terms
    where: str
    read_on: str  # ISO date
    sureness: Sureness
    says: str = ""


def gettext_noop(message: str) -> str:
    """Mark a sentence for the translators; it is translated where a person reads it."""
    return message


@dataclass(frozen=True, slots=True)
class Tie:
    """One material connection in force, as a rule sees it. `value` in `currency`; None when it was not recorded."""

    kind: ConnectionKind
    brand: str
    value: float | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """A phrase that counsel of this workspace bans or requires; `language` "" means in every language.

    `severity` is what a post gets that says a banned one or lacks a required one; `reason` is counsel's own sentence.
    """

    phrase: str
    required: bool = False
    language: str = ""
    severity: Severity = Severity.REVIEW
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on record that a verdict depends on, apart from the content itself.

    `network` is the slug, `limits` its table (for the fold); `places` are ISO country codes, strictest wins;
    `substantiated` are the claims with evidence in force, in lower case. `promotes`: the post is known to speak for
    the brand (it is part of its campaign), whatever its words. `around` is what else is known of the post and is not
    in the content: "overlay", "spoken", "image_text", "link_preview", "first_comment", "bio", and
    "addresses": what its short links stand for.
    """

    network: str
    limits: Limits
    ties: tuple[Tie, ...] = ()
    endorser: str = ""
    author_role: str = ""  # "brand" | "influencer" | "employee" | ...; empty when unknown
    places: tuple[str, ...] = ("US",)
    language: str = ""  # of the audience; empty: that of the text
    substantiated: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()  # those of them that no human trial of the very product stands behind
    signed: frozenset[str] = frozenset()  # what the endorser confirmed by a letter, where counsel demands it
    audience_age: str = ""  # how old most of those are who follow the endorser: "under_13", ...; empty when unknown
    platform_label: bool = False
    surface: str = "post"  # post | comment | reply | story | live
    promotes: bool = False
    around: Mapping[str, str] = field(default_factory=dict)
    today: date | None = None
    parameters: Mapping[str, Mapping[str, str | int | float | bool]] = field(default_factory=dict)
    wordings: tuple[Wording, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over what the verdict was given under; another digest asks for another verdict."""
        facts = {
            "network": self.network,
            "ties": sorted(json.dumps(asdict(t), sort_keys=True) for t in self.ties),
            "endorser": self.endorser,
            "author_role": self.author_role,
            "places": sorted(self.places),
            "language": self.language,
            "substantiated": sorted(self.substantiated),
            "label": self.platform_label,
            "surface": self.surface,
            "promotes": self.promotes,
            "around": dict(sorted(self.around.items())),
            "parameters": {k: dict(v) for k, v in sorted(self.parameters.items())},
        }
        for name in ("weak", "signed"):
            if told := getattr(self, name):
                facts[name] = sorted(told)
        if self.audience_age:
            facts["audience_age"] = self.audience_age
        if self.wordings:
            facts["wordings"] = sorted(json.dumps(asdict(w), sort_keys=True) for w in self.wordings)
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


OPTION = "option:"
IN_VIDEO = "disclosed_in_video"
"""The content's option by which its author confirms that the video itself discloses: "shown", "said" or "both"."""
IN_VIDEO_OPTION = Option(IN_VIDEO, gettext_noop("The video itself shows and says who is behind it"))
"""The same as a yes or no in a composer; yes is "both"."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The smallest change that mends a finding: replace `text[start:end]` of `part` by `insert`.

    `part` is "text", "title", or "option:<name>" for a switch of the content that is to become `insert`.
    """

    start: int
    end: int
    insert: str
    part: str = "text"

    def apply(self, text: str) -> str:
        return text[: self.start] + self.insert + text[self.end :]


def mended(content: Content, edit: Edit) -> Content:
    """`content` with `edit` made. Raises ValueError for a part that no edit may change."""
    if edit.part == "text":
        return replace(content, text=edit.apply(content.text))
    if edit.part == "title":
        return replace(content, title=edit.apply(content.title))
    if edit.part.startswith(OPTION):
        return replace(content, options={**content.options, edit.part.removeprefix(OPTION): edit.insert})
    raise ValueError(f"No edit may change {edit.part!r}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a rule found. `span`: (start, end) in `part`, in code points; None when there is none to show.

    `reason` is an English sentence to translate, with `parameters` for its %(name)s places.
    """

    code: str
    severity: Severity
    reason: str
    source: str
    span: tuple[int, int] | None = None
    part: str = "text"
    edit: Edit | None = None
    parameters: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """One example a rule carries; the rule's own test runs it."""

    content: Content
    context: Context
    finds: bool
    why: str = ""


Check = Callable[[Content, Context], Sequence[Finding]]
Concern = Callable[[Content, Context], bool]
"""A question that several rules share: while it is answered no, none of them can find anything."""


class ParameterKind(StrEnum):
    """How a parameter is asked for."""

    NUMBER = "number"
    CHOICE = "choice"
    WORDS = "words"  # one a line


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing about a rule that counsel may set: the policy's form and the API are made from it.

    Its value arrives in `context.parameters[code][name]`; `default` is what the rule does without one. `choices` are
    (value, words); `low` and `high` bound a number.
    """

    name: str
    title: str
    kind: ParameterKind
    help: str = ""
    default: str | int = ""
    choices: tuple[tuple[str, str], ...] = ()
    low: int = 0
    high: int = 0


class Rule(Protocol):
    """A module in compliance/rules/: its docstring is the sentence the user sees.

    It may share a question with others, as `concerns` (a Concern). It may declare `parameters`, a sequence of
    Parameter, beside those that every rule has (registry.parameters_of).
    """

    __doc__: str | None
    code: str
    title: str
    source: str
    law: Sequence[Law]
    examples: Sequence[Example]

    def check(self, content: Content, context: Context) -> Sequence[Finding]: ...


@dataclass(frozen=True, slots=True)
class Screening:
    """What customs says about `content` under `context`."""

    outcome: Outcome
    findings: tuple[Finding, ...]
    content: Content
    context: Context
    rules_version: str

    @property
    def fingerprint(self) -> str:
        """Which bytes it is about; worked out when asked, for an archive of posts never asks."""
        return self.content.fingerprint

    @property
    def context_digest(self) -> str:
        """What was on record; worked out when asked."""
        return self.context.digest
