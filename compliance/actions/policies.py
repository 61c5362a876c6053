"""How the workspace uses a rule is set here."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from compliance import registry
from compliance.models import Policy
from workspaces.actions import record
from workspaces.models import Member


def set_policy(policy: Policy, *, by: Member) -> Policy:
    """A new word on how the workspace uses a rule; the newest in force wins, the earlier ones stay on record."""
    registry.get(policy.rule)
    with transaction.atomic():
        policy.set_by, policy.set_by_name = by, str(by.user)
        policy.save(force_insert=True)
        record(
            policy.workspace_id,
            by=by,
            verb="set_policy",
            thing=f"policy:{policy.pk}",
            rule=policy.rule,
            on=policy.on,
            parameters=policy.parameters,
            places=policy.places,
            networks=policy.networks,
            brands=policy.brands,
            starts_on=policy.starts_on,
            ends_on=policy.ends_on,
            replaces=policy.replaces_id,
            reason=policy.reason,
        )
    return policy


def end_wording(policy: Policy, *, reason: str, by: Member) -> Policy:
    """A banned or required phrase holds no more from today on; what was said before stays on record."""
    return set_policy(
        Policy(
            rule=policy.rule,
            on=False,
            parameters=policy.parameters,
            places=policy.places,
            networks=policy.networks,
            brands=policy.brands,
            replaces=policy,
            reason=reason,
            starts_on=by.workspace.day(timezone.now()),
        ),
        by=by,
    )
