"""Puts ten thousand posts on the shelves in seconds: each with its own words and its own verdict, as if by hand."""

from __future__ import annotations

import csv
import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from compliance import registry as customs
from compliance.models import Verdict
from compliance.protocol import Outcome
from compliance.queries import OnRecord, context_for
from networks import registry
from networks.models import Account
from networks.protocol import Content
from publishing.management.scratch import Scratch
from publishing.models import Publication
from workspaces.tenancy import entered

TOGETHER = 1000
_NUMBERS = itertools.count()  # no two posts of one process say the same
Text = tuple[str, str]
"""Words, and the language they are in."""


def texts(plan: Path) -> list[Text]:
    """The plan's posts that nobody but the brand speaks."""
    with plan.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["language"]) for row in csv.DictReader(file) if row["text"] and not row["endorser"]]


def stock(house: Scratch, accounts: Sequence[Account], words: Sequence[Text], dues: Sequence[datetime]) -> None:
    """A publication for each of `dues`, the accounts in turn, whatever workspaces they are in.

    The words are judged by the real rules, and what does not pass is not stocked; only the way into the table is a
    shorter one than `enqueue`.
    """
    fitting = {slug: _fitting(house, words, slug) for slug in {account.network for account in accounts}}
    own: dict[int, list[tuple[Account, datetime, int]]] = defaultdict(list)
    for place, due_at in enumerate(dues):
        account = accounts[place % len(accounts)]
        own[account.workspace_id].append((account, due_at, next(_NUMBERS)))
    for workspace_id, wanted in own.items():
        with entered(workspace_id):
            records = OnRecord(timezone.now().date())
            for start in range(0, len(wanted), TOGETHER):
                _put(house, wanted[start : start + TOGETHER], fitting, records)


def _fitting(house: Scratch, words: Sequence[Text], slug: str) -> list[Text]:
    network = registry.get(slug)
    account = Account(network=slug)
    return [one for one in words if not network.misfits(house.fitting(account, _content(one, 999_999)))]


def _content(words: Text, number: int) -> Content:
    text, language = words
    return Content(text=f"{text}\nNo. {number}", title=f"Teras Kopi {number}", language=language)


def _put(
    house: Scratch, wanted: Iterable[tuple[Account, datetime, int]], fitting: dict[str, list[Text]], records: OnRecord
) -> None:
    verdicts, publications = [], []
    for account, due_at, number in wanted:
        content, verdict = _judged(house, account, fitting[account.network], number, records)
        verdicts.append(verdict)
        publications.append(
            Publication(
                workspace_id=account.workspace_id,
                account=account,
                content=content.as_json(),
                fingerprint=content.fingerprint,
                due_at=due_at,
            )
        )
    for publication, verdict in zip(publications, Verdict.objects.bulk_create(verdicts), strict=True):
        publication.verdict = verdict
    Publication.objects.bulk_create(publications)


def _judged(
    house: Scratch, account: Account, words: Sequence[Text], number: int, records: OnRecord
) -> tuple[Content, Verdict]:
    """The first of `words` that customs let through, and their verdict on it."""
    for turn in range(len(words)):
        content = house.fitting(account, _content(words[(number + turn) % len(words)], number))
        context = context_for(
            content,
            account_network=account.network,
            endorser=None,
            workspace=account.workspace,
            on=records.on,
            records=records,
        )
        judged = customs.judge(content, context)
        if judged.outcome == Outcome.ALLOW:
            break
    else:
        raise ValueError(f"No text of the plan may go to {account.network}")
    return content, Verdict(
        workspace_id=account.workspace_id,
        fingerprint=judged.fingerprint,
        context_digest=judged.context_digest,
        rules_version=judged.rules_version,
        network=account.network,
        outcome=judged.outcome,
        findings=[{**asdict(found), "parameters": dict(found.parameters)} for found in judged.findings],
    )
