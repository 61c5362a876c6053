"""Whatever people, the clock and the brake do with a post that goes by hand: it is on record as what it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from networks.actions import Charge, add_by_hand
from networks.protocol import Content
from publishing import actions, pipeline, rates
from publishing.actions import receipt as office
from publishing.actions.claim import claim
from publishing.actions.obstacles import why_hidden
from publishing.actions.tending import tend
from publishing.models import Attempt, Handover, Publication
from publishing.protocol import NotPossible, Overtaken
from publishing.queries import Ref, to_tend
from tests.cast import Cast, gather
from workspaces.models import Member
from workspaces.tenancy import entered

State = Publication.State
numbers = count(1)
LIVE_OR_MAY_BE = {State.PUBLISHING, State.RECONCILING, State.NEEDS_ATTENTION}
ON_THE_WAY = {State.SCHEDULED, State.HANDED, State.PUBLISHING}


class OneByHand(RuleBasedStateMachine):
    """One publication for a channel that no app posts to; `posted` is what really stands on the network."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.posted: list[str] = []
        self.has_words: set[int] = set()  # who saw the words since they were last asked for
        self.off = False
        with entered(self.cast.workspace.pk):
            charge = Charge(self.cast.bob, self.cast.dewi)
            number = next(numbers)
            account = add_by_hand(
                "myspace", name="Teras Kopi", handle=f"teras{number}", charge=charge, by=self.cast.bob
            )
            due_at = datetime.now(UTC) - timedelta(seconds=1)
            made = actions.enqueue(Content(text="Kopi"), account=account, due_at=due_at, by=self.cast.alice)
        self.handle = account.handle
        self.ref = Ref(made.pk, made.workspace_id)

    def now(self) -> Publication:
        with entered(self.cast.workspace.pk):
            return Publication.objects.select_related("account", "workspace").get(pk=self.ref.id)

    def handover(self) -> Handover | None:
        with entered(self.cast.workspace.pk):
            return Handover.objects.filter(publication=self.ref.id).first()

    def does(self, do: Callable[..., Any], **more: Any) -> bool:
        try:
            with entered(self.cast.workspace.pk), transaction.atomic():
                do(self.now(), **more)
        except (NotPossible, Overtaken):
            return False
        return True

    def person(self, first: bool) -> Member:
        return self.cast.bob if first else self.cast.dewi

    # -- machines ------------------------------------------------------------------------------

    @rule()
    def a_worker_comes_by(self) -> None:
        assert claim(self.ref) is None, "no machine ever has it to send"

    @rule()
    def the_clock_tends_it(self) -> None:
        tend(self.ref)

    @rule()
    def ten_seconds_pass(self) -> None:
        self._sql("UPDATE publishing_handover SET said_at = said_at - interval '11 seconds' WHERE publication_id = %s")
        tend(self.ref)

    @rule()
    def a_lease_runs_out_and_somebody_looks(self) -> None:
        self._sql(
            "UPDATE publishing_publication SET lease_until = now() - interval '1 minute' "
            "WHERE id = %s AND state = 'publishing'"
        )
        office.expire(self.ref)
        self._sql("UPDATE publishing_publication SET not_before = NULL WHERE id = %s")
        pipeline.reconcile(self.ref)

    @rule()
    def hours_pass(self) -> None:
        self._sql(
            "UPDATE publishing_handover SET asked_at = asked_at - interval '2 hours', next_at = NULL "
            "WHERE publication_id = %s"
        )
        tend(self.ref)

    @rule(pulled=some.booleans())
    def the_brake(self, pulled: bool) -> None:
        with entered(self.cast.workspace.pk):
            workspace = self.now().workspace
            (actions.pause_workspace if pulled else actions.resume_workspace)(workspace, by=self.cast.alice)
        self.off = pulled

    # -- people --------------------------------------------------------------------------------

    @rule(first=some.booleans(), posts=some.booleans())
    def somebody_takes_it(self, first: bool, posts: bool) -> None:
        if not self.does(actions.take, by=self.person(first)) or self.now().state != State.PUBLISHING:
            return
        assert not self.off, "nothing is taken while the brake is pulled"
        assert self.posted == [], "nobody gets the words of what is live"
        self.has_words = {first}
        if posts:
            self._post()

    @rule(first=some.booleans())
    def somebody_takes_over(self, first: bool) -> None:
        if self.does(actions.take_over, by=self.person(first)):
            self.has_words.add(first)

    @rule(again=some.booleans())
    def who_posted_says_so(self, again: bool) -> None:
        if not self.posted:
            return
        said = self.does(actions.say_done, url=self.posted[0], by=self.cast.bob)
        if said and again:
            assert not self.does(actions.say_done, url=self.posted[0] + "0", by=self.cast.dewi), "once"

    @rule()
    def somebody_brings_an_address_of_elsewhere(self) -> None:
        assert not self.does(actions.say_done, url=f"https://x.com/{self.handle}/status/1", by=self.cast.bob)

    @rule()
    def it_is_taken_back(self) -> None:
        self.does(actions.undo, by=self.cast.bob)

    @rule(
        why=some.sampled_from(["rejected", "content", "time", "other"]),
        then=some.sampled_from(["author", "later", "cancel"]),
    )
    def who_did_not_post_says_why(self, why: Any, then: Any) -> None:
        if self.posted:
            return
        at = datetime.now(UTC) - timedelta(seconds=1)
        if self.does(actions.say_not, why=why, then=then, at=at, by=self.cast.bob):
            self.has_words.clear()

    @rule()
    def it_is_put_back_unposted(self) -> None:
        if not self.posted and self.does(actions.put_back, by=self.cast.bob):
            self.has_words.clear()

    @rule(verb=some.sampled_from(["release", "cancel", "publish_now", "hold", "replace", "reschedule"]))
    def a_person_acts(self, verb: str) -> None:
        by, now = self.cast.alice, datetime.now(UTC) - timedelta(seconds=1)
        more: dict[str, Any] = {"hold": {"reason": "wait"}, "reschedule": {"due_at": now}}.get(verb, {})
        if verb == "replace":
            self.does(actions.replace_content, content=Content(text=f"Kopi {next(numbers)}"), by=by)
        else:
            self.does(getattr(actions, verb), by=by, **more)

    @rule()
    def somebody_settles_what_nobody_said(self) -> None:
        if self.now().state == State.NEEDS_ATTENTION:
            word: Any = "live" if self.posted else "send_again"
            assert self.does(
                actions.settle_by_hand, word=word, url=self.posted[0] if self.posted else "", by=self.cast.bob
            )

    # -- what always holds ---------------------------------------------------------------------

    @invariant()
    def what_stands_there_is_on_record_or_in_question(self) -> None:
        publication = self.now()
        if publication.state == State.PUBLISHED:
            assert [publication.url] == self.posted
        elif self.posted:
            assert publication.state in LIVE_OR_MAY_BE

    @invariant()
    def there_is_one_open_attempt_exactly_while_it_may_be_live(self) -> None:
        with entered(self.cast.workspace.pk):
            still_open = Attempt.objects.filter(publication_id=self.ref.id, result__in=["sending", "unknown"]).count()
        assert still_open == (1 if self.now().state in LIVE_OR_MAY_BE else 0)

    @invariant()
    def somebody_has_it_exactly_while_it_is_taken(self) -> None:
        found = self.handover()
        taken = self.now().state == State.PUBLISHING
        assert not taken or (found is not None and found.holder is not None)
        if self.now().state == State.HANDED:
            assert found is not None and found.holder_id is None and found.said_at is None

    @invariant()
    def it_is_never_lost(self) -> None:
        """Whatever is on its way is found again by the clock: as due, to be tended, or with a lease that ran out."""
        if self.now().state in ON_THE_WAY:
            self._sql("UPDATE publishing_handover SET next_at = NULL WHERE publication_id = %s")
            assert self.ref in to_tend(1000)

    @invariant()
    def the_words_are_hidden_while_nothing_may_leave(self) -> None:
        with entered(self.cast.workspace.pk):
            if self.off and self.now().state in ON_THE_WAY:
                assert why_hidden(self.now()) is not None

    def _post(self) -> None:
        self.posted.append(f"https://myspace.com/{self.handle}/post/{next(numbers)}")

    def _sql(self, statement: str) -> None:
        with entered(self.cast.workspace.pk), connection.cursor() as cursor:
            cursor.execute(statement, [self.ref.id])


BUDGET = settings(
    max_examples=8,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def test_by_hand_in_any_order_it_is_on_record_as_what_it_is(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "take", lambda asked: [0.0] * len(asked))
    machine = type("Machine", (OneByHand,), {"cast": gather()})
    run_state_machine_as_test(machine, settings=BUDGET)
