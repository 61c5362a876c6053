"""How counsel wants the rules used: what is in force on a day for a post, and what was in force before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from compliance.models import DryRun, Policy
from compliance.protocol import Severity, Wording
from compliance.queries.brands import same_brand
from compliance.registry import OF_WORDINGS

Parameters = Mapping[str, str | int | float | bool]
REQUIRED = "required_phrase"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a post stands: its places (ISO country codes), its network's slug, and whose products it praises."""

    places: Collection[str]
    network: str = ""
    brands: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class InUse:
    """What the policies in force make of the rules for one post."""

    parameters: Mapping[str, Parameters]
    wordings: tuple[Wording, ...]


def policies_on(day: date) -> list[Policy]:
    """Every policy in force on `day`, oldest first. One query."""
    return list(Policy.objects.on(day).order_by("pk"))


def in_use(policies: Sequence[Policy], scope: Scope) -> InUse:
    """What `policies` (oldest first) make of the rules in `scope`: of each rule the newest that covers it wins.

    Phrases stand beside each other; one that was replaced stands no more, wherever its replacement holds.
    """
    replaced = {policy.replaces_id for policy in policies if policy.replaces_id}
    parameters: dict[str, Parameters] = {}
    wordings: list[Wording] = []
    for policy in policies:
        if not covers(policy, scope):
            continue
        if policy.rule not in OF_WORDINGS:
            parameters[policy.rule] = {**policy.parameters, "on": policy.on}
        elif policy.on and policy.pk not in replaced:
            wordings += wordings_of(policy)
    return InUse(parameters, tuple(wordings))


def covers(policy: Policy, scope: Scope) -> bool:
    """Whether the policy is meant for a post in `scope`. A post whose brand nobody knows falls under every brand's."""
    return (
        (not policy.places or bool(set(policy.places) & set(scope.places)))
        and (not policy.networks or not scope.network or scope.network in policy.networks)
        and (not policy.brands or not scope.brands or _any_brand(policy.brands, scope.brands))
    )


def wordings_of(policy: Policy) -> list[Wording]:
    """The phrases of a policy of a phrase rule: one a line."""
    given = policy.parameters
    return [
        Wording(
            phrase=line.strip(),
            required=policy.rule == REQUIRED,
            language=str(given.get("language", "")),
            severity=Severity(str(given.get("severity") or Severity.REVIEW)),
            reason=policy.reason,
        )
        for line in str(given.get("phrase", "")).splitlines()
        if line.strip()
    ]


def parameters_in_force(on: date, places: Collection[str]) -> Mapping[str, Parameters]:
    """Rule code -> its parameters on the day `on` in `places`, on any network; `on` switches it. One query."""
    return in_use(policies_on(on), Scope(places)).parameters


def history(rule: str) -> QuerySet[Policy]:
    """Every policy there ever was on `rule`, newest first."""
    return Policy.objects.filter(rule=rule).prefetch_related("replaced_by").order_by("-pk")


def dry_runs(rule: str) -> QuerySet[DryRun]:
    """The last tries of a policy on `rule`, newest first."""
    return DryRun.objects.filter(rule=rule).select_related("asked_by__user").order_by("-pk")


def _any_brand(ours: Iterable[str], theirs: Collection[str]) -> bool:
    return any(same_brand(one, other) for one in ours for other in theirs)
