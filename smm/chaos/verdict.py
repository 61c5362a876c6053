"""Who is right: every publication's record beside what readers find, and how fast it came right."""

from __future__ import annotations

import faulthandler
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from publishing.models import Attempt, Publication
from smm.chaos.conduct import DONE, Conductor
from smm.chaos.places import STANDS_FOR, WEATHER
from smm.chaos.plan import Ground, Post
from workspaces.tenancy import entered

State = Publication.State
GONE = (State.REFUSED, State.HELD)  # then what continues it is held, and a person sees it


@dataclass
class Fate:
    """One publication in the end."""

    post: Post
    settles: str
    state: str
    copies: int
    duplicated: bool = False
    lost: bool = False
    wrong: str = ""
    late: float | None = None
    recoveries: list[float] = field(default_factory=list)  # what is promised: from a kill, and nothing else went wrong
    anyway: list[float] = field(default_factory=list)  # from any kill, with whatever the network did on top
    story: str = ""

    @property
    def to_a_person(self) -> bool:
        return self.state == State.NEEDS_ATTENTION


@dataclass(frozen=True)
class Death:
    """One process that died at a crash point: when, where, in the middle of what."""

    at: float
    name: str
    subject: str


def deaths(folder: Path) -> list[Death]:
    note = folder / "deaths"
    lines = note.read_text().splitlines() if note.exists() else []
    return [Death(float(at), name, subject) for at, _pid, name, subject in (line.split(" ") for line in lines)]


def judge(run: Conductor, grounds: Sequence[Ground]) -> list[Fate]:
    """Every publication of the plan, judged."""
    faulthandler.cancel_dump_traceback_later()
    live = run.town.ask("marks")
    with entered(run.town.workspace.pk):
        rows = {row.pk: row for row in Publication.objects.all()}
        sends: dict[int, list[Attempt]] = {}
        for attempt in Attempt.objects.order_by("fence"):
            sends.setdefault(attempt.publication_id, []).append(attempt)
    died = deaths(run.ground.folder)
    killed = sorted([*(one.at for one in died), *(one.at for one in run.crew.deaths if one.status < 0)])
    fates = []
    by_number = {post.number: post for post in run.plan.posts}
    for post in run.plan.posts:
        row = rows.get(run.known.get(post.number, 0))
        shown = [one["id"] for one in live.get(post.mark, [])]
        fate = Fate(post, grounds[post.account].settles, row.state if row else "never queued", len(shown))
        above = rows.get(run.known.get(post.parent, 0)) if post.parent is not None else None
        _weigh(fate, row, shown, above, by_number)
        if row is not None:
            tried = sends.get(row.pk, [])
            if tried and post.parent is None:
                fate.late = (tried[0].started_at - row.due_at).total_seconds()
            fate.story = _story(row, tried, run.began)
            fate.anyway = _recoveries(row, tried, died, killed)
            fate.recoveries = [] if post.weather else fate.anyway  # else it would be the fault's time as well
        fates.append(fate)
    return fates


def _weigh(
    fate: Fate, row: Publication | None, shown: list[str], above: Publication | None, by_number: dict[int, Post]
) -> None:
    fate.duplicated = fate.copies > 1
    may_end = WEATHER[fate.post.weather].ends if fate.post.weather else ("published",)
    if row is None:
        fate.lost, fate.wrong = True, "never queued"
        return
    orphan = above is not None and above.state in (State.REFUSED, State.NEEDS_ATTENTION, State.HELD, State.SCHEDULED)
    fate.lost = fate.copies == 0 and row.state in (State.PUBLISHED, State.MISSED, State.CANCELLED)
    waits = row.state == State.HELD or (row.state == State.SCHEDULED and above is not None and above.state not in GONE)
    if row.state not in DONE and not (orphan and waits):  # what continues a question waits for its answer
        fate.wrong = f"still {row.state} ({row.held_for or row.reason[:60]})"
        fate.lost = fate.copies == 0
    elif row.state == State.PUBLISHED and row.remote_id not in shown:
        fate.wrong = f"published as {row.remote_id}, readers find {shown}"
    elif fate.copies and row.state not in (State.PUBLISHED, State.NEEDS_ATTENTION):
        fate.wrong = f"live, and {row.state}"
    elif row.state not in (*may_end, State.PUBLISHED, State.NEEDS_ATTENTION) and not orphan:
        fate.wrong = f"{row.state}: {row.reason[:60]} {row.detail[:60]}"


def _recoveries(row: Publication, sends: list[Attempt], died: Iterable[Death], killed: list[float]) -> list[float]:
    """Seconds from each kill that hit it until it was right: those at its own fuses, and those that took it along."""
    if row.state not in DONE:
        return []
    ended = [attempt.ended_at for attempt in sends if attempt.ended_at]
    right = row.published_at or max(ended, default=None)
    if right is None:
        return []
    kills = {one.at for one in died if one.subject == str(row.pk)}
    for attempt in sends:
        # Taken along by a kill: the last one before it was missed. None: its sender was frozen or cut off instead.
        missed = attempt.ended_at or right
        during = [at for at in killed if attempt.started_at <= _moment(at) <= missed]
        if attempt.error_code == "interrupted" and during:
            kills.add(max(during))
    found = [(right - _moment(at)).total_seconds() for at in kills]
    return [seconds for seconds in found if seconds >= 0]


def _story(row: Publication, sends: list[Attempt], began: float) -> str:
    """Its sends by the run's clock, in seconds: begun, what came of it, ended."""

    def at(moment: datetime | None) -> str:
        return f"{moment.timestamp() - began:.1f}" if moment else "-"

    told = [f"{at(one.started_at)} {one.error_code or one.result} {at(one.ended_at)}" for one in sends]
    return f"due {at(row.due_at)}; {'; '.join(told)}; right {at(row.published_at)}"


def _moment(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


def table_name(post: Post) -> list[str]:
    """The lines of the table that a publication belongs to."""
    return [*post.fuses, *([post.weather] if post.weather else [])]


def hits(run: Conductor, fates: Sequence[Fate]) -> dict[str, int]:
    """How often each line really struck."""
    found = dict(run.troubles.hits)
    number_of = {str(pk): number for number, pk in run.known.items()}
    fuses = {fate.post.number: fate.post.fuses for fate in fates}
    for one in deaths(run.ground.folder):
        chosen = fuses.get(number_of.get(one.subject, -1), ())
        name = next((fuse for fuse in chosen if STANDS_FOR.get(fuse, "") == one.name), one.name)
        found[name] = found.get(name, 0) + 1
    struck = run.town.ask("script")["hits"]
    slow = sum(fate.post.weather == "slow_within" for fate in fates)
    for name, weather in WEATHER.items():
        key = (weather.account or weather.post)[0]
        found[name] = int(struck.get(key, 0))
    found["slow_within"] = min(slow, found["slow"])
    found["slow"] -= found["slow_within"]
    for name in ("poller", "beat"):
        found[f"twins.{name}"] = sum(count for part, count in run.crew.born.items() if part[0] == name[0])
    return found
