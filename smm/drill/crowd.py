"""People at work during a drill: some write posts that are due soon, some open pages; everything is noted."""

from __future__ import annotations

import http.client
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error as DatabaseAway
from django.db import close_old_connections, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from publishing.actions import enqueue
from publishing.models import Publication
from smm.chaos import plan
from smm.chaos.town import Town
from workspaces.tenancy import entered

PATIENCE = 30.0  # seconds a browser waits for a page
BETWEEN = 0.05  # seconds between two pages
TOGETHER = 20  # posts written before somebody looks at the clock again


@dataclass(frozen=True)
class Written:
    """One post that somebody was told is kept."""

    id: int
    mark: str
    network: str
    account: int
    due_at: datetime


@dataclass(frozen=True)
class Visit:
    """One page that somebody opened: the status, or what broke."""

    at: float
    page: str
    status: int
    seconds: float
    broke: str = ""


class Crowd:
    """Runs inside `with`; what happened is in `written` and `visits`.

    `rate`: posts a second; `spread`: over how many seconds the due times of those written at one moment lie.
    """

    def __init__(self, people: Town, web: int, rate: float, *, spread: float = 0.0) -> None:
        self.people, self.web, self.rate, self.spread = people, web, rate, spread
        self.written: list[Written] = []
        self.visits: list[Visit] = []
        self.refused = 0  # posts that could not be kept when they were written; they are written again
        self._stopping = threading.Event()
        self._closing = threading.Event()
        self._writer = threading.Thread(target=self._write, name="writes")
        self._reader = threading.Thread(target=self._read, name="reads")
        self._cookie = _signed_in(people)
        slug = people.workspace.slug
        named = ("campaigns:calendar", "publishing:attention")
        self.pages = (*(reverse(name, args=[slug]) for name in named), "/healthz")

    def __enter__(self) -> Crowd:
        self._writer.start()
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_writing()
        self._closing.set()
        self._reader.join()

    def stop_writing(self) -> None:
        self._stopping.set()
        self._writer.join()

    def _write(self) -> None:
        began = time.monotonic()
        while not self._stopping.is_set():
            due = int((time.monotonic() - began) * self.rate)
            for number in range(len(self.written), min(due, len(self.written) + TOGETHER)):
                if not self._kept(number):
                    self.refused += 1
                    self._stopping.wait(0.5)
                    break
            self._stopping.wait(0.05)
        connections.close_all()

    def _kept(self, number: int) -> bool:
        accounts = self.people.accounts
        one = plan.Post(number, number % len(accounts), "post", None, 0)
        account = accounts[one.account]
        try:
            close_old_connections()
            content = self.people.content(one)
            with entered(self.people.workspace.pk):
                # A COMMIT whose answer was lost may have gone through: then it is there.
                post = Publication.objects.filter(account=account, fingerprint=content.fingerprint).first()
                post = post or enqueue(content, account=account, due_at=self._due_at(number), by=None)
        except DatabaseAway:
            return False
        self.written.append(Written(post.pk, one.mark, account.network, account.pk, post.due_at))
        return True

    def _due_at(self, number: int) -> datetime:
        """In two seconds, or up to `spread` later."""
        return timezone.now() + timedelta(seconds=2 + self.spread * (number * 37 % 100) / 100)

    def _read(self) -> None:
        while not self._closing.is_set():
            self.visits.append(self._visit(self.pages[len(self.visits) % len(self.pages)]))
            self._closing.wait(BETWEEN)

    def _visit(self, page: str) -> Visit:
        began, at = time.monotonic(), time.time()
        link = http.client.HTTPConnection("127.0.0.1", self.web, timeout=PATIENCE)
        try:
            link.request("GET", page, headers={"Cookie": self._cookie, "Connection": "close"})
            answer = link.getresponse()
            answer.read()
            return Visit(at, page, answer.status, time.monotonic() - began)
        except (OSError, http.client.HTTPException) as error:
            return Visit(at, page, 0, time.monotonic() - began, f"{type(error).__name__}: {error}")
        finally:
            link.close()


def _signed_in(people: Town) -> str:
    client = Client()
    client.force_login(people.owner.user)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"
