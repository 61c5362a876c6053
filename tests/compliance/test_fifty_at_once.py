"""Fifty at once: nothing hidden slips through between them, and nothing is both taken back and sent."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from compliance.actions import CannotDecide, withdraw
from compliance.models import Decision, Policy, Verdict
from networks.models import Account
from networks.protocol import Content
from publishing import actions as office
from publishing.actions import claim
from publishing.models import Publication
from publishing.protocol import Stopped
from tests.campaigns.desk import channel
from tests.cast import Cast, gather
from workspaces.tenancy import entered

CONTESTED, HIDDEN = 12, 26
WINDOW = 4  # seconds in which a decision can be undone


@pytest.mark.django_db(transaction=True)
def test_of_fifty_at_once_nothing_hidden_leaves_and_nothing_is_both_undone_and_sent() -> None:
    """Twelve approvals are taken back just when they take effect, while twelve senders try; 26 send what is banned."""
    cast = gather()
    with entered(cast.workspace.pk):
        account = channel("x")
        banned = {"phrase": "miracle cure", "severity": "block"}
        Policy.objects.create(rule="banned_phrase", parameters=banned, starts_on=date(2026, 1, 1), reason="Legal")
        asked = [_asked(account, number) for number in range(CONTESTED)]
        approved = [(_approve(cast, one), one) for one in asked]
    jobs: list[Callable[[], bool]] = []
    for decision, publication in approved:
        jobs += [lambda d=decision: _take_back(cast, d), lambda d=decision, p=publication: _send(cast, d, p)]
    jobs += [lambda n=number: _hidden(cast, account, n) for number in range(HIDDEN)]
    with ThreadPoolExecutor(len(jobs)) as pool:
        results = list(pool.map(_alone, jobs))
    assert len(jobs) == 50
    undone, sent = results[0 : 2 * CONTESTED : 2], results[1 : 2 * CONTESTED : 2]
    assert [pair for pair in zip(undone, sent, strict=True) if all(pair)] == []
    assert any(undone) and any(sent), "the race went both ways, or it proved nothing"
    assert not any(results[2 * CONTESTED :])


def _asked(account: Account, number: int) -> Publication:
    content = Content(text=f"Halo {number}")
    verdict = Verdict.objects.create(
        fingerprint=content.fingerprint, context_digest="c" * 64, rules_version="r" * 64, network="x", outcome="review"
    )
    return Publication.objects.create(
        account=account,
        content=content.as_json(),
        fingerprint=content.fingerprint,
        verdict=verdict,
        due_at=timezone.now() + timedelta(days=1),
    )


def _approve(cast: Cast, publication: Publication) -> Decision:
    made: Decision = Decision.objects.create(
        verdict=publication.verdict, choice="approve", reason="Fine", by=cast.omar, by_name="Omar", undo_seconds=WINDOW
    )
    made.refresh_from_db()
    return made


def _take_back(cast: Cast, decision: Decision) -> bool:
    early, close, late = (-1.5, -0.5), (-0.4, -0.02), (-0.05, 0.6)
    _until(decision, random.uniform(*(early, close, late)[decision.pk % 3]))
    try:
        with entered(cast.workspace.pk):
            withdraw(decision, by=cast.omar)
            time.sleep(random.uniform(0.3, 0.7))  # a slow commit, past the moment of effect
    except CannotDecide:
        return False
    return True


def _send(cast: Cast, decision: Decision, publication: Publication) -> bool:
    """The claim, as plainly as the database takes it, again and again around the moment of effect."""
    _until(decision, -0.1)
    for _ in range(40):
        try:
            with entered(cast.workspace.pk), connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE publishing_publication SET state = 'publishing', fence = fence + 1,"
                    " lease_until = now() + interval '1 min' WHERE id = %s AND state = 'scheduled'",
                    [publication.pk],
                )
                return True
        except IntegrityError:
            time.sleep(0.05)
    return False


def _hidden(cast: Cast, account: Account, number: int) -> bool:
    with entered(cast.workspace.pk):
        try:
            made = office.enqueue(
                Content(text=f"Our miracle cure {number}", language="en"),
                account=account,
                due_at=timezone.now(),
                by=cast.bob,
            )
        except Stopped:
            return False
    return bool(claim.claim_in(cast.workspace.pk, [made.pk]))


def _until(decision: Decision, shift: float) -> None:
    connection.ensure_connection()
    time.sleep(max(0.0, (decision.takes_effect_at - timezone.now()).total_seconds() + shift))


def _alone(job: Callable[[], bool]) -> bool:
    try:
        return job()
    finally:
        connection.close()
