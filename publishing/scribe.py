"""The scribe of the counter: answers of the networks are written down together, at most a tenth of a second later.

Until it is written an answer is in no book: a process that dies before leaves a question, which is looked for.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event, Thread

from django.db import Error as DatabaseAway
from django.db import IntegrityError, InterfaceError, OperationalError, close_old_connections, connection

from networks.protocol import NetworkError, Receipt
from publishing import pipeline
from publishing.actions import receipt as office
from publishing.actions.claim import Claimed
from publishing.protocol import Overtaken
from workspaces.crash import crash_point

logger = logging.getLogger(__name__)
TOGETHER = 200
WITHIN = 0.1  # seconds that an answer waits for company
AWAY_PAUSE = 0.5
AWAY_MOST = 300.0  # seconds an answer is kept for while PostgreSQL is away; the fence says whether it still counts


@dataclass(frozen=True, slots=True)
class Answer:
    """How one send ended; `written` is called once it is on record, or can no longer be."""

    claimed: Claimed
    outcome: Receipt | NetworkError
    written: Callable[[], None]

    @property
    def is_receipt(self) -> bool:
        return isinstance(self.outcome, Receipt) and bool(self.outcome.remote_id) and not self.outcome.processing


class Scribe:
    """One thread with its own database connection."""

    def __init__(self) -> None:
        self._answers: SimpleQueue[Answer | None] = SimpleQueue()
        self._patience = Event()  # set: do not wait for a database that is away any more
        self._thread = Thread(target=self._run, name="scribe", daemon=True)
        self._thread.start()

    def take(self, answer: Answer) -> None:
        """Write it down soon. Never waits."""
        self._answers.put(answer)

    def finish(self, seconds: float) -> None:
        """Write down what is here and stop; a database that is away is waited for `seconds` at most."""
        self._answers.put(None)
        self._thread.join(seconds)
        self._patience.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            together, more = self._gather()
            if together:
                close_old_connections()
                self._write(together)
            if not more:
                connection.close()
                return

    def _gather(self) -> tuple[list[Answer], bool]:
        """The next answers; False when none will come after them."""
        first = self._answers.get()
        if first is None:
            return [], False
        together, until = [first], time.monotonic() + WITHIN
        while len(together) < TOGETHER:
            try:
                answer = self._answers.get(timeout=max(0.0, until - time.monotonic()))
            except Empty:
                break
            if answer is None:
                return together, False
            together.append(answer)
        return together, True

    def _write(self, answers: Iterable[Answer]) -> None:
        receipts: dict[int, list[Answer]] = defaultdict(list)
        for answer in answers:
            if answer.is_receipt:
                receipts[answer.claimed.publication.workspace_id].append(answer)
            else:
                self._alone(answer)
        for workspace_id, delivered in receipts.items():
            self._together(workspace_id, delivered)

    def _together(self, workspace_id: int, answers: list[Answer]) -> None:
        pairs = [(one.claimed.publication, one.outcome) for one in answers if isinstance(one.outcome, Receipt)]
        try:
            office.published_together(workspace_id, pairs)
        except (Overtaken, IntegrityError, DatabaseAway):  # one of them: each says it for itself
            for one in answers:
                self._alone(one)
            return
        except Exception:
            logger.exception("receipts of workspace %s could not be written together", workspace_id)
            for one in answers:
                self._alone(one)
            return
        for one in answers:
            _written(one)

    def _alone(self, answer: Answer) -> None:
        """Whatever it is. With the database away it is kept: nobody else knows it."""
        until = time.monotonic() + AWAY_MOST
        while True:
            try:
                pipeline.settle(answer.claimed, answer.outcome)
            except (OperationalError, InterfaceError) as error:
                connection.close()
                if time.monotonic() < until and not self._patience.wait(AWAY_PAUSE):
                    continue
                number, why = answer.claimed.publication.pk, type(error).__name__
                logger.warning("publication %s: its answer could not be written (%s)", number, why)
            except Exception:  # its lease brings it back as a question
                logger.exception("the answer to publication %s could not be written", answer.claimed.publication.pk)
            _written(answer)
            return


def _written(answer: Answer) -> None:
    crash_point("settle.after_commit", answer.claimed.publication.pk)
    answer.written()
