"""The brake stops everything at once, inside the claim, and what was due meanwhile goes where a person says."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event
from time import sleep
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from networks.models import Account
from networks.protocol import Content
from publishing import actions
from publishing.actions import claim as claiming
from publishing.actions.claim import claim
from publishing.models import Brake, Publication
from publishing.queries import Ref, take_due
from tests.campaigns.desk import channel, wordy
from tests.cast import Cast
from workspaces.models import Notice, Workspace
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db(transaction=True)
State = Publication.State
LOT = "campaign:7"


def queued(cast: Cast, account: Account, *, minutes: float = -1, lot: str = LOT, text: str = "Kopi") -> Publication:
    at: datetime = timezone.now() + timedelta(minutes=minutes)
    return actions.enqueue(
        Content(text=text, language="id"), account=account, due_at=at, by=cast.bob, lot=lot, zone="Asia/Jakarta"
    )


@pytest.fixture
def account(cast: Cast) -> Account:
    with entered(cast.workspace.pk):
        return channel(wordy()[0])


@pytest.mark.parametrize("scope", ["campaign", "account", "workspace"])
def test_nothing_is_claimed_while_the_brake_is_pulled(cast: Cast, account: Account, scope: str) -> None:
    pull = {
        "campaign": lambda: actions.pause_lot(LOT, name="Harbolnas", by=cast.bob, reason="A recall"),
        "account": lambda: actions.pause_account(account, by=cast.bob),
        "workspace": lambda: actions.pause_workspace(cast.workspace, by=cast.alice),
    }
    go = {
        "campaign": lambda: actions.resume_lot(LOT, by=cast.bob),
        "account": lambda: actions.resume_account(account, by=cast.bob),
        "workspace": lambda: actions.resume_workspace(cast.workspace, by=cast.alice),
    }
    with entered(cast.workspace.pk):
        publication = queued(cast, account)
        pull[scope]()
    ref = Ref(publication.pk, cast.workspace.pk)
    assert claim(ref) is None
    assert take_due(10) == []  # nor handed out
    with entered(cast.workspace.pk):
        go[scope]()
        assert not Brake.objects.filter(released_at__isnull=True)
    claimed = claim(ref)
    assert claimed is not None and claimed.publication.pk == publication.pk


def test_one_campaign_stands_still_and_the_others_go_on(cast: Cast, account: Account) -> None:
    with entered(cast.workspace.pk):
        stopped = queued(cast, account)
        free = queued(cast, account, lot="campaign:8", text="Teh")
        actions.pause_lot(LOT, name="Harbolnas", by=cast.bob)
    assert claim(Ref(stopped.pk, cast.workspace.pk)) is None
    assert claim(Ref(free.pk, cast.workspace.pk)) is not None


@pytest.mark.parametrize(
    ("after", "state"), [("ask", State.MISSED), ("skip", State.CANCELLED), ("rule", State.SCHEDULED)]
)
def test_what_was_due_meanwhile_goes_where_a_person_says(cast: Cast, account: Account, after: str, state: str) -> None:
    with entered(cast.workspace.pk):
        due, later = queued(cast, account), queued(cast, account, minutes=60, text="Teh")
        actions.pause_lot(LOT, name="Harbolnas", by=cast.bob)
        actions.resume_lot(LOT, by=cast.bob, after=Brake.After(after))
        due.refresh_from_db()
        later.refresh_from_db()
        assert (due.state, later.state) == (state, State.SCHEDULED)
        assert not Notice.objects.exists()  # whoever let it go knows


@pytest.mark.parametrize(
    ("rule", "state"), [("ask", State.MISSED), ("skip", State.CANCELLED), ("send", State.PUBLISHING)]
)
def test_a_late_post_follows_the_workspaces_rule(cast: Cast, account: Account, rule: str, state: str) -> None:
    Workspace.objects.filter(pk=cast.workspace.pk).update(late_rule=rule, max_lateness_minutes=10)
    with entered(cast.workspace.pk):
        publication = queued(cast, account, minutes=-11)
    claim(Ref(publication.pk, cast.workspace.pk))
    with entered(cast.workspace.pk):
        publication.refresh_from_db()
        assert publication.state == state
        told = set(Notice.objects.values_list("member__user__name", flat=True))
        assert told == ({"Alice", "Bob"} if rule == "ask" else set())


def test_whoever_pulls_the_brake_waits_for_claims_half_way_and_no_claim_begins_behind_it(
    cast: Cast, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the brake is said to be pulled, what leaves is on record as leaving; nothing is claimed unseen."""
    with entered(cast.workspace.pk):
        first, second = queued(cast, account), queued(cast, account, text="Teh")
    half_way, go_on = Event(), Event()
    take = claiming._take

    def slowly(*given: Any) -> None:
        half_way.set()
        assert go_on.wait(10)
        take(*given)

    monkeypatch.setattr(claiming, "_take", slowly)
    told: list[str] = []

    def pull() -> None:
        with entered(cast.workspace.pk):
            actions.pause_lot(LOT, name="Harbolnas", by=cast.bob)
        with entered(cast.workspace.pk):
            told.append(Publication.objects.get(pk=first.pk).state)
        connections.close_all()

    def claims() -> bool:
        try:
            return claim(Ref(first.pk, cast.workspace.pk)) is not None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        claimed = pool.submit(claims)
        assert half_way.wait(10)
        pulled = pool.submit(pull)
        sleep(0.4)
        assert not pulled.done(), "it waits for the claim"
        go_on.set()
        pulled.result(10)
        assert claimed.result(10)
    assert told == [State.PUBLISHING]
    monkeypatch.setattr(claiming, "_take", take)
    assert claim(Ref(second.pk, cast.workspace.pk)) is None
