"""What the promise stands on, taken away one at a time: this is what would happen (publishing/docs/assumptions.md)."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from django.db import connection

from networks import registry
from networks.protocol import HandsOver
from networks.wire import Outbound
from publishing import pipeline
from publishing.actions import claim as claiming
from publishing.actions import lease as leases
from publishing.actions.claim import claim
from publishing.models import Publication
from publishing.rules import Terms
from smm.embedded import keys
from smm.embedded.postgres import Postgres
from tests.house import tree
from tests.publishing.post_office import PostOffice
from tests.sandbox_process import SandboxProcess

State = Publication.State
LATE_COMMIT = 2.5  # seconds after which the pretend network stores what it took; we wait for one


def careless(office: PostOffice) -> None:
    """The pretend network takes the same words twice: a second send is seen, and not mended by the network."""
    office.sandbox.control("settings", repeats_allowed=True)


@pytest.fixture(autouse=True)
def careful_again(pretend_networks: SandboxProcess) -> Iterator[None]:
    yield
    pretend_networks.control("settings", repeats_allowed=False)


@pytest.mark.parametrize(("settle", "copies"), [(LATE_COMMIT + 1.0, 1), (0.1, 2)])
def test_a_settle_time_shorter_than_a_late_commit_posts_twice(
    office: PostOffice, settings: Any, settle: float, copies: int
) -> None:
    settings.PUBLISHING = {**settings.PUBLISHING, "settle": settle, "lags": 0.001}
    careless(office)
    account = office.account()
    office.sandbox.fault("x", "slow", account.uid, on=["publish"], times=1, params={"seconds": LATE_COMMIT})
    post = office.schedule(account)

    office.until(post, State.PUBLISHED)
    office.wait_for(lambda: len(office.live(account)) >= copies, "the late commit", post)

    assert len(office.live(account)) == copies


def test_a_claim_is_committed_to_disk_whatever_the_servers_default(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def taking(*given: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            seen.append(cursor.fetchone()[0])
        take(*given)

    take = claiming.take_together
    monkeypatch.setattr(claiming, "take_together", taking)
    post = office.schedule(office.account())
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        try:
            assert claim(office.ref(post)) is not None
        finally:
            cursor.execute("RESET synchronous_commit")
    assert seen == ["on"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Postgres]:
    tmp_path.chmod(0o700)
    made = Postgres(tmp_path / "postgres", keys.load(tmp_path), durable=True)
    try:
        made.start()
        yield made
    finally:
        made.stop()


def test_without_it_a_crash_of_postgresql_forgets_what_it_confirmed(server: Postgres) -> None:
    """The very words of a claim, once with and once without, before the power is cut."""
    with server._connect("gardu") as link, link.cursor() as cursor:
        cursor.execute("CREATE TABLE claim (number int, lasting bool)")
    link.close()
    _ask(server, "ALTER SYSTEM SET wal_writer_delay = '10s'")
    _ask(server, "SELECT pg_reload_conf()")
    _claim(server, 1, "on")
    _claim(server, 2, "off")
    server.crash()
    server.again()
    with server._connect("gardu") as link, link.cursor() as cursor:
        cursor.execute("SELECT number FROM claim ORDER BY number")
        assert cursor.fetchall() == [(1,)], "the second was confirmed too, its bytes have left, and nobody knows"
    link.close()


def _claim(server: Postgres, number: int, lasting: str) -> None:
    link = server._connect("gardu")
    with link, link.cursor() as cursor:
        cursor.execute(f"SET LOCAL synchronous_commit = {lasting}")
        cursor.execute("INSERT INTO claim VALUES (%s)", [number])
    link.close()


def _ask(server: Postgres, statement: str) -> None:
    link = server._connect("gardu")
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute(statement)
    link.close()


@pytest.mark.parametrize(("outlasts", "copies"), [(False, 1), (True, 2)])
def test_a_freeze_longer_than_the_lease_before_the_first_byte_posts_twice(
    office: PostOffice, settings: Any, monkeypatch: pytest.MonkeyPatch, outlasts: bool, copies: int
) -> None:
    """The first sender stops between its look at the clock and its first byte: nothing of it moves, also no lease."""
    settings.PUBLISHING = {**settings.PUBLISHING, "request": 0.2, "lease": 2.6, "settle": 0.2, "lags": 0.001}
    monkeypatch.setattr(leases, "beat", lambda: None)
    careless(office)
    asleep, wake = threading.Event(), threading.Event()
    post_it = Outbound.send

    def send(self: Outbound, request: requests.PreparedRequest, *given: Any, **named: Any) -> requests.Response:
        if request.method == "POST" and not asleep.is_set():
            asleep.set()
            wake.wait(30)
        return post_it(self, request, *given, **named)

    monkeypatch.setattr(Outbound, "send", send)
    account = office.account()
    post = office.schedule(account)
    frozen = threading.Thread(target=pipeline.publish, args=(office.ref(post),))
    frozen.start()
    assert asleep.wait(10)
    if outlasts:
        office.until(post, State.PUBLISHED)  # missed, looked for, not there, sent by another one
    wake.set()
    frozen.join(10)

    office.until(post, State.PUBLISHED)
    assert len(office.live(account)) == copies


def test_the_page_tells_the_figures_in_force() -> None:
    page = (tree.ROOT / "publishing" / "docs" / "assumptions.md").read_text()
    rows = re.findall(r"^\| (\w+) \|.*\| (\d+) s \| (\d+) s \|$", page, re.M)
    told = {name: (int(lag), int(after)) for name, lag, after in rows}
    usual = Terms()
    so = {
        network.name: (int(lag := network.listing_lag.total_seconds()), int(usual.settle + 2 * lag))
        for network in registry.every()
        if not isinstance(network, HandsOver)
    }
    assert told == so
    assert f"| lease | {23.05 + 4:.2f} |" in page
