"""What a measurement reads off when it is over: what is live, what went out twice, how late, how fast, at what cost."""

from __future__ import annotations

import os
import platform
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.utils import timezone

from publishing.management.scratch import Scratch, Watched
from publishing.models import Attempt, Publication
from workspaces.tenancy import entered

State = Publication.State
TURNS = 5  # looks at the processor time in a second
OVER = (State.PUBLISHED, State.REFUSED, State.NEEDS_ATTENTION, State.HELD, State.MISSED, State.CANCELLED)


@dataclass(frozen=True)
class Bench:
    """The frame's three answers."""

    rows: list[dict[str, object]]
    summary: str
    misses: list[str]


@dataclass(frozen=True)
class Sent:
    """One publication of a run, as it is on record."""

    workspace_id: int
    network: str
    words: str
    state: str
    due_at: datetime
    began_at: datetime | None
    live_at: datetime | None

    @property
    def late(self) -> float | None:
        """Seconds from its due time until its (last) send began."""
        return (self.began_at - self.due_at).total_seconds() if self.began_at else None


@dataclass
class Run:
    """One run of one way of publishing."""

    sent: list[Sent]
    shown: Counter[str] = field(default_factory=Counter)
    cpu: float = 0.0
    memory: list[float] = field(default_factory=list)
    whole: float = 0.0

    @property
    def live(self) -> int:
        return sum(one.state == State.PUBLISHED for one in self.sent)

    @property
    def doubled(self) -> int:
        return sum(self.shown[last_line(one.words)] > 1 for one in self.sent)

    @property
    def lost(self) -> int:
        return sum(self.shown[last_line(one.words)] == 0 for one in self.sent)

    @property
    def took(self) -> float:
        """Seconds from the first due time until the last was live."""
        last = max((one.live_at for one in self.sent if one.live_at), default=None)
        return (last - min(one.due_at for one in self.sent)).total_seconds() if last else 0.0

    @property
    def rate(self) -> float:
        return self.live / self.took if self.took else 0.0

    def late(self, share: float) -> float:
        return cut(sorted(one.late for one in self.sent if one.late is not None), share)

    def of(self, network: str) -> Run:
        return Run([one for one in self.sent if one.network == network], self.shown)


@dataclass
class Seen:
    """What was used while somebody watched: seconds of processor time, and megabytes every second.

    `cpu` and `memory` are the workers'; `whole` is that of all that had a part: workers, clock, networks, and the
    database's own processes.
    """

    cpu: float
    memory: list[float]
    whole: float = 0.0


@contextmanager
def watching(workers: Sequence[Watched] = ()) -> Iterator[Seen]:
    """Look at the workers' memory once a second, at everybody's processor time more often."""
    seen, over = Seen(sum(one.cpu() for one in workers), []), threading.Event()
    first: dict[int, float] = {}
    last: dict[int, float] = {}

    def look() -> None:
        turn = 0
        while True:
            for one in (*children(), *sessions()):
                with suppress(OSError, IndexError):
                    last[one.pid] = one.cpu()
                    first.setdefault(one.pid, last[one.pid] if turn == 0 else 0.0)
            with suppress(OSError, IndexError):  # one may have been killed
                if turn % TURNS == TURNS - 1:
                    seen.memory.append(sum(one.memory() for one in workers))
            turn += 1
            if over.wait(1.0 / TURNS):
                break
        connection.close()

    looker = threading.Thread(target=look)
    looker.start()
    try:
        yield seen
    finally:
        over.set()
        looker.join()
        with suppress(OSError, IndexError):
            seen.cpu = sum(one.cpu() for one in workers) - seen.cpu
            seen.memory.append(sum(one.memory() for one in workers))
        seen.whole = sum(last[pid] - first[pid] for pid in last)


def children() -> list[Watched]:
    """This process's own: workers, the clock, the pretend networks, the bare loop."""
    pids = {pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}
    return [Watched(int(pid)) for pid in pids]


def sessions() -> list[Watched]:
    """The database's processes that work for this house, when they are on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        found = [Watched(pid) for (pid,) in cursor.fetchall()]
    return [one for one in found if Path(f"/proc/{one.pid}/stat").exists()]


def newest(houses: Iterable[Scratch]) -> dict[int, int]:
    """Workspace id -> the highest publication id so far: what comes after it is of the next run."""
    found = {}
    for house in houses:
        with entered(house.workspace.pk):
            last = Publication.objects.order_by("-pk").values_list("pk", flat=True).first()
            found[house.workspace.pk] = last or 0
    return found


def wait(after: dict[int, int], until: datetime, *, before: dict[int, int] | None = None) -> None:
    """Until everything newer than `after` (and no newer than `before`) is settled, or it is `until`."""
    waiting = list(after)
    while waiting and timezone.now() < until:
        with entered(waiting[-1]):
            of_it = Publication.objects.filter(pk__gt=after[waiting[-1]]).exclude(state__in=OVER)
            if before is not None:
                of_it = of_it.filter(pk__lte=before[waiting[-1]])
            if not of_it.exists():
                waiting.pop()
                continue
        time.sleep(0.2)


def read(after: dict[int, int], shown: Iterable[str]) -> Run:
    """Everything newer than `after`, with what the networks show."""
    sent = []
    for workspace_id, last in after.items():
        with entered(workspace_id):
            attempts = Attempt.objects.filter(publication_id__gt=last).order_by("fence")
            began = dict(attempts.values_list("publication_id", "started_at"))
            rows = Publication.objects.filter(pk__gt=last).values_list(
                "pk", "account__network", "content__text", "state", "due_at", "published_at"
            )
            sent += [
                Sent(workspace_id, net, text, state, due, began.get(pk), live)
                for pk, net, text, state, due, live in rows
            ]
    return Run(sent, Counter(map(last_line, shown)))


def last_line(text: str) -> str:
    """What tells one post of a run from all others; a network may escape the rest."""
    return text.rstrip().rsplit("\n", 1)[-1].replace("\\", "")


def cut(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))] if values else 0.0


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def machine() -> str:
    """The machine in one line: the figures mean nothing without it."""
    model = platform.machine()
    cpus = Path("/proc/cpuinfo")
    if cpus.exists():
        named = [line.split(":", 1)[1].strip() for line in cpus.read_text().splitlines() if "model name" in line]
        model = named[0] if named else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, load before {load}, Python {platform.python_version()}"
