"""Something the house needs is taken away while people work, and comes back; what they noticed is counted."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg2
from psycopg2.extensions import connection as Connection

from publishing import rates
from smm.chaos.servers import Ground
from smm.chaos.town import Town
from smm.drill.count import Fate, Row, cut, fates, line, promises, until_all_are_live
from smm.drill.crowd import Crowd, Visit
from smm.drill.fleet import Fleet, wait

EVERY_CALL = ["publish", "reply", "message", "upload", "list", "read", "identity"]
LATE_WITHOUT_REDIS = 10.0  # seconds
CATCH_UP = 5.0  # times as fast as it came in
MEANINGFUL, MEANINGFUL_IN_A_HURRY = 1800.0, 60.0  # seconds of an outage long beside the waits of what is in doubt
ENOUGH = 6  # posts before something is taken away
TOLD_WITHIN = 10.0  # seconds
BACK = 5.0  # seconds after which pages are there again
Found = tuple[list[Row], list[str]]


@dataclass
class Outage:
    """One drill. `seconds`: how long it is away; `before` and `after`: how long people work around that."""

    ground: Ground
    people: Town
    fleet: Fleet
    seconds: float
    rate: float
    say: Callable[[str], None]
    hurry: bool = False
    before: float = 4.0
    after: float = 8.0
    patience: float = 400.0
    gone: float = 0.0
    back: float = 0.0

    def run(self, take: Callable[[], object], give_back: Callable[[], object], *, spread: float = 0.0) -> Crowd:
        """People work, it goes, it comes back, they go on; then everything is waited for."""
        with Crowd(self.people, self.fleet.web, self.rate, spread=spread) as crowd:
            time.sleep(self.before)
            wait(lambda: len(crowd.written) >= ENOUGH, "people to have written something")
            self.say(f"gone, after {len(crowd.written)} posts")
            self.gone = time.time()
            take()
            time.sleep(max(0.0, self.gone + self.seconds - time.time()))
            give_back()
            self.back = time.time()
            self.say(f"back, after {self.back - self.gone:.0f} s and {len(crowd.written)} posts")
            time.sleep(self.after)
            crowd.stop_writing()
            until_all_are_live(self.people, self.patience)
        return crowd

    def redis(self, *, frozen: bool = False) -> Found:
        """Stopped, or (worse) frozen: it takes connections and says nothing. Posts go out all the same, pages stay."""
        valkey, process = self.ground.valkey, self.ground.valkey.process
        if frozen and process is not None:
            crowd = self.run(lambda: process.send_signal(signal.SIGSTOP), lambda: process.send_signal(signal.SIGCONT))
        else:
            crowd = self.run(valkey.stop, valkey.again)
        found = fates(self.people, crowd)
        rows, misses = promises(found)
        meanwhile = self._due_meanwhile(found)
        late = [one.late for one in meanwhile if one.late is not None]
        broken = [visit for visit in crowd.visits if visit.status != 200]
        rows += [
            line("due while it was away", len(meanwhile)),
            line("first sent after, p50 s", cut(late, 0.5)),
            line("first sent after, latest s", max(late, default=0.0), f"<= {LATE_WITHOUT_REDIS:.0f}"),
            *_pages(crowd.visits, broken),
        ]
        misses += ["nothing was due meanwhile"] if not meanwhile else []
        misses += [f"sent up to {max(late):.1f} s late"] if late and max(late) > LATE_WITHOUT_REDIS else []
        return rows, misses + _told(broken, crowd.refused)

    def postgres(self) -> Found:
        """Nothing can be read or written: people are told so, and what was due goes out when it is back."""
        postgres = self.ground.postgres
        crowd = self.run(postgres.stop, postgres.again, spread=self.seconds + self.before)
        return self._without_database(crowd)

    def both(self) -> Found:
        """PostgreSQL stopped and Redis frozen at the same time: people are still told within moments."""
        postgres, process = self.ground.postgres, self.ground.valkey.process

        def take() -> None:
            os.kill(process.pid if process else 0, signal.SIGSTOP)
            postgres.stop()

        def give_back() -> None:
            os.kill(process.pid if process else 0, signal.SIGCONT)
            postgres.again()

        return self._without_database(self.run(take, give_back, spread=self.seconds + self.before))

    def connections(self) -> Found:
        """Every connection that an app may have is taken, also those that the house had."""
        taken: list[Connection] = []
        crowd = self.run(lambda: self._fill(taken), lambda: _close(taken), spread=self.seconds)
        rows, misses = self._without_database(crowd)
        return [line("connections taken", len(taken)), *rows], misses

    def network(self) -> Found:
        """One network answers nothing but errors; the others must not notice, and it is caught up with quickly."""
        away = self.people.accounts[0].network

        def take() -> None:
            self.people.control("faults", network=away, fault="bad_gateway", on=EVERY_CALL)

        crowd = self.run(take, lambda: self.people.control("faults/clear", network=away))
        found = fates(self.people, crowd)
        rows, misses = promises(found)
        meanwhile = self._due_meanwhile(found)
        others = [one.live for one in meanwhile if one.written.network != away and one.live is not None]
        waited = [one for one in meanwhile if one.written.network == away]
        last = max((one.published_at.timestamp() for one in waited if one.published_at), default=self.back)
        speed = (self.back - self.gone) / max(0.1, last - self.back)
        hasty = self._hasty(found, away)
        rows += [
            line("due meanwhile on the network that is away", len(waited)),
            line("due meanwhile on the others", len(others)),
            line("others live after, p50 s", cut(others, 0.5)),
            line("others live after, p99 s", cut(others, 0.99), "<= 15"),
            line("caught up after, s", last - self.back),
            line("times as fast as it came in", speed, f">= {CATCH_UP:.0f}"),
            line("accounts that sent faster than they may", hasty, "0"),
        ]
        misses += [f"the others were {cut(others, 0.99):.1f} s late (p99)"] if cut(others, 0.99) > 15 else []
        misses += [f"{hasty} accounts sent faster than they may"] if hasty else []
        slow = self.seconds >= (MEANINGFUL_IN_A_HURRY if self.hurry else MEANINGFUL) and speed < CATCH_UP
        misses += [f"caught up only {speed:.1f} times as fast as it came in"] if slow else []
        return rows, misses + ([] if waited and others else ["nothing was due meanwhile"])

    def _due_meanwhile(self, found: Sequence[Fate]) -> list[Fate]:
        return [one for one in found if self.gone <= one.written.due_at.timestamp() <= self.back]

    def _without_database(self, crowd: Crowd) -> Found:
        found = fates(self.people, crowd)
        rows, misses = promises(found)
        meanwhile = self._due_meanwhile(found)
        first = min((moment for one in meanwhile if (moment := _moment(one.published_at)) > self.back), default=0.0)
        during = [visit for visit in crowd.visits if self.gone + 1 <= visit.at <= self.back - 1]
        unsaid = [visit for visit in during if visit.status not in (200, 503)]
        later = [visit for visit in crowd.visits if visit.at > self.back + BACK or visit.at < self.gone - 1]
        broken = [visit for visit in later if visit.status != 200]
        slowest = max((visit.seconds for visit in during), default=0.0)
        rows += [
            line("due while it was away", len(meanwhile)),
            line("published again after, s", first - self.back if first else 0.0),
            line("pages meanwhile that said so (503)", sum(visit.status == 503 for visit in during)),
            line("pages meanwhile that said something else", len(unsaid), "0"),
            line("slowest of them, s", slowest, f"<= {TOLD_WITHIN:.0f}"),
            line("posts that people were told are not kept", crowd.refused),
            line(f"errors to users before, and {BACK:.0f} s after", len(broken), "0"),
        ]
        misses += [] if meanwhile else ["nothing was due meanwhile"]
        misses += [f"a page took {slowest:.1f} s to say so"] if slowest > TOLD_WITHIN else []
        return rows, misses + _told([*unsaid, *broken], 0)

    def _fill(self, taken: list[Connection]) -> None:
        """Take what is free, send the house's own away, and be quicker than it."""
        admin = self.ground.postgres._connect("postgres")
        address = self.ground.environment["DATABASE_URL"]
        admin.autocommit = True
        end = time.monotonic() + max(2.0, self.seconds / 2)
        with admin.cursor() as cursor:
            while time.monotonic() < end:
                with suppress(psycopg2.OperationalError):
                    while True:
                        taken.append(psycopg2.connect(address, connect_timeout=2))
                mine = [link.info.backend_pid for link in taken]
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'gardu_app' "
                    "AND pid <> ALL (%s::int[]) LIMIT 1",
                    [mine],
                )
                if not cursor.rowcount:
                    break
        admin.close()

    def _hasty(self, found: Sequence[Fate], network: str) -> int:
        """Accounts that went beyond their budget, by the network's own clock: a burst, then so many a second."""
        moments: dict[int, list[float]] = {}
        created = self.people.ask("marks")
        for one in found:
            if one.written.network == network:
                moments.setdefault(one.written.account, []).extend(
                    post["created"] for post in created.get(one.written.mark, [])
                )
        return sum(_too_fast(sorted(times)) for times in moments.values())


def _too_fast(times: Sequence[float]) -> bool:
    """Whether more went out than a bucket that begins full allows; a tenth more for clocks and ways."""
    allowed = rates.ACCOUNT
    return any(
        place - begin + 1 > 1.1 * (allowed.burst + allowed.rate * (times[place] - times[begin])) + 1
        for begin in range(len(times))
        for place in range(begin, len(times))
    )


def _close(taken: Sequence[Connection]) -> None:
    for link in taken:
        link.close()


def _pages(visits: Sequence[Visit], broken: Sequence[Visit]) -> list[Row]:
    return [
        line("pages opened", len(visits)),
        line("errors to users", len(broken), "0"),
        line("page p50, s", cut([visit.seconds for visit in visits], 0.5)),
        line("slowest page, s", max((visit.seconds for visit in visits), default=0.0)),
    ]


def _told(broken: Sequence[Visit], refused: int) -> list[str]:
    said = [f"{len(broken)} pages broke, as {one.page} {one.status} {one.broke}" for one in broken[:1]]
    return said + ([f"{refused} posts could not be kept when they were written"] if refused else [])


def _moment(at: datetime | None) -> float:
    return at.astimezone(UTC).timestamp() if at else 0.0
