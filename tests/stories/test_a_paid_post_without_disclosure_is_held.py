"""A post for which somebody got something says so, or it does not leave: at the gate, and again when it is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from compliance.models import Connection, Endorser
from compliance.protocol import ConnectionKind
from publishing import actions
from publishing.models import Publication
from publishing.protocol import Blocked, Stopped
from tests.publishing.post_office import PostOffice
from workspaces.models import Workspace
from workspaces.tenancy import entered

State = Publication.State
PRAISE = "I love the new Teras Kopi cold brew, it is the best I ever had."


def endorser(office: PostOffice, *, paid: bool) -> Endorser:
    with entered(office.cast.workspace.pk):
        sari = Endorser.objects.create(name="Sari", place="US", language="en")
        if paid:
            give(office, sari)
    return sari


def give(office: PostOffice, to: Endorser, since: date = date(2020, 1, 1)) -> None:
    with entered(office.cast.workspace.pk):
        Connection.objects.create(endorser=to, brand="Teras Kopi", kind=ConnectionKind.FREE_PRODUCT, starts_on=since)


def test_a_paid_post_without_disclosure_is_not_taken(office: PostOffice) -> None:
    account = office.account()
    sari = endorser(office, paid=True)

    with pytest.raises(Blocked) as stopped:
        office.schedule(account, PRAISE, endorser=sari)

    assert stopped.value.findings
    assert stopped.value.reason
    office.turn()
    assert office.live(account) == []


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])  # a day ahead, a day behind
def test_a_gift_counts_from_midnight_where_the_workspace_is(office: PostOffice, zone: str) -> None:
    here = office.cast.workspace
    Workspace.objects.filter(pk=here.pk).update(zone=zone)
    here.refresh_from_db()
    account = office.account()
    sari, putu = endorser(office, paid=False), endorser(office, paid=False)
    today = here.day(datetime.now(UTC))
    give(office, sari, since=today)
    give(office, putu, since=today + timedelta(days=1))

    with pytest.raises(Blocked):
        office.schedule(account, PRAISE, endorser=sari)
    office.until(office.schedule(account, PRAISE, endorser=putu), State.PUBLISHED)
    assert len(office.live(account)) == 1


def test_a_disclosed_post_goes_out(office: PostOffice) -> None:
    account = office.account()
    sari = endorser(office, paid=True)
    post = office.schedule(account, f"#ad I got it free from Teras Kopi. {PRAISE}", endorser=sari)
    office.until(post, State.PUBLISHED)
    assert len(office.live(account)) == 1


def test_a_gift_recorded_after_scheduling_holds_the_post_when_it_is_due(office: PostOffice) -> None:
    account = office.account()
    sari = endorser(office, paid=False)
    post = office.schedule(account, PRAISE, endorser=sari)
    give(office, sari)

    post = office.until(post, State.HELD)

    assert post.held_for == Publication.Hold.CUSTOMS
    assert post.reason
    assert office.live(account) == []
    assert office.attempts(post) == []


def test_editing_the_text_takes_the_clearance_away_and_mending_it_gives_it_back(office: PostOffice) -> None:
    account = office.account()
    sari = endorser(office, paid=True)
    good = f"#ad I got it free from Teras Kopi. {PRAISE}"
    later = datetime.now(UTC) + timedelta(hours=1)
    post = office.schedule(account, good, endorser=sari, due_at=later)

    with entered(office.cast.workspace.pk):
        post = actions.replace_content(office.now(post), office.words(PRAISE), by=office.cast.bob)
        assert (post.state, post.held_for) == (State.HELD, "customs")
        post = actions.release(post, by=office.cast.bob)
        assert post.state == State.HELD, "releasing is no way around the gate"
        post = actions.replace_content(post, office.words(good), by=office.cast.bob)
        assert (post.state, post.held_for, post.reason) == (State.SCHEDULED, "", "")


def test_too_long_a_text_is_stopped_by_the_same_gate(office: PostOffice) -> None:
    with pytest.raises(Stopped) as stopped:
        office.schedule(office.account(), "kopi " * 100)
    assert stopped.value.misfits
