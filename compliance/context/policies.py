"""Policies as people read them: what each sets, where it holds, and which one holds now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from compliance import registry
from compliance.models import Policy
from compliance.protocol import Parameter, ParameterKind
from networks import registry as networks


@dataclass(frozen=True, slots=True)
class InPlace:
    """One policy of a rule's history. `holds`: in force today and not replaced by one that is."""

    policy: Policy
    facts: list[tuple[str, str]]
    holds: bool
    phrase: str = ""


def in_place(history: Sequence[Policy], today: date) -> list[InPlace]:
    """A rule's policies, newest first as given, and which of them hold today."""
    current = [policy for policy in history if policy.in_force(today)]
    replaced = {policy.replaces_id for policy in current}
    return [
        InPlace(
            policy=policy,
            facts=policy_facts(policy),
            holds=policy in current and policy.pk not in replaced,
            phrase=str(policy.parameters.get("phrase", "")),
        )
        for policy in history
    ]


def policy_facts(policy: Policy) -> list[tuple[str, str]]:
    """What the policy sets and where it holds, in the reader's language."""
    known = {one.name: one for one in registry.parameters_of(registry.get(policy.rule))}
    facts = [(_("This rule is"), _("In use") if policy.on else _("Not in use"))]
    facts += [(_(known[n].title), _said(known[n], str(v))) for n, v in policy.parameters.items() if n in known]
    places = ", ".join(policy.places) or _("everywhere")
    names = [networks.get(slug).name if networks.known(slug) else slug for slug in policy.networks]
    where = [places, ", ".join(names), ", ".join(policy.brands)]
    facts.append((_("Where"), " \u00b7 ".join(part for part in where if part)))
    until = date_format(policy.ends_on, "j M Y") if policy.ends_on else "\u2026"
    facts.append((_("When"), f"{date_format(policy.starts_on, 'j M Y')} \u2013 {until}"))
    return facts


def _said(parameter: Parameter, value: str) -> str:
    if parameter.kind is ParameterKind.CHOICE:
        return _(dict(parameter.choices).get(value, value))
    return ", ".join(value.splitlines())
