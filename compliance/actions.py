"""What customs and its officers do: screen a text, open a case, decide it, and keep the records they judge by."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from compliance import registry
from compliance.models import Case, Connection, Decision, Endorser, Policy, Substantiation, Verdict
from compliance.protocol import Outcome, Screening
from compliance.queries import context_for
from networks.protocol import Content
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member, Workspace

TOPIC = "compliance"


def screen(
    content: Content,
    *,
    account_network: str,
    endorser: Endorser | None,
    workspace: Workspace,
    on: date,
    surface: str = "post",
    brands: Collection[str] = (),
    around: Mapping[str, str] | None = None,
) -> Verdict:
    """The one verdict on these bytes under what is on record on the day `on`; the workspace must be entered.

    Safe to call at any time, also just before sending: the same bytes under the same records give the same row, and a
    new connection, policy or rule gives another one, without anybody's earlier approval. `surface`: post, comment,
    reply, story or live. `brands`: whose product the campaign praises; empty means all the endorser is tied to.
    """
    context = context_for(
        content,
        account_network=account_network,
        endorser=endorser,
        workspace=workspace,
        on=on,
        surface=surface,
        brands=brands,
        around=around,
    )
    return _kept(registry.judge(content, context), network=account_network, workspace=workspace)


def _kept(screening: Screening, *, network: str, workspace: Workspace) -> Verdict:
    verdict, _created = Verdict.objects.get_or_create(
        workspace=workspace,
        fingerprint=screening.fingerprint,
        network=network,
        context_digest=screening.context_digest,
        rules_version=screening.rules_version,
        defaults={"outcome": screening.outcome, "findings": [_as_json(f) for f in map(asdict, screening.findings)]},
    )
    return verdict


def _as_json(finding: dict[str, Any]) -> dict[str, Any]:  # Any: a JSON object
    return {**finding, "parameters": dict(finding["parameters"])}


class CannotDecide(Exception):
    """The decision is refused; the text says why, for the officer."""


def open_case(
    verdict: Verdict,
    *,
    content: Content,
    key: str,
    title: str,
    by: Member | None,
    account_name: str = "",
    due_at: datetime | None = None,
    author: Member | None = None,
    endorser: Endorser | None = None,
    link: str = "",
) -> Case:
    """The open case for what `key` names (like "publication:7"); an earlier one about other bytes lapses.

    Safe to call twice. `author`: who wrote the text, and therefore may not decide on it.
    """
    now = timezone.now()
    with transaction.atomic():
        same = Case.objects.filter(key=key, verdict=verdict, status=Case.Status.OPEN).first()
        if same is not None:
            Case.objects.filter(pk=same.pk).update(title=title[:200], due_at=due_at, link=link)
            same.refresh_from_db()
            return same
        lapse_cases(key, now=now)
        case = Case.objects.create(
            verdict=verdict,
            key=key,
            title=title[:200],
            content=content.as_json(),
            network=verdict.network,
            account_name=account_name,
            link=link,
            endorser=endorser,
            author=author,
            due_at=due_at,
        )
        record(case.workspace_id, by=by, verb="opened_case", thing=f"case:{case.pk}", key=key, verdict=verdict.pk)
    touch(case.workspace_id, TOPIC)
    return case


def lapse_cases(key: str, *, now: datetime | None = None) -> int:
    """Close what is open about `key`: its text changed or is gone. Answers how many there were."""
    waiting = Case.objects.filter(key=key, status__in=[Case.Status.OPEN, Case.Status.WAITING])
    return waiting.update(status=Case.Status.LAPSED, closed_at=now or timezone.now())


def decide(case: Case, *, choice: str, reason: str, by: Member, message: str = "") -> Decision:
    """The officer's word on the case's verdict, for every open case about the same verdict. Appended, never edited.

    Raises CannotDecide when `by` wrote the text, may not decide, or approves what must be mended first.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).select_related("verdict").get(pk=case.pk)
        _check_may_decide(case, choice=choice, by=by)
        decision = Decision.objects.create(
            verdict=case.verdict,
            choice=choice,
            reason=reason.strip(),
            message=message.strip(),
            by=by,
            by_name=str(by.user),
        )
        status = Case.Status.WAITING if choice == Decision.Choice.ASK else Case.Status.DECIDED
        Case.objects.filter(verdict=case.verdict, status=Case.Status.OPEN).update(
            status=status, closed_at=timezone.now()
        )
        record(
            case.workspace_id,
            by=by,
            verb=f"decided_{choice}",
            thing=f"case:{case.pk}",
            verdict=case.verdict_id,
            reason=decision.reason,
        )
    touch(case.workspace_id, TOPIC)
    return decision


