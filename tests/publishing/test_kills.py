"""kill -9 of the worker in the middle of sending: nothing doubled, nothing lost, and the right final states.

Real worker, real clock, real sandbox; the sandbox's book is the truth.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from networks.models import Account
from publishing.models import Attempt, Publication
from tests.publishing.post_office import PostOffice
from tests.publishing.processes import FOUR_THREADS, POLLER, Forked, Nursery, running, surroundings
from tests.sandbox_process import SandboxProcess
from workspaces.tenancy import entered

State = Publication.State
KILLS = 10
POSTS_A_KILL = 3
# What the network does while the worker dies: takes its time (and stores after the death), or stores and answers late.
WEATHER = [("slow", 1.2), ("late_reply", 1.5), ("slow", 0.4)]
HURRY = {
    "NETWORKS_CONNECT_SECONDS": "0.5",
    "NETWORKS_READ_SECONDS": "2",
    "PUBLISH_LEASE_SECONDS": "5.5",
    "PUBLISH_SETTLE_SECONDS": "2.5",
    "PUBLISH_LOOK_SECONDS": "0.5",
    "PUBLISH_LISTING_LAGS": "0.02",
    "PUBLISH_HINT_SECONDS": "3",
}


@pytest.fixture(scope="module")
def environment(pretend_networks: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {
        **surroundings(tmp_path_factory.mktemp("witness")),
        **HURRY,
        "SANDBOX_URL": pretend_networks.url,
        "VAULT_KEYS": settings.VAULT_KEYS,
        "REDIS_URL": settings.REDIS_URL,
    }


@pytest.fixture(scope="module")
def nursery(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    loaded = Nursery(environment, tmp_path_factory.mktemp("logs"))
    yield loaded
    loaded.close()


@pytest.fixture
def clock(office: PostOffice, nursery: Nursery) -> Iterator[Forked]:
    process = Forked(nursery, "poller")
    yield process
    process.kill()


@pytest.fixture
def patient_clock(office: PostOffice, nursery: Nursery) -> Iterator[Forked]:
    """Does not take over from a worker that is still starting: it is the worker that is to be killed in mid-send."""
    process = Forked(nursery, "poller", PUBLISH_HINT_SECONDS=25.0)
    yield process
    process.kill()


@pytest.fixture
def worker(office: PostOffice, nursery: Nursery) -> Iterator[Forked]:
    process = Forked(nursery, "worker", FOUR_THREADS)
    yield process
    process.kill()


def states(office: PostOffice) -> Counter[str]:
    with entered(office.cast.workspace.pk):
        return Counter(Publication.objects.values_list("state", flat=True))


def wait_until(happened: object, seconds: float, what: str, office: PostOffice) -> None:
    end = time.monotonic() + seconds
    while not happened():  # type: ignore[operator]  # a function without arguments
        assert time.monotonic() < end, f"waited for {what}: {states(office)}"
        time.sleep(0.05)


def in_mid_send(office: PostOffice, account: Account) -> bool:
    with entered(office.cast.workspace.pk):
        return bool(Publication.objects.on(account).filter(state=State.PUBLISHING).exists())


@pytest.mark.slow
def test_ten_workers_killed_in_mid_send_double_nothing_and_lose_nothing(
    office: PostOffice, worker: Forked, patient_clock: Forked
) -> None:
    dice = random.Random(20261124)
    accounts = []
    for kill in range(KILLS):
        account = office.account()
        accounts.append(account)
        fault, seconds = WEATHER[kill % len(WEATHER)]
        office.sandbox.fault("x", fault, account.uid, on=["publish"], params={"seconds": seconds})
        for number in range(POSTS_A_KILL):
            office.schedule(account, f"Post {number} of account {kill}")
        wait_until(lambda account=account: in_mid_send(office, account), 30, "a send under way", office)
        time.sleep(dice.uniform(0.0, 0.5))
        worker.kill()
        office.sandbox.control("faults/clear", network="x", account=account.uid)
        worker.start()

    total = KILLS * POSTS_A_KILL
    wait_until(lambda: states(office)[State.PUBLISHED] == total, 90, "everything to be live", office)
    time.sleep(1)

    seen = [post for account in accounts for post in office.live(account)]
    assert max(Counter(post["text"] for post in seen).values()) == 1, "nothing doubled"
    assert len(seen) == total, "nothing lost"
    with entered(office.cast.workspace.pk):
        known = set(Publication.objects.values_list("remote_id", flat=True))
        interrupted = Attempt.objects.filter(error_code="interrupted").count()
        still_open = Attempt.objects.filter(result__in=["sending", "unknown"]).count()
    assert known == {post["id"] for post in seen}, "each publication knows its own post"
    assert interrupted >= KILLS, "every kill hit a send"
    assert still_open == 0


@pytest.mark.slow
def test_a_killed_clock_is_no_more_than_a_pause(office: PostOffice, worker: Forked, clock: Forked) -> None:
    account = office.account()
    office.schedule(account, "Satu")
    wait_until(lambda: states(office)[State.PUBLISHED] == 1, 30, "the first", office)
    clock.kill()
    office.schedule(account, "Dua")
    clock.start()
    wait_until(lambda: states(office)[State.PUBLISHED] == 2, 30, "the second", office)
    assert len(office.live(account)) == 2


@pytest.mark.slow
def test_without_any_worker_the_clock_publishes_by_itself(office: PostOffice, clock: Forked) -> None:
    account = office.account()
    office.schedule(account, "Tanpa pekerja")
    wait_until(lambda: states(office)[State.PUBLISHED] == 1, 30, "the clock to do it", office)
    assert len(office.live(account)) == 1


@pytest.mark.slow
def test_with_redis_away_posts_still_go_out_on_time(
    office: PostOffice, environment: dict[str, str], tmp_path: Path
) -> None:
    account = office.account()
    dead = {**environment, "REDIS_URL": "redis://127.0.0.1:9/0"}
    with running(POLLER, dead, tmp_path / "lonely.log") as clock:
        wait_until(lambda: clock.process.poll() is None, 1, "the clock", office)
        posts = [office.schedule(account, f"Tanpa Redis {number}") for number in range(3)]
        wait_until(lambda: states(office)[State.PUBLISHED] == 3, 30, "all three", office)
        assert clock.stop() == 0, "SIGTERM ends it cleanly"
    assert len(office.live(account)) == len(posts)
