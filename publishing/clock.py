"""The post office's clock: every second it finds what is due, wakes the workers, and does their work if none is there.

    due ──────────> hint to a worker ──(nobody took it)──> sent from here
    lease ran out ─> in question
    in question ───> hint to a worker ──> looked for
    account back ──> scheduled again

PostgreSQL's rows are the queue; a hint that is lost costs seconds, and two clocks at once do no harm.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from itertools import zip_longest
from threading import Event

from celery import Task
from django.conf import settings
from django.db import Error as DatabaseAway
from django.db import close_old_connections
from kombu.exceptions import OperationalError

from networks import registry
from publishing import pipeline, pool, queries
from publishing.actions.receipt import readmit
from publishing.queries import Ref, hint_lasts
from publishing.tasks import Pair, publish_batch, reconcile_batch
from workspaces.crash import crash_point

logger = logging.getLogger(__name__)
TICK = 1.0
BATCH = 25  # publications in one wake-up
UNDER_WAY = 400  # wake-ups not yet taken up: more would only make the queue unfair
BROKER_PAUSE = 5.0


class Clock:
    """One poller. `broker`: whether wake-ups may be sent at all; else everything is done from here."""

    def __init__(self, *, broker: bool = True) -> None:
        self.broker = broker
        self.stopping = Event()
        self._broker_away_until = 0.0
        self._own: set[Future[None]] = set()
        self._asked: dict[queries.Question, float] = {}

    def run(self) -> None:
        """Until stopped; then what is under way here is finished."""
        registry.every()  # the adapters are loaded before something is due
        while not self.stopping.is_set():
            try:
                wait = self.tick()
            except DatabaseAway as error:
                logger.warning("the clock waits for the database: %s", type(error).__name__)
                wait = TICK
            self.stopping.wait(wait)
        pool.finish()

    def tick(self) -> float:
        """One look at everything; returns the seconds until the next."""
        close_old_connections()
        self._own = {future for future in self._own if not future.done()}
        time_now = queries.clock()
        self._wake_for_due(UNDER_WAY - time_now.hinted)
        for ref in queries.expired(200):
            pipeline.reap(ref)
        self._wake_for_questions()
        for ref in queries.releasable(200):
            readmit(ref)
        return queries.clock().wait(TICK)

    def _wake_for_due(self, room: int) -> None:
        if not self._broker_there():
            room = min(room, self._own_room())
        due = queries.take_due(max(0, room))
        for one in due:
            crash_point("poller.after_take", one.id)
        networks: dict[str, list[Ref]] = defaultdict(list)
        for one in due:
            if not (one.again and self._do_here(pipeline.publish, Ref(one.id, one.workspace_id))):
                networks[one.network].append(Ref(one.id, one.workspace_id))
        # One batch of each network in turn, so that none waits behind all of another.
        for turn in zip_longest(*(list(_batches(refs)) for refs in networks.values()), fillvalue=[]):
            for batch in turn:
                self._hint(publish_batch, pipeline.publish, batch)

    def _wake_for_questions(self) -> None:
        now = time.monotonic()
        lasts = hint_lasts().total_seconds()
        self._asked = {asked: at for asked, at in self._asked.items() if now - at < lasts}
        fresh = [question for question in queries.questioned(200) if question not in self._asked]
        self._asked |= dict.fromkeys(fresh, now)
        self._hint(reconcile_batch, pipeline.reconcile, [Ref(one.id, one.workspace_id) for one in fresh])

    def _hint(self, task: Task[[list[Pair]], None], work: pool.Work, refs: list[Ref]) -> None:
        """Wake the workers for `refs`, in batches; without a broker, do what fits from here."""
        for batch in _batches(refs):
            if not self._sent(task, batch):
                for ref in batch:
                    self._do_here(work, ref)

    def _sent(self, task: Task[[list[Pair]], None], refs: Iterable[Ref]) -> bool:
        if not self._broker_there():
            return False
        pairs = [(ref.id, ref.workspace_id) for ref in refs]
        try:
            task.apply_async((pairs,), expires=hint_lasts().total_seconds(), retry=False)
        except (OperationalError, OSError) as error:
            self._broker_away_until = time.monotonic() + BROKER_PAUSE
            logger.warning("no broker (%s): publishing from the clock", type(error).__name__)
            return False
        return True

    def _do_here(self, work: pool.Work, ref: Ref) -> bool:
        if self._own_room() <= 0:
            return False
        self._own.add(pool.submit(work, ref))
        return True

    def _broker_there(self) -> bool:
        return self.broker and time.monotonic() >= self._broker_away_until

    def _own_room(self) -> int:
        busy = sum(not future.done() for future in self._own)
        return 4 * int(settings.PUBLISH_THREADS) - busy


def _batches(refs: list[Ref]) -> Iterator[list[Ref]]:
    for start in range(0, len(refs), BATCH):
        yield refs[start : start + BATCH]
