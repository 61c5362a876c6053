"""A policy is tried on the last posts before it takes effect: what it would stop, and what it would let out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from compliance import registry
from compliance.actions.desk import TOPIC
from compliance.actions.screening import Asked
from compliance.models import DryRun, Policy
from compliance.protocol import Outcome, Screening
from compliance.queries import OnRecord, context_for
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member, Workspace

MOST = 1000
FIELDS = ("rule", "on", "parameters", "places", "networks", "brands", "replaces_id", "reason", "starts_on", "ends_on")
State = DryRun.State


@dataclass(frozen=True, slots=True)
class Sample:
    """One post to try the policy on: what customs judge, and where a person finds it."""

    asked: Asked
    title: str
    link: str
    when: str


def try_policy(policy: Policy, *, by: Member) -> DryRun:
    """Ask for a dry run of `policy`, which is not kept; the clock finds it and runs it in the background."""
    registry.get(policy.rule)
    plain = {name: getattr(policy, name) for name in FIELDS}
    with transaction.atomic():
        run = DryRun.objects.create(rule=policy.rule, policy=_json(plain), asked_by=by)
        record(run.workspace_id, by=by, verb="tried_policy", thing=f"dry run:{run.pk}", rule=policy.rule)
    touch(run.workspace_id, TOPIC)
    return run


def policy_of(run: DryRun) -> Policy:
    """The policy that was tried, not kept yet."""
    given = dict(run.policy)
    for name in ("starts_on", "ends_on"):
        given[name] = date.fromisoformat(given[name]) if given[name] else None
    return Policy(**given)


def dry_runs_queued(batch: int) -> list[tuple[int, int]]:
    """(id, workspace id) of dry runs that wait to begin, over all workspaces, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, workspace_id FROM dry_runs_queued(%s)", [batch])
        return [(int(row[0]), int(row[1])) for row in cursor.fetchall()]


def begin_trying(run_id: int, *, total: int) -> DryRun | None:
    """The run, ours to make; None when somebody has begun it."""
    mine = DryRun.objects.filter(pk=run_id, state=State.QUEUED)
    if not mine.update(state=State.RUNNING, total=total, began_at=timezone.now()):
        return None
    return DryRun.objects.get(pk=run_id)


def try_on(run: DryRun, samples: Sequence[Sample], *, workspace: Workspace, on: date) -> DryRun:
    """Judge each sample as it is judged now and as it would be; keep what differs, and how far we are."""
    now, then = OnRecord(on), OnRecord(on)
    then.policies = [*now.policies, policy_of(run)]
    for sample in samples:
        before, after = (_judged(sample.asked, records, workspace, on) for records in (now, then))
        change = _change(before, after)
        if change:
            run.changes.append({"what": change, "title": sample.title, "link": sample.link, "when": sample.when})
            run.changes[-1] |= {
                "before": str(before.outcome),
                "after": str(after.outcome),
                "codes": sorted({finding.code for finding in (after if change == "stopped" else before).findings}),
            }
    run.done = min(run.total, run.done + len(samples))
    run.stopped = sum(one["what"] == "stopped" for one in run.changes)
    run.allowed = sum(one["what"] == "allowed" for one in run.changes)
    run.save(update_fields=["changes", "done", "stopped", "allowed"])
    touch(run.workspace_id, TOPIC)
    return run


def end_trying(run: DryRun, *, failed: bool = False) -> DryRun:
    """It is over: everything was tried, or it broke."""
    run.state, run.ended_at = State.FAILED if failed else State.DONE, timezone.now()
    run.save(update_fields=["state", "ended_at"])
    touch(run.workspace_id, TOPIC)
    return run


def _judged(asked: Asked, records: OnRecord, workspace: Workspace, on: date) -> Screening:
    context = context_for(
        asked.content,
        account_network=asked.account_network,
        endorser=asked.endorser,
        workspace=workspace,
        on=on,
        surface=asked.surface,
        brands=asked.brands,
        around=asked.around,
        records=records,
    )
    return registry.judge(asked.content, context)


def _change(before: Screening, after: Screening) -> str:
    """stopped, allowed, or harder or softer where it is stopped either way; "" when nothing changes."""
    if before.outcome == after.outcome:
        return ""
    if before.outcome == Outcome.ALLOW:
        return "stopped"
    if after.outcome == Outcome.ALLOW:
        return "allowed"
    return "harder" if after.outcome == Outcome.BLOCK else "softer"


def _json(plain: dict[str, Any]) -> dict[str, Any]:  # Any: JSON values
    return {
        name: DjangoJSONEncoder().default(value) if isinstance(value, date) else value for name, value in plain.items()
    }
