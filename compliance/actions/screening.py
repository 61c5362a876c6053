"""The one road every text takes to its verdict."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import BooleanField, F, Func

from compliance import registry
from compliance.models import Endorser, Verdict
from compliance.protocol import Context, Screening
from compliance.queries import OnRecord, context_for
from networks.protocol import Content
from workspaces.models import Workspace


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
    promotes: bool | None = None,
) -> Verdict:
    """The one verdict on these bytes under what is on record on the day `on`; the workspace must be entered.

    Safe to call at any time, also just before sending: the same bytes under the same records give the same row, and a
    new connection, policy or rule gives another one, without anybody's earlier approval. `surface`: post, comment,
    reply, story or live. `brands`: whose product the campaign praises; empty means all the endorser is tied to.
    `promotes` False: a post that is in no campaign of ours, so that only its own words tell whether it praises.
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
        promotes=promotes,
    )
    return _on_record(content, context, workspace) or _kept(
        registry.judge(content, context), network=account_network, workspace=workspace
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """One content to be let pass, with what customs judge it by; as the arguments of `screen`."""

    content: Content
    account_network: str
    endorser: Endorser | None
    surface: str
    brands: Collection[str]
    around: Mapping[str, str]


def passing(asked: Sequence[Asked], *, workspace: Workspace, on: date) -> list[int | None]:
    """For each, the id of the verdict on record that lets it pass just now; None: `screen` it.

    As strict as `screen` and `passes` together: the same bytes, under what is on record on the day `on`, by the rules
    of today, and no officer's word against it. At most four queries, however many are asked for.
    """
    records = OnRecord(on)
    keys = []
    for one in asked:
        context = context_for(
            one.content,
            account_network=one.account_network,
            endorser=one.endorser,
            workspace=workspace,
            on=on,
            surface=one.surface,
            brands=one.brands,
            around=one.around,
            records=records,
        )
        keys.append((one.content.fingerprint, one.account_network, context.digest))
    found = _passing_on_record({fingerprint for fingerprint, _, _ in keys})
    return [found.get(key) for key in keys]


def _passing_on_record(fingerprints: Collection[str]) -> dict[tuple[str, str, str], int]:
    """The verdicts by the rules of today that the database itself lets pass."""
    lets_pass = Func(F("pk"), F("fingerprint"), function="verdict_passes", output_field=BooleanField())
    rows = Verdict.objects.filter(lets_pass, fingerprint__in=list(fingerprints), rules_version=registry.rules_version())
    return {
        (fingerprint, network, digest): pk
        for fingerprint, network, digest, pk in rows.values_list("fingerprint", "network", "context_digest", "pk")
    }


def _on_record(content: Content, context: Context, workspace: Workspace) -> Verdict | None:
    """What was said before about the same bytes, under the same records, by the same rules."""
    return Verdict.objects.filter(
        workspace=workspace,
        fingerprint=content.fingerprint,
        network=context.network,
        context_digest=context.digest,
        rules_version=registry.rules_version(),
    ).first()


def _kept(screening: Screening, *, network: str, workspace: Workspace) -> Verdict:
    """Put on record; somebody else may have done so just now."""
    key = {
        "workspace": workspace,
        "fingerprint": screening.fingerprint,
        "network": network,
        "context_digest": screening.context_digest,
        "rules_version": screening.rules_version,
    }
    findings = [_as_json(finding) for finding in map(asdict, screening.findings)]
    try:
        with transaction.atomic():
            return Verdict.objects.create(**key, outcome=screening.outcome, findings=findings)
    except IntegrityError:
        return Verdict.objects.get(**key)


def _as_json(finding: dict[str, Any]) -> dict[str, Any]:  # Any: a JSON object
    return {**finding, "parameters": dict(finding["parameters"])}
