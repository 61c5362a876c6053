"""What breaks around the publications: each trouble is a small story that says how long to wait before it goes on.

Told by one thread only: servers die with the thread that started them.
"""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import psycopg2
import redis
from django.db import Error as DatabaseAway
from kombu.exceptions import OperationalError
from psycopg2.extensions import connection as Connection

from publishing.models import Publication
from publishing.tasks import publish_batch
from smm.chaos.crew import FAMILY, SENDERS, Crew
from smm.chaos.servers import Ground
from workspaces.tenancy import entered

Story = Iterator[float]
TEN = 10
PATIENCE = 60  # looks for somebody in the middle of sending


@dataclass
class Troubles:
    """Every trouble by its name in places.AROUND and places.KILLED_FROM_OUTSIDE; `hits` counts those that struck."""

    ground: Ground
    crew: Crew
    workspace_id: int
    frozen: float  # seconds Redis is frozen for
    dice: random.Random
    hits: Counter[str] = field(default_factory=Counter)

    def story(self, name: str) -> Story:
        told: dict[str, Callable[[], Story]] = {
            "redis.flush": self._flush,
            "redis.kill": self._kill_redis,
            "redis.freeze": self._freeze_redis,
            "postgres.stop": self._crash_postgres,
            "postgres.restart": self._restart_postgres,
            "postgres.full": self._fill_postgres,
            "worker.freeze": self._freeze_workers,
            "worker.term": self._term,
            "message.ten": self._ten_messages,
            "kill.child": self._kill_child,
        }
        return told.get(name, lambda: self._kill(name))()

    def _flush(self) -> Story:
        done = False
        while not done:
            with suppress(redis.RedisError):  # it may be frozen or gone just now
                redis.Redis.from_url(self.ground.environment["REDIS_URL"], socket_timeout=0.1).flushall()
                self.hits["redis.flush"] += 1
                done = True
            yield 0.5

    def _kill_redis(self) -> Story:
        if self.ground.valkey.process:
            self.ground.valkey.process.kill()
            self.ground.valkey.process.wait()
        self.hits["redis.kill"] += 1
        yield 1
        self.ground.valkey.again()

    def _freeze_redis(self) -> Story:
        process = self.ground.valkey.process
        if process is None:
            return
        process.send_signal(signal.SIGSTOP)
        self.hits["redis.freeze"] += 1
        yield self.frozen
        process.send_signal(signal.SIGCONT)

    def _crash_postgres(self) -> Story:
        self.ground.postgres.crash()
        self.hits["postgres.stop"] += 1
        yield 0.5
        self.ground.postgres.again()

    def _restart_postgres(self) -> Story:
        self.ground.postgres.stop()
        self.hits["postgres.restart"] += 1
        yield 0.1
        self.ground.postgres.again()

    def _fill_postgres(self) -> Story:
        """Every connection that an app may have is taken for two seconds."""
        at = urlsplit(self.ground.environment["DATABASE_URL"])
        taken: list[Connection] = []
        try:
            while len(taken) < 400:
                taken.append(psycopg2.connect(at.geturl(), connect_timeout=2))
        except psycopg2.OperationalError:
            self.hits["postgres.full"] += 1
        yield 2
        for link in taken:
            link.close()

    def _freeze_workers(self) -> Story:
        yield from self._until_somebody_sends()
        stopped = [pid for name in SENDERS if (pid := self.crew.pids.get(name))]
        for pid in stopped:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        self.hits["worker.freeze"] += bool(stopped)
        yield float(self.ground.environment["PUBLISH_LEASE_SECONDS"]) + 2
        for pid in stopped:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def _term(self) -> Story:
        yield from self._until_somebody_sends()
        while not self.crew.kill(self.dice.choice(SENDERS), signal.SIGTERM):
            yield 0.1
        self.hits["worker.term"] += 1

    def _ten_messages(self) -> Story:
        """As soon as something is due, ten workers are told of it at the same time."""
        for _ in range(10 * PATIENCE):
            found = self._first(Publication.State.SCHEDULED)
            if found is not None and self._told_ten_times(found):
                self.hits["message.ten"] += 1
                return
            yield 0.05

    def _told_ten_times(self, publication_id: int) -> bool:
        try:
            for _ in range(TEN):
                publish_batch.apply_async(([(publication_id, self.workspace_id)],), retry=False)
        except (OSError, redis.RedisError, OperationalError):  # Redis may be gone just now
            return False
        return True

    def _kill(self, name: str) -> Story:
        who = {"kill.parent": FAMILY, "kill.poller": "p1", "kill.beat": "b1", "kill.web": "web"}
        while not self.crew.kill(who.get(name) or self.dice.choice(SENDERS[:2])):
            yield 0.1  # it is just being born
        self.hits[name] += 1

    def _kill_child(self) -> Story:
        while not self.crew.kill_a_child():
            yield 0.1
        self.hits["kill.child"] += 1

    def _until_somebody_sends(self) -> Story:
        for _ in range(PATIENCE):
            if self._first(Publication.State.PUBLISHING) is not None:
                return
            yield 0.02

    def _first(self, state: str) -> int | None:
        try:
            with entered(self.workspace_id):
                found = Publication.objects.filter(state=state).order_by("due_at").values_list("pk", flat=True).first()
        except DatabaseAway:  # another story took it away
            return None
        return int(found) if found is not None else None