def _check_may_decide(case: Case, *, choice: str, by: Member) -> None:
    if choice not in Decision.Choice.values:
        raise CannotDecide(_("There is no decision called %(choice)s.") % {"choice": choice})
    if not by.may("decide_cases"):
        raise CannotDecide(_("Your role may not decide compliance cases."))
    if case.author_id == by.pk:
        raise CannotDecide(_("You wrote this text, so somebody else must decide on it."))
    if case.status != Case.Status.OPEN:
        raise CannotDecide(_("This case is no longer open."))
    if choice == Decision.Choice.APPROVE and case.verdict.outcome == Outcome.BLOCK:
        raise CannotDecide(_("What must be fixed cannot be approved as it is: ask for a fix or reject it."))


# --- the records customs judge by -------------------------------------------------------------------


def keep_endorser(endorser: Endorser, *, by: Member) -> Endorser:
    """Add an endorser, or keep what was changed about one."""
    with transaction.atomic():
        verb = "changed_endorser" if endorser.pk else "added_endorser"
        endorser.save()
        record(
            endorser.workspace_id,
            by=by,
            verb=verb,
            thing=f"endorser:{endorser.pk}",
            name=endorser.name,
            handles=endorser.handles,
            place=endorser.place,
        )
    return endorser


def record_connection(connection: Connection, *, by: Member) -> Connection:
    """Put a material connection on record. From now on the endorser's posts about the brand are judged under it."""
    with transaction.atomic():
        connection.recorded_by = by
        connection.save(force_insert=True)
        record(
            connection.workspace_id,
            by=by,
            verb="recorded_connection",
            thing=f"connection:{connection.pk}",
            endorser=connection.endorser_id,
            brand=connection.brand,
            kind=connection.kind,
            value=connection.value,
            currency=connection.currency,
            starts_on=connection.starts_on,
            ends_on=connection.ends_on,
        )
    return connection


def end_connection(connection: Connection, *, on: date, by: Member) -> Connection:
    """Let a connection end on the day `on`, its last; what was judged under it stays as it was judged."""
    with transaction.atomic():
        connection.ends_on = max(on, connection.starts_on)
        connection.save(update_fields=["ends_on"])
        record(
            connection.workspace_id,
            by=by,
            verb="ended_connection",
            thing=f"connection:{connection.pk}",
            ends_on=connection.ends_on,
        )
    return connection


def keep_evidence(evidence: Substantiation, *, by: Member) -> Substantiation:
    """Put the evidence for a claim on record."""
    with transaction.atomic():
        evidence.recorded_by = by
        evidence.save(force_insert=True)
        record(
            evidence.workspace_id,
            by=by,
            verb="recorded_evidence",
            thing=f"evidence:{evidence.pk}",
            claim=evidence.claim,
            starts_on=evidence.starts_on,
            ends_on=evidence.ends_on,
        )
    return evidence


def set_policy(policy: Policy, *, by: Member) -> Policy:
    """A new word on how the workspace uses a rule; the newest in force wins, the earlier ones stay on record."""
    registry.get(policy.rule)
    with transaction.atomic():
        policy.set_by = by
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
            reason=policy.reason,
        )
    return policy
