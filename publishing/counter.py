"""The counter of one process: due publications come in, are claimed together, sent side by side, and written down.

    offered ──> a queue for each network ──> claimed (up to 50 in one transaction) ──> sent ──> the scribe
                                              as many as there are hands free

No network gets more than its share of the hands, so that one that answers slowly does not keep the others waiting.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections import Counter as Tally
from collections import defaultdict, deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Condition, Lock, Thread

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from networks.async_wire import close_here
from networks.protocol import NetworkError, Receipt
from publishing import pipeline
from publishing.actions.claim import Claimed, claim_in
from publishing.queries import Ref
from publishing.scribe import Answer, Scribe
from workspaces.crash import crash_point

logger = logging.getLogger(__name__)
CLAIM = 50  # publications in one transaction
CLAIMERS = 2  # threads that claim: while one waits for PostgreSQL, the other works
SHARE = 0.75  # of all hands, for one network
WORTH = 6  # a claim costs the same few statements for one as for many: it waits for a sixth of a network's hands
FINISH_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """One publication at the counter; `done` when it is settled, or there was nothing to do."""

    ref: Ref
    network: str
    done: Future[None] = field(default_factory=Future)


class Counter:
    """Threads that claim, threads that send, and one that writes."""

    def __init__(self, threads: int, *, loop_hands: int = 0) -> None:
        """`loop_hands`: how many may be under way at once when an event loop sends what can go that way; 0: none."""
        self.hands = max(threads, loop_hands)
        self._share = max(1, int(self.hands * SHARE))
        self._worth = max(1, min(CLAIM, self._share // WORTH))
        self._thread_share = max(1, int(threads * SHARE))
        self._in_thread: Tally[str] = Tally()
        self._tasks: set[asyncio.Future[None]] = set()
        self._loop = asyncio.new_event_loop() if loop_hands else None
        self._looper = Thread(target=self._loop.run_forever, name="send-loop", daemon=True) if self._loop else None
        self._queues: dict[str, deque[Waiting]] = defaultdict(deque)
        self._busy: Tally[str] = Tally()
        self._changed = Condition()
        self._closing = False
        self._scribe = Scribe()
        self._senders = ThreadPoolExecutor(threads, thread_name_prefix="send")
        self._claimers = [Thread(target=self._claim_all, name=f"claim-{n}", daemon=True) for n in range(CLAIMERS)]
        for thread in filter(None, [*self._claimers, self._looper]):
            thread.start()

    def offer(self, refs: Sequence[Ref], network: str = "") -> list[Future[None]]:
        """Take them in, all of one `network`; each future is done when nothing more will happen to it here."""
        waiting = [Waiting(ref, network) for ref in refs]
        with self._changed:
            self._queues[network].extend(waiting)
            self._changed.notify_all()
        return [one.done for one in waiting]

    def room(self) -> int:
        """How many more could be on their way just now."""
        with self._changed:
            return self.hands - self._busy.total() - sum(map(len, self._queues.values()))

    def finish(self) -> None:
        """Take in no more, and wait until all that is here is settled."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        for claimer in self._claimers:
            claimer.join()
        self._senders.shutdown(wait=True)
        if self._loop is not None and self._looper is not None:
            asyncio.run_coroutine_threadsafe(self._quiet(), self._loop).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._looper.join()
            self._loop.close()
        self._scribe.finish(FINISH_SECONDS)

    # --- claiming -----------------------------------------------------------------------------------

    def _claim_all(self) -> None:
        while batch := self._next():
            close_old_connections()
            for workspace_id, waiting in _by_workspace(batch).items():
                self._claim(workspace_id, waiting)
        connection.close()

    def _next(self) -> list[Waiting]:
        """The next of one network for which hands are free, the networks in turn; none when it is over."""
        with self._changed:
            while True:
                for network in list(self._queues):
                    free, queue = self._free_for(network), self._queues[network]
                    if queue and free >= min(self._worth, len(queue)):
                        batch = [queue.popleft() for _ in range(min(free, len(queue)))]
                        self._busy[network] += len(batch)
                        self._queues[network] = self._queues.pop(network)  # to the end of the line
                        return batch
                if self._closing and not any(self._queues.values()):
                    return []
                self._changed.wait()

    def _free_for(self, network: str) -> int:
        """How many more of it may be on their way."""
        if self._in_thread[network] >= self._thread_share:
            return 0
        return min(self.hands - self._busy.total(), self._share - self._busy[network], CLAIM)

    def _claim(self, workspace_id: int, waiting: list[Waiting]) -> None:
        ours = {one.publication.pk: one for one in _claimed(workspace_id, list({one.ref.id for one in waiting}))}
        idle = []
        quick = []
        for one in waiting:  # the same one may have been offered twice
            claimed = ours.pop(one.ref.id, None)
            if claimed is None:
                idle.append(one)
            elif self._loop is not None and pipeline.goes_async(claimed):
                quick.append((claimed, one))
            else:
                self._in_threads(claimed, one)
        self._release(idle)
        if quick and self._loop is not None:
            self._loop.call_soon_threadsafe(self._begin, quick)

    # --- sending ------------------------------------------------------------------------------------

    def _in_threads(self, claimed: Claimed, waiting: Waiting) -> None:
        with self._changed:
            self._in_thread[waiting.network] += 1
        self._senders.submit(self._send, claimed, waiting)

    def _send(self, claimed: Claimed, waiting: Waiting) -> None:
        crash_point("claim.after_commit", claimed.publication.pk)
        try:
            outcome = pipeline.send(claimed)
        finally:
            with self._changed:
                self._in_thread[waiting.network] -= 1
            self._free(waiting.network, 1)
        self._answered(claimed, outcome, waiting)

    def _begin(self, quick: Sequence[tuple[Claimed, Waiting]]) -> None:
        """In the loop's own thread."""
        for claimed, waiting in quick:
            task = asyncio.ensure_future(self._send_async(claimed, waiting))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _send_async(self, claimed: Claimed, waiting: Waiting) -> None:
        crash_point("claim.after_commit", claimed.publication.pk)
        try:
            outcome = await pipeline.send_async(claimed)
        finally:
            self._free(waiting.network, 1)
        self._answered(claimed, outcome, waiting)

    async def _quiet(self) -> None:
        """Until nothing is under way in the loop."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))
        await close_here()

    def _answered(self, claimed: Claimed, outcome: Receipt | NetworkError, waiting: Waiting) -> None:
        crash_point("settle.before_write", claimed.publication.pk)
        self._scribe.take(Answer(claimed, outcome, lambda: waiting.done.set_result(None)))

    def _release(self, waiting: Sequence[Waiting]) -> None:
        """There is nothing to do for these."""
        if not waiting:
            return
        self._free(waiting[0].network, len(waiting))
        for one in waiting:
            one.done.set_result(None)

    def _free(self, network: str, hands: int) -> None:
        with self._changed:
            self._busy[network] -= hands
            if any(queue and self._free_for(of) >= min(self._worth, len(queue)) for of, queue in self._queues.items()):
                self._changed.notify()


def _by_workspace(batch: Sequence[Waiting]) -> dict[int, list[Waiting]]:
    found: dict[int, list[Waiting]] = defaultdict(list)
    for one in batch:
        found[one.ref.workspace_id].append(one)
    return found


def _claimed(workspace_id: int, ids: list[int]) -> list[Claimed]:
    """Ours to send. One that the database refuses does not take the others along; what breaks is logged."""
    try:
        return claim_in(workspace_id, ids)
    except (OperationalError, InterfaceError) as error:  # the clock hands them out again
        logger.warning("%s publications could not be claimed (%s)", len(ids), type(error).__name__)
        return []
    except Exception:
        logger.exception("%s publications could not be claimed", len(ids))
    return [claimed for id in ids for claimed in _claimed(workspace_id, [id])] if len(ids) > 1 else []


# --- this process's counter -------------------------------------------------------------------------

_lock = Lock()
_counters: dict[int, Counter] = {}


def here() -> Counter:
    """This process's counter; it opens when first asked for. A forked child gets its own."""
    with _lock:
        if os.getpid() not in _counters:
            loop_hands = settings.PUBLISH_ASYNC_HANDS if settings.PUBLISH_ASYNC else 0
            _counters[os.getpid()] = Counter(settings.PUBLISH_THREADS, loop_hands=loop_hands)
        return _counters[os.getpid()]


def publish(refs: Sequence[Ref], network: str = "") -> None:
    """Send those of `refs` that are due, each once; returns when the last is settled."""
    wait(here().offer(refs, network))


def finish() -> None:
    """Close this process's counter: what is under way is settled first."""
    with _lock:
        counter = _counters.pop(os.getpid(), None)
    if counter is not None:
        counter.finish()
