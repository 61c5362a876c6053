"""Whatever happens in whatever order (crashes, lost answers, late workers, people's verbs): at most one live post."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from networks.models import Account
from networks.protocol import Content, Listed, Listing, NetworkError, Receipt, Target, TargetKind, Unsure
from publishing import actions, pipeline, rates
from publishing.actions import claim as claiming
from publishing.actions import receipt as office
from publishing.actions.claim import Claimed, claim
from publishing.models import Attempt, Publication
from publishing.protocol import NotPossible, Overtaken
from publishing.queries import Ref, terms
from publishing.rules import Next, Step
from tests.cast import Cast, gather
from workspaces.tenancy import entered

State = Publication.State
NOT_LIVE = {State.SCHEDULED, State.HELD, State.CANCELLED, State.REFUSED, State.MISSED, State.AWAITING_APPROVAL}
numbers = count(1)
POINTS = {
    "claim.before_commit",
    "claim.after_commit",
    "settle.before_write",
    "settle.before_commit",
    "settle.after_commit",
    "reap.before_commit",
    "look.before_listing",
    "look.after_listing",
}


class Died(BaseException):
    """kill -9, as far as the database can tell: what was open is rolled back, and nobody says a word."""


def killer(at: str) -> Callable[..., None]:
    def crash_point(name: str, subject: int | str = "") -> None:
        if name == at:
            raise Died(name)

    return crash_point


class OnePublication(RuleBasedStateMachine):
    """One publication, a network that stores what reaches it, and everybody who may touch it."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.stored: list[Listed] = []
        self.frozen: list[Claimed] = []
        self.text = "Kopi"
        with entered(self.cast.workspace.pk):
            account = Account.objects.create(network="x", uid=str(next(numbers)), name="Teras Kopi")
            due_at = datetime.now(UTC) - timedelta(seconds=1)
            made = actions.enqueue(Content(text=self.text), account=account, due_at=due_at, by=self.cast.bob)
            part = actions.enqueue(
                Content(text="Kopi, lanjut"),
                account=account,
                due_at=due_at,
                by=self.cast.bob,
                parent=made,
                target=Target(TargetKind.THREAD, post_id=""),
            )
        self.ref, self.part = Ref(made.pk, made.workspace_id), Ref(part.pk, part.workspace_id)
        self.parts_stored = 0

    # -- what is on record ---------------------------------------------------------------------

    def now(self) -> Publication:
        with entered(self.cast.workspace.pk):
            return Publication.objects.select_related("account").get(pk=self.ref.id)

    def store(self, claimed: Claimed) -> Receipt:
        id = str(1_000_000 + next(numbers))
        self.stored.append(Listed(id, f"https://x.com/a/status/{id}", claimed.content.text, datetime.now(UTC)))
        return Receipt(id, f"https://x.com/a/status/{id}")

    # -- a worker ------------------------------------------------------------------------------

    @rule(
        end=some.sampled_from(["ok", "lost after", "lost before", "refused", "later", "reconnect", "dies", "freezes"])
    )
    def a_worker_sends(self, end: str) -> None:
        claimed = claim(self.ref)
        if claimed is None:
            return
        match end:
            case "ok":
                office.published(claimed.publication, self.store(claimed))
            case "lost after":
                self.store(claimed)
                office.unsettled(claimed.publication, Next(Step.LOOK))
            case "lost before":
                office.unsettled(claimed.publication, Next(Step.LOOK))
            case "refused":
                office.unsettled(claimed.publication, Next(Step.REFUSED, reason="no"))
            case "later":
                office.unsettled(claimed.publication, Next(Step.AGAIN))
            case "reconnect":
                office.unsettled(claimed.publication, Next(Step.RECONNECT, reason="gone"))
            case "dies":
                pass
            case "freezes":
                self.frozen.append(claimed)

    @rule()
    def a_worker_dies_after_it_was_stored(self) -> None:
        claimed = claim(self.ref)
        if claimed is not None:
            self.store(claimed)

    @rule(point=some.sampled_from(sorted(POINTS)), stores=some.booleans())
    def a_worker_dies_at(self, point: str, stores: bool) -> None:
        """Killed at one named place of the whole way; what was not committed there never happened."""

        def send(claimed: Claimed) -> Receipt | NetworkError:
            return self.store(claimed) if stores else Unsure("no answer")

        with self.patch.context() as patched:
            patched.setattr(pipeline, "send", send)
            patched.setattr(pipeline, "look", lambda *_: Listing(tuple(self.stored), complete=True))
            for module in (pipeline, claiming, office):
                patched.setattr(module, "crash_point", killer(point))
            for step in (pipeline.publish, pipeline.reap, self.a_ripe_look):
                try:
                    step(self.ref)
                except Died:
                    return

    def a_ripe_look(self, ref: Ref) -> None:
        with entered(self.cast.workspace.pk):
            Publication.objects.filter(pk=ref.id).update(not_before=None)
        pipeline.reconcile(ref)

    @rule(lost=some.booleans())
    def the_next_part_is_sent(self, lost: bool) -> None:
        claimed = claim(self.part)
        if claimed is None:
            return
        assert self.now().state == State.PUBLISHED, "it never goes before what it continues"
        assert claimed.target is not None
        assert claimed.target.post_id == self.stored[0].remote_id
        self.parts_stored += 1
        if lost:
            office.unsettled(claimed.publication, Next(Step.LOOK))
        else:
            id = str(1_000_000 + next(numbers))
            office.published(claimed.publication, Receipt(id, f"https://x.com/a/status/{id}"))

    @precondition(lambda self: self.frozen)
    @rule(ok=some.booleans())
    def a_frozen_worker_wakes_and_wants_to_write(self, ok: bool) -> None:
        """Its lease is over (the guard lets no byte out any more), so what it says must not count."""
        claimed = self.frozen.pop()
        if self.now().state == State.PUBLISHING and self.now().fence == claimed.publication.fence:
            self.a_lease_runs_out()
        if ok:
            assert not office.published(claimed.publication, Receipt("999", "https://x.com/a/status/999"))
        else:
            assert not office.unsettled(claimed.publication, Next(Step.AGAIN))

    @precondition(lambda self: self.frozen)
    @rule()
    def a_sender_falls_silent_is_looked_for_and_sends_after_all(self) -> None:
        """Within its lease it may: until that is over, looking in vain proves nothing."""
        claimed = self.frozen.pop()
        if self.now().state != State.PUBLISHING or self.now().fence != claimed.publication.fence:
            return
        assert office.expire(self.ref, early=timedelta(seconds=terms().lease))
        for _ in range(3):
            self.somebody_looks(complete=True)
        assert self.now().state == State.RECONCILING
        receipt = self.store(claimed)
        assert not office.published(claimed.publication, receipt), "the look finds it"

    @rule()
    def a_lease_runs_out(self) -> None:
        with entered(self.cast.workspace.pk), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE publishing_publication SET lease_until = now() - interval '1 minute' "
                "WHERE id = %s AND state = 'publishing'",
                [self.ref.id],
            )
        office.expire(self.ref)

    @rule(complete=some.booleans())
    def somebody_looks(self, complete: bool) -> None:
        listing = Listing(tuple(self.stored) if complete else (), complete)
        self.patch.setattr(pipeline, "look", lambda *_: listing)
        with entered(self.cast.workspace.pk):
            Publication.objects.filter(pk=self.ref.id).update(not_before=None)
        pipeline.reconcile(self.ref)

    @rule()
    def the_account_is_connected_again(self) -> None:
        with entered(self.cast.workspace.pk):
            Account.objects.update(health=Account.Health.CONNECTED)
        office.readmit(self.ref)

    # -- people --------------------------------------------------------------------------------

    @rule(verb=some.sampled_from(["release", "cancel", "publish_now", "hold", "replace", "reschedule"]))
    def a_person_acts(self, verb: str) -> None:
        publication = self.now()
        by = self.cast.bob
        try:
            with entered(self.cast.workspace.pk), transaction.atomic():
                match verb:
                    case "hold":
                        actions.hold(publication, reason="wait", by=by)
                    case "replace":
                        self.text = f"Kopi {next(numbers) + 10}"
                        actions.replace_content(publication, Content(text=self.text), by=by)
                    case "reschedule":
                        due_at = datetime.now(UTC) - timedelta(seconds=1)
                        actions.reschedule(publication, due_at=due_at, by=by)
                    case _:
                        getattr(actions, verb)(publication, by=by)
        except (NotPossible, Overtaken):
            pass

    @rule(drop=some.booleans())
    def a_person_looks_and_says_what_is_so(self, drop: bool) -> None:
        publication = self.now()
        if publication.state != State.NEEDS_ATTENTION:
            return
        with entered(self.cast.workspace.pk):
            if self.stored:
                actions.settle_by_hand(publication, "live", by=self.cast.bob, url=self.stored[0].url)
            else:
                actions.settle_by_hand(publication, "cancel" if drop else "send_again", by=self.cast.bob)

    # -- what always holds ---------------------------------------------------------------------

    @invariant()
    def nothing_is_live_twice(self) -> None:
        assert len(self.stored) <= 1
        assert self.parts_stored <= 1

    @invariant()
    def the_record_says_what_is_so(self) -> None:
        publication = self.now()
        if publication.state == State.PUBLISHED:
            assert [listed.remote_id for listed in self.stored] == [publication.remote_id]
        if publication.state in NOT_LIVE:
            assert self.stored == []

    @invariant()
    def there_is_one_open_attempt_exactly_while_it_may_be_live(self) -> None:
        with entered(self.cast.workspace.pk):
            still_open = Attempt.objects.filter(publication_id=self.ref.id, result__in=["sending", "unknown"]).count()
        in_doubt = self.now().state in {State.PUBLISHING, State.RECONCILING, State.NEEDS_ATTENTION}
        assert still_open == (1 if in_doubt else 0)


def test_in_any_order_at_most_one_post_is_live_and_the_record_is_right(
    db: None, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.PUBLISHING = {**settings.PUBLISHING, "settle": 0.0, "lags": 0.0, "look": 0.0}
    monkeypatch.setattr(rates, "take", lambda asked: [0.0] * len(asked))
    machine = type("Machine", (OnePublication,), {"cast": gather(), "patch": monkeypatch})
    run_state_machine_as_test(machine, settings=BUDGET)


BUDGET = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
