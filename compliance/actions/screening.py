"""The one road every text takes to its verdict."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from compliance import registry
from compliance.models import Endorser, Verdict
from compliance.protocol import Screening
from compliance.queries import context_for
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
