"""A lease is short, and lasts for as long as its sender lives: long uploads finish, dead senders are missed at once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import Any

import pytest

from networks.protocol import Content, Listing, Media, MediaKind, Receipt, TryLater
from networks.wire import final_call, sent_before
from publishing import pipeline
from publishing.actions import lease as leases
from publishing.actions.claim import Claimed, claim
from publishing.actions.receipt import expire, in_question, look_again, unsettled
from publishing.models import Publication
from publishing.rules import Next, Step, Terms
from smm import safety
from tests.publishing.post_office import PostOffice
from workspaces import crash
from workspaces.tenancy import entered

State = Publication.State
BRIEF = {"request": 0.05, "lease": 2.5, "settle": 0.6, "look": 0.2, "backoff": 0.2, "lags": 0.005}


@pytest.fixture
def claimed(office: PostOffice, settings: Any) -> Claimed:
    settings.PUBLISHING = BRIEF
    found = claim(office.ref(office.schedule(office.account())))
    assert found is not None
    return found


def test_a_send_longer_than_its_lease_keeps_it_and_a_send_that_died_loses_it(
    office: PostOffice, claimed: Claimed
) -> None:
    ref = office.ref(claimed.publication)
    claimed.lease.most += 60  # as for a heavy video
    with leases.kept(claimed.lease) as lease:
        time.sleep(BRIEF["lease"] + 0.7)
        assert not expire(ref), "its sender lives"
        with sent_before(lease.last_moment), final_call():
            pass  # there is time left for it
    # The sender is gone: nobody makes it longer, and no longer than a lease later it is missed.
    time.sleep(BRIEF["lease"] + 0.1)
    assert expire(ref)
    assert office.now(claimed.publication).state == State.RECONCILING


def test_a_sender_that_falls_silent_is_looked_for_before_its_lease_ends(office: PostOffice, settings: Any) -> None:
    """It had stored it: found at once. And a sender that lives is left alone, however long it takes."""
    settings.PUBLISHING = {**BRIEF, "lease": 6.0, "settle": 60.0}
    account = office.account()
    dead, alive = (claim(office.ref(office.schedule(account, text))) for text in ("Satu", "Dua"))
    assert dead is not None
    assert alive is not None
    with leases.kept(alive.lease):
        sent = pipeline.send(dead)
        assert isinstance(sent, Receipt)
        began = time.monotonic()
        found = office.until(dead.publication, State.PUBLISHED, seconds=5)
        assert time.monotonic() - began < 5, "its lease lasts six"
        assert found.remote_id == sent.remote_id
        assert office.now(alive.publication).state == State.PUBLISHING


def test_who_lost_the_lease_begins_no_final_call(office: PostOffice, claimed: Claimed) -> None:
    with entered(office.cast.workspace.pk):
        Publication.objects.filter(pk=claimed.publication.pk).update(lease_until="2000-01-01T00:00:00Z")
    assert expire(office.ref(claimed.publication))
    with leases.kept(claimed.lease) as lease:
        leases.beat()
        with pytest.raises(TryLater), sent_before(lease.last_moment), final_call():
            raise AssertionError("a byte left")


def test_with_the_usual_settings_a_dead_sender_is_missed_within_thirty_seconds() -> None:
    usual = Terms()
    a_tick_of_the_clock = 1.0
    assert usual.lease + a_tick_of_the_clock < 30
    assert usual.lease - usual.beat > usual.request + usual.margin, "a final call fits in at any moment"
    video = Media(kind=MediaKind.VIDEO, key="v", mime="video/mp4", sha256="0" * 64, size=1_000_000_000)
    assert usual.longest_for(Content(text="", media=(video,))) > 900, "a live one may go on for longer"


def test_outside_the_chaos_run_a_crash_point_is_nothing() -> None:
    assert crash.ARMED == ""
    assert crash.crash_point.__code__.co_names == (), "it calls nothing"
    rounds = 200_000
    began = time.perf_counter()
    for _ in range(rounds):
        crash.crash_point("claim.after_commit", 1)
    assert (time.perf_counter() - began) / rounds < 2e-6, "seconds for each of about ten a post"


def test_production_has_no_crash_points_whatever_is_set() -> None:
    asks = "from workspaces import crash; print(repr(crash.ARMED))"
    armed = {**os.environ, "CHAOS_ARMED": "/tmp", "ENVIRONMENT": "production"}
    said = subprocess.run([sys.executable, "-c", asks], env=armed, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "''"


def test_production_does_not_start_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAOS_ARMED", "/tmp")
    safe = {"PUBLIC_URL": "https://a.example", "ALLOWED_HOSTS": [], "SANDBOX_URL": "", "SITES_PRIVATE_HOSTS": []}
    reasons = list(safety._addresses(safe))
    assert any("CHAOS_ARMED" in reason for reason in reasons)


def test_two_looks_at_the_same_time_are_one_evidence(office: PostOffice, claimed: Claimed) -> None:
    ref = office.ref(claimed.publication)
    assert unsettled(claimed.publication, Next(Step.LOOK))
    slow = in_question(ref)
    assert slow is not None
    with entered(office.cast.workspace.pk):  # it took longer than a look may
        Publication.objects.filter(pk=ref.id).update(not_before=None)
    quick = in_question(ref)
    assert quick is not None
    assert look_again(quick, Next(Step.LOOK), counted=True)
    assert not look_again(slow, Next(Step.LOOK), counted=True)
    assert not unsettled(slow, Next(Step.AGAIN)), "nor does it send it again"
    assert office.now(claimed.publication).absences == 1


def test_a_listing_counts_from_when_it_was_asked_for(
    office: PostOffice, claimed: Claimed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that was asked for before the settle time was over is no evidence, however late it came."""

    def slow(*_: object) -> Listing:
        time.sleep(0.6 + 60 * 0.005 + 0.2)  # until after the settle time and the lag
        return Listing((), complete=True)

    assert unsettled(claimed.publication, Next(Step.LOOK))
    monkeypatch.setattr(pipeline, "look", slow)
    pipeline.reconcile(office.ref(claimed.publication))
    found = office.now(claimed.publication)
    assert (found.looks, found.absences) == (1, 0)
