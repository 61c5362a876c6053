"""The post office's clock: every second it finds what is due, wakes the workers, and does their work if none is there.

    due ──────────> hint to a worker ──(nobody took it)──> sent from here
    lease ran out ─> in question
    in question ───> hint to a worker ──> looked for
    account back ──> scheduled again
    by hand ───────> a person warned, asked, reminded

PostgreSQL's rows are the queue; a hint that is lost costs seconds, and two clocks at once do no harm. The broker is
waited for once: while it is away, another thread looks for it, and the clock goes on.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future
from datetime import timedelta
from itertools import zip_longest
from threading import Event, Thread

import redis
from celery import Task, current_app
from django.db import Error as DatabaseAway
from django.db import close_old_connections
from kombu.exceptions import OperationalError

from networks import registry
from publishing import counter, pipeline, pool, queries, rules
from publishing.actions import publisher
from publishing.actions.receipt import readmit
from publishing.actions.tending import tend
from publishing.counter import CLAIM
from publishing.queries import Ref, hint_lasts
from publishing.tasks import publish_batch, reconcile_batch
from workspaces.crash import crash_point

logger = logging.getLogger(__name__)
TICK = 1.0
BEAT = 0.9  # seconds between two marks of the publisher
SOON = 0.1  # seconds to the next look while more is due than could be handed out
LOOKS = 25  # publications in question in one wake-up
UNDER_WAY = 800  # wake-ups not yet taken up: more would only make the queue unfair
OF_ONE_NETWORK = 300  # of them: one that answers slowly must not take up all there are
BROKER_PAUSE = 1.0  # seconds between two looks for a broker that is away
BROKER_AWAY = (OperationalError, OSError, redis.RedisError)


class Broker:
    """Whether wake-ups can be sent. Nobody is ever held up by one that is away: it is looked for in the background."""

    def __init__(self) -> None:
        self.there = True

    def look(self) -> None:
        """Ask it for a sign of life, here and now."""
        try:
            self._ping()
        except BROKER_AWAY as error:
            self.lost(error)

    def lost(self, error: Exception) -> None:
        """It did not answer: leave it alone until it does."""
        if self.there:
            self.there = False
            logger.warning("no broker (%s): publishing from the clock", type(error).__name__)
            Thread(target=self._await, name="broker", daemon=True).start()

    def _await(self) -> None:
        while True:
            time.sleep(BROKER_PAUSE)
            try:
                self._ping()
            except BROKER_AWAY:
                continue
            logger.warning("the broker is back")
            self.there = True
            return

    def _ping(self) -> None:
        with current_app.connection_for_write() as link:
            link.default_channel.client.ping()  # type: ignore[attr-defined]  # a Redis channel has one


class Clock:
    """One poller. `broker`: whether wake-ups may be sent at all; else everything is done from here."""

    def __init__(self, *, broker: bool = True) -> None:
        self.broker = Broker() if broker else None
        self.stopping = Event()
        self._on, self._beats_at = False, 0.0
        self._ticked_at = self._steady_since = 0.0
        self._own: set[Future[None]] = set()
        self._asked: dict[queries.Question, float] = {}

    def run(self) -> None:
        """Until stopped; then what is under way here is finished."""
        registry.every()  # the adapters are loaded before something is due
        if self.broker is not None:
            self.broker.look()
        logger.info("the clock looks for what is due")
        while not self.stopping.is_set():
            try:
                wait = self.tick()
            except DatabaseAway as error:
                logger.warning("the clock waits for the database: %s", type(error).__name__)
                wait = TICK
            self.stopping.wait(wait)
        counter.finish()
        pool.finish()

    def tick(self) -> float:
        """One look at everything; returns the seconds until the next."""
        close_old_connections()
        self._own = {future for future in self._own if not future.done()}
        for ref in queries.expired(200):  # what went wrong comes first: it has waited already
            pipeline.reap(ref)
        self._miss_the_silent()
        self._wake_for_questions()
        for ref in queries.releasable(200):
            readmit(ref)
        for ref in queries.to_tend(50):
            tend(ref)
        under_way = queries.under_way()
        busy = [network for network, hinted in under_way.items() if hinted >= OF_ONE_NETWORK]
        more = self._may_send() and self._wake_for_due(UNDER_WAY - sum(under_way.values()), busy)
        return queries.clock().wait(SOON if more else TICK)

    def _may_send(self) -> bool:
        """Whether the publisher is on, asked once a second. While it is off, what is due is only looked for."""
        now = time.monotonic()
        if now >= self._beats_at:
            self._beats_at = now + BEAT
            try:
                self._on = publisher.beat()
            except OSError as error:  # a restore could not be told from the truth any more
                logger.error("nothing is sent: the publisher's witness is away (%s)", error)
                self._on = False
        if not self._on:
            for one in queries.take_due(UNDER_WAY):
                publisher.look_first(Ref(one.id, one.workspace_id))
        return self._on

    def _wake_for_due(self, room: int, busy: Collection[str]) -> bool:
        """Hand out what is due; whether there may be more of it than fitted."""
        if not self._broker_there():
            room = min(room, self._own_room())
        due = queries.take_due(max(0, room), busy=busy)
        for one in due:
            crash_point("poller.after_take", one.id)
        networks: dict[str, list[Ref]] = defaultdict(list)
        for one in due:
            ref = Ref(one.id, one.workspace_id)
            if not (one.again and self._publish_here([ref], one.network)):
                networks[one.network].append(ref)
        batches = {network: list(_batches(refs, CLAIM)) for network, refs in networks.items()}
        # One batch of each network in turn, so that none waits behind all of another.
        for turn in zip_longest(*([(network, batch) for batch in found] for network, found in batches.items())):
            for network, batch in filter(None, turn):
                if not self._sent(publish_batch, batch, network):
                    self._publish_here(batch, network)
        return bool(due) and len(due) >= room

    def _miss_the_silent(self) -> None:
        """Look what became of sends whose sender fell silent; not while it may just be finding the database again."""
        now, silence = time.monotonic(), queries.terms().silence
        if now - self._ticked_at > silence / 2:
            self._steady_since = now
        self._ticked_at = now
        if now - self._steady_since < silence:
            return
        nearer = timedelta(seconds=queries.terms().lease - silence)
        for ref in queries.silent(200, nearer=nearer, blind=rules.blind(registry.every())):
            pipeline.miss(ref)

    def _wake_for_questions(self) -> None:
        now = time.monotonic()
        lasts = hint_lasts().total_seconds()
        ripe = queries.questioned(200)
        fresh = [question for question in ripe if question not in self._asked]
        again = [question for question in ripe if now - self._asked.get(question, now) >= lasts]
        self._asked = {asked: at for asked, at in self._asked.items() if now - at < lasts}
        self._asked |= dict.fromkeys([*fresh, *again], now)
        self._look_here([Ref(one.id, one.workspace_id) for one in again])  # no worker took it up
        for batch in _batches([Ref(one.id, one.workspace_id) for one in fresh], LOOKS):
            if not self._sent(reconcile_batch, batch):
                self._look_here(batch)

    def _look_here(self, refs: list[Ref]) -> None:
        """Look for what fits from here."""
        for ref in refs[: max(0, self._own_room())]:
            self._own.add(pool.submit(pipeline.reconcile, ref))

    def _sent(self, task: Task[..., None], refs: Iterable[Ref], *more: str) -> bool:
        if self.broker is None or not self.broker.there:
            return False
        pairs = [(ref.id, ref.workspace_id) for ref in refs]
        try:
            task.apply_async((pairs, *more), expires=hint_lasts().total_seconds(), retry=False)
        except BROKER_AWAY as error:
            self.broker.lost(error)
            return False
        return True

    def _publish_here(self, refs: list[Ref], network: str) -> bool:
        """Those of `refs` for which there are hands are sent from here; False when there are none at all."""
        fitting = refs[: max(0, counter.here().room())]
        self._own.update(counter.here().offer(fitting, network))
        return bool(fitting)

    def _broker_there(self) -> bool:
        return self.broker is not None and self.broker.there

    def _own_room(self) -> int:
        return counter.here().room()


def _batches(refs: list[Ref], most: int) -> Iterator[list[Ref]]:
    for start in range(0, len(refs), most):
        yield refs[start : start + most]
