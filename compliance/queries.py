"""What is on record about a text, and what customs and its officers said about it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from compliance import registry as rules
from compliance.models import Case, Connection, Decision, Endorser, Policy, Substantiation, Verdict
from compliance.protocol import ConnectionKind, Context, Outcome, Tie
from compliance.rules.reading.folds import limits_without_adapter
from compliance.rules.reading.letters import fold_letters
from networks import registry
from networks.protocol import Content, Limits
from workspaces.models import Workspace

LABEL_OPTIONS = ("paid_partnership", "branded_content", "has_paid_product_placement")
DEFAULT_PLACES = ("US",)
EARLIER = 5
SHORTEST_NAME = 4

Parameters = Mapping[str, str | int | float | bool]


def context_for(
    content: Content,
    *,
    account_network: str,
    endorser: Endorser | None,
    workspace: Workspace,
    on: date,
    surface: str = "post",
    brands: Collection[str] = (),
    around: Mapping[str, str] | None = None,
) -> Context:
    """Everything on record on the day `on` that a verdict on `content` depends on. Up to three queries.

    With an endorser the post speaks for the brand; without one it is the brand's own. `brands` narrows the
    connections to these brands (any case); empty: all of the endorser's.
    """
    places = places_of(workspace, endorser)
    ties = _ties(endorser, on, brands)
    return Context(
        network=account_network,
        limits=limits_of(account_network),
        ties=ties,
        endorser=endorser.name if endorser else "",
        author_role=_role(endorser, ties),
        places=places,
        language=content.language,
        substantiated=frozenset(
            claim.lower() for claim in Substantiation.objects.on(on).values_list("claim", flat=True)
        ),
        platform_label=any(bool(content.options.get(name)) for name in LABEL_OPTIONS),
        surface=surface,
        promotes=bool(ties),
        around=dict(around or {}),
        today=on,
        parameters=parameters_in_force(on, places),
    )


def limits_of(network: str) -> Limits:
    """The network's own table, or a cautious one where no adapter is plugged in."""
    return registry.get(network).limits if registry.known(network) else limits_without_adapter(network)


def places_of(workspace: Workspace, endorser: Endorser | None) -> tuple[str, ...]:
    """Where the post is judged: the workspace's places and the endorser's own, each once."""
    found = [*workspace.places, *([endorser.place] if endorser and endorser.place else [])]
    return tuple(dict.fromkeys(place.upper() for place in found)) or DEFAULT_PLACES


def parameters_in_force(on: date, places: Collection[str]) -> dict[str, Parameters]:
    """Rule code -> its parameters by the newest policy in force that covers one of `places`; `on` switches it."""
    found: dict[str, Parameters] = {}
    for policy in Policy.objects.on(on).order_by("pk"):
        if not policy.places or set(policy.places) & set(places):
            found[policy.rule] = {**policy.parameters, "on": policy.on}
    return found


def passes(verdict: Verdict) -> bool:
    """Whether these bytes may go out: allowed, or sent to a person whose latest word is to approve. One query."""
    latest = Decision.objects.filter(verdict=verdict).order_by("-pk").values_list("choice", flat=True).first()
    if latest is None:
        return verdict.outcome == Outcome.ALLOW
    return latest == Decision.Choice.APPROVE and verdict.outcome in {Outcome.ALLOW, Outcome.REVIEW}


def _ties(endorser: Endorser | None, on: date, brands: Collection[str]) -> tuple[Tie, ...]:
    if endorser is None:
        return ()
    wanted = [brand for brand in brands if brand.strip()]
    found = Connection.objects.on(on).filter(endorser=endorser).order_by("pk")
    return tuple(
        Tie(
            kind=ConnectionKind(row.kind),
            brand=row.brand,
            value=float(row.value) if row.value is not None else None,
            currency=row.currency,
        )
        for row in found
        if not wanted or any(same_brand(row.brand, brand) for brand in wanted)
    )


def same_brand(one: str, other: str) -> bool:
    """Whether two spellings name one brand: "Teras Kopi", "teraskopi" and "Teras Kopi Indonesia" do.

    Rather too much than too little: a connection that is overlooked lets a hidden advertisement out.
    """
    first, second = (re.sub(r"[\W_]", "", fold_letters(name).text) for name in (one, other))
    shorter, longer = sorted((first, second), key=len)
    return shorter == longer or (len(shorter) >= SHORTEST_NAME and shorter in longer)


def _role(endorser: Endorser | None, ties: Collection[Tie]) -> str:
    if endorser is None:
        return "brand"
    return "employee" if any(tie.kind == ConnectionKind.EMPLOYMENT for tie in ties) else "influencer"


def queue(status: str) -> QuerySet[Case]:
    """The cases of one status, what goes out soonest first; decided ones newest first."""
    cases = Case.objects.filter(status=status).select_related("verdict", "endorser", "author__user")
    if status in {Case.Status.OPEN, Case.Status.WAITING}:
        return cases.order_by(F("due_at").asc(nulls_last=True), "pk")
    return cases.order_by("-closed_at", "-pk")


def counts() -> dict[str, int]:
    """How many cases there are by status. One query."""
    found = Case.objects.order_by().values_list("status").annotate(n=Count("pk"))
    return dict(found)


def decided_before(case: Case) -> QuerySet[Decision]:
    """Earlier decisions on texts with a finding of one of the same rules, newest first."""
    same = Q()
    for code in {row["code"] for row in case.verdict.findings}:
        same |= Q(verdict__findings__contains=[{"code": code}])
    if not same:
        return Decision.objects.none()
    found = Decision.objects.filter(same).exclude(verdict=case.verdict_id)
    return found.select_related("verdict").order_by("-pk")[:EARLIER]


def reason_of(reason: str, parameters: Mapping[str, Any]) -> str:  # Any: JSON values
    """A finding's reason in the reader's language, its figures filled in."""
    told = {name: _(str(value)) if name == "kind" else value for name, value in parameters.items()}
    return _(reason) % told if told else _(reason)


def retold(sentence: str) -> str:
    """A finding's reason kept as a whole English sentence, in the reader's language; "" where no rule says so."""
    for reason, pattern in _patterns():
        if match := pattern.fullmatch(sentence):
            return reason_of(reason, match.groupdict())
    return ""


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Every rule's reason, and what it looks like with its figures filled in."""
    reasons = [str(getattr(rule, "REASON", "")) for rule in rules.every()]
    return tuple((reason, _pattern(reason)) for reason in reasons if reason)


def _pattern(reason: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", reason)
    known = (f"(?P<{part}>.+)" if at % 2 else re.escape(part.replace("%%", "%")) for at, part in enumerate(parts))
    return re.compile("".join(known), re.DOTALL)
