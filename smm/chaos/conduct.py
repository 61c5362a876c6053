"""Plays the plan: queues each publication before it is due, lets things break at their moment, keeps everybody alive.

enqueue (its fuses and its weather first) ──> due ──> the house publishes, dies, comes back
happenings, each when its publication is due ──> a story told step by step
once a second a person: reconnects lost accounts, and answers a customer below what went live
"""

from __future__ import annotations

import faulthandler
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import Error as DatabaseAway
from django.db import close_old_connections
from django.db.models import Q

from networks.models import Account
from networks.protocol import Target, TargetKind
from publishing.actions import enqueue
from publishing.models import Publication
from smm.chaos.crew import Crew
from smm.chaos.places import STANDS_FOR, WEATHER
from smm.chaos.plan import Plan, Post
from smm.chaos.servers import Ground
from smm.chaos.town import Town
from smm.chaos.troubles import Story, Troubles
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)
State = Publication.State
LEAD = 2.0  # seconds between queueing and being due
STEP = 0.02
STUCK = 240.0
DONE = (State.PUBLISHED, State.REFUSED, State.NEEDS_ATTENTION, State.CANCELLED, State.MISSED)


@dataclass
class Conductor:
    """One run of `plan`; `known` maps a publication's number to its row."""

    plan: Plan
    ground: Ground
    town: Town
    crew: Crew
    troubles: Troubles
    known: dict[int, int] = field(default_factory=dict)
    stories: list[tuple[float, Story]] = field(default_factory=list)
    began: float = 0.0

    def play(self, patience: float, say: Callable[[str], None]) -> None:
        """Until everything is settled, or `patience` seconds after the last was queued."""
        waiting = list(self.plan.posts)
        happenings = list(self.plan.happenings)
        self.began = time.time() + LEAD
        deadline = self.began + patience
        looked, told = 0.0, 0.0
        while time.time() < deadline:
            faulthandler.dump_traceback_later(STUCK, exit=True)  # from now; one thread that waits for itself says where
            waiting = self._queue(waiting)
            deadline = time.time() + patience if waiting else deadline
            upcoming = waiting[0].number if waiting else len(self.plan.posts)
            while happenings and happenings[0].at <= upcoming:
                self.stories.append((time.time(), self.troubles.story(happenings.pop(0).name)))
            self._go_on()
            self.crew.tend()
            if time.time() - looked > 1:
                looked = time.time()
                if self._person() and not (waiting or happenings or self.stories):
                    return
            if time.time() - told > 30:
                told = time.time()
                say(f"{told - self.began:6.0f} s  {len(self.known)} queued, {len(self.crew.deaths)} processes ended")
            time.sleep(STEP)
        while self.stories:  # nothing stays frozen
            self._go_on()
            time.sleep(STEP)

    def _queue(self, waiting: list[Post]) -> list[Post]:
        """Queue what is due soon; what the database does not take now is tried again."""
        left: list[Post] = []
        for place, post in enumerate(waiting):
            if self.began + post.due - LEAD > time.time():
                return left + waiting[place:]
            if place >= 10 or not self._queued(post):  # the processes want to be looked after as well
                left.append(post)
            if place >= 10:
                return left + waiting[place + 1 :]
        return left

    def _queued(self, post: Post) -> bool:
        """False when it must wait: the database is away, or the post it answers is not live yet."""
        parent = self.known.get(post.parent) if post.parent is not None else None
        if post.parent is not None and parent is None:
            return False
        try:
            close_old_connections()
            with entered(self.town.workspace.pk):
                above = Publication.objects.get(pk=parent) if parent else None
            if post.kind == "reply" and above is not None and above.state not in DONE:
                return False
            pk = self._enqueue(post, above)
        except DatabaseAway:
            return False
        self.known[post.number] = pk
        return True

    def _enqueue(self, post: Post, above: Publication | None) -> int:
        account = self.town.accounts[post.account]
        content = self.town.content(post)
        due_at = datetime.fromtimestamp(max(self.began + post.due, time.time() + 0.3), UTC)
        target = self._target(post, account, above)
        with entered(self.town.workspace.pk):
            # A COMMIT whose answer was lost may have gone through: then it is there.
            found = Publication.objects.filter(account=account, fingerprint=content.fingerprint).first()
            if found is None:
                far = due_at + timedelta(hours=1)  # not before its fuses are laid
                parent = above if _follows(post, above) else None
                found = enqueue(content, account=account, due_at=far, by=None, parent=parent, target=target)
        self._prepare(post, found)
        with entered(self.town.workspace.pk):
            Publication.objects.filter(pk=found.pk).update(due_at=due_at)
        return int(found.pk)

    def _target(self, post: Post, account: Account, above: Publication | None) -> Target | None:
        if post.kind == "thread":
            return Target(TargetKind.THREAD, post_id="")
        if _follows(post, above):
            return Target(TargetKind.COMMENT, post_id="")
        if post.kind == "reply" and above is not None and above.remote_id:
            said = self.town.comment_below(account, above.remote_id)
            return Target(TargetKind.COMMENT_REPLY, above.remote_id, said["id"], said["account"])
        return None

    def _prepare(self, post: Post, publication: Publication) -> None:
        """Lay the fuses, write the weather into the pretend networks' script."""
        account = self.town.accounts[post.account]
        for fuse in post.fuses:
            point = STANDS_FOR.get(fuse, fuse)
            subject = f"account-{account.pk}" if point.startswith("token.") else str(publication.pk)
            (self.ground.armed / f"{point}@{subject}").touch()
        weather = WEATHER.get(post.weather)
        lines: dict[str, list[dict[str, object]]] = {}
        if weather is not None:
            more = {"times": weather.times, "params": weather.params}
            times = 1 if weather.account else weather.times
            on = list(weather.on)
            lines[post.mark] = [{"fault": name, **more, "times": times, "on": on} for name in weather.post]
            lines[account.uid] = [{"fault": name, **more, "on": []} for name in weather.account]
            self.town.control("script", lines=lines)
        needs_renewal = weather is not None and weather.needs == "token"
        if needs_renewal or any(fuse.startswith("token.") for fuse in post.fuses):
            with entered(self.town.workspace.pk):
                self.town.let_end(account)

    def _go_on(self) -> None:
        """The next step of every story whose wait is over."""
        now = time.time()
        left = []
        for at, story in self.stories:
            if at > now:
                left.append((at, story))
                continue
            try:
                left.append((now + next(story), story))
            except StopIteration:
                continue
            except DatabaseAway:
                logger.info("a story ended early: the database is away")
        self.stories = left

    def _person(self) -> bool:
        """Reconnect lost accounts; True when every publication has come to its end."""
        try:
            close_old_connections()
            self.town.reconnect()
            with entered(self.town.workspace.pk):
                moving = Publication.objects.exclude(state__in=DONE)
                moving = moving.exclude(state=State.HELD, held_for=Publication.Hold.PARENT)
                # What continues a question, and what continues that, waits for its answer.
                asked = Q(parent__state=State.NEEDS_ATTENTION) | Q(parent__parent__state=State.NEEDS_ATTENTION)
                return not moving.exclude(asked, state=State.SCHEDULED).exists()
        except DatabaseAway:
            return False


def _follows(post: Post, above: Publication | None) -> bool:
    """Whether it leaves after its parent by itself; so does an answer to a post that never went live, and waits."""
    unanswerable = post.kind == "reply" and above is not None and not above.remote_id
    return post.kind in ("thread", "comment") or unanswerable


def conductor(plan: Plan, ground: Ground, town: Town, crew: Crew, *, frozen: float, seed: int) -> Conductor:
    """Everybody in place."""
    dice = random.Random(seed)  # noqa: S311 - replayable, no secret
    return Conductor(plan, ground, town, crew, Troubles(ground, crew, town.workspace.pk, frozen, dice))
