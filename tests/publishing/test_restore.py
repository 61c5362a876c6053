"""A restored database has forgotten what is live: its publisher stops by itself, looks, and doubles nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections
from psycopg2 import sql
from pytest_django import Settings

from publishing import counter
from publishing.actions import publisher
from publishing.models import Publication, Publisher, PublisherTurn
from publishing.rules import doubt
from tests import database
from tests.publishing.post_office import PostOffice
from tests.sandbox_process import SandboxProcess

State = Publication.State
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def witnessed(settings: Settings, tmp_path: Path) -> Path:
    settings.PUBLISHER_WITNESS = str(tmp_path / "publisher")
    return tmp_path / "publisher"


@pytest.fixture(autouse=True)
def taking_repeats(pretend_networks: SandboxProcess) -> Iterator[None]:
    """Networks that do not save us from ourselves."""
    pretend_networks.control("settings", repeats_allowed=True)
    yield
    pretend_networks.control("settings", repeats_allowed=False)


def backup() -> Callable[..., None]:
    """Copy this test's database as it is now; what is answered puts the copy in its place."""
    here = connections["default"].settings_dict["NAME"]
    kept = f"{here}_next"  # tidied like every clone, should this test be killed

    def place(cursor: database.Cursor, source: str, target: str) -> None:
        database._close()
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [source])
        database._drop(cursor, target)
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (target, source))))

    def restore(*, same_place: bool = True) -> None:
        with database._owner() as cursor:
            place(cursor, kept, here)
            database._drop(cursor, kept)
        if same_place:  # as after a physical restore, which brings back the server's and the database's identifiers
            place_now = publisher._place()
            Publisher.objects.update(place=place_now)

    with database._owner() as cursor:
        place(cursor, here, kept)
    return restore


def test_what_went_out_after_the_backup_is_found_and_never_sent_again(office: PostOffice, witnessed: Path) -> None:
    account, page = office.account(), office.account("facebook")
    before = office.schedule(account, "Sudah tayang sebelum cadangan.")
    office.until(before, State.PUBLISHED)
    sent_later = office.schedule(page, "Tayang sesudah cadangan.")
    parent = office.schedule(account, "Bagian satu.")
    child = office.schedule(account, "Bagian dua.", parent=parent, target=office.thread())
    restore = backup()
    office.until(sent_later, State.PUBLISHED)
    office.until(child, State.PUBLISHED)
    assert (len(office.live(account)), len(office.live(page))) == (3, 1)
    office.close()

    restore()

    assert office.now(sent_later).state == State.SCHEDULED, "the restored database has forgotten"
    office.until(sent_later, State.PUBLISHED)
    office.until(parent, State.PUBLISHED)
    office.until(child, State.PUBLISHED)
    off = Publisher.objects.get()
    assert (off.on, off.why) == (False, Publisher.Why.REWOUND)
    assert (len(office.live(account)), len(office.live(page))) == (3, 1), "found, not sent again"


def test_without_a_witness_the_restored_database_would_send_again(office: PostOffice, settings: Settings) -> None:
    """What the wall is for: take it away, and a reader sees the post twice."""
    settings.PUBLISHER_WITNESS = ""
    account = office.account("facebook")
    twice = office.schedule(account, "Dua kali.")
    restore = backup()
    office.until(twice, State.PUBLISHED)
    office.close()
    restore()
    office.until(twice, State.PUBLISHED)
    assert [post["text"] for post in office.live(account)] == ["Dua kali.", "Dua kali."]


def test_what_was_not_sent_goes_out_after_an_operators_release(office: PostOffice, witnessed: Path) -> None:
    account = office.account("facebook")
    office.until(office.schedule(account, "Sebelum."), State.PUBLISHED)
    waiting = office.schedule(account, "Belum pernah dikirim.")
    restore = backup()
    publisher.beat()
    office.close()

    restore()
    office.clock._beats_at = 0.0
    office.wait_for(
        lambda: bool(office.now(waiting).looked_at) and office.now(waiting).state == State.SCHEDULED,
        "looked for",
        waiting,
    )
    assert not Publisher.objects.get().on, "looking releases nothing"
    call_command("publisher", "release", "--by", "Ibu Ops", "--because", "looked at every account")
    office.clock._beats_at = 0.0
    office.until(waiting, State.PUBLISHED)
    texts = [post["text"] for post in office.live(account)]
    assert texts.count("Belum pernah dikirim.") == 1


def test_a_copy_of_the_database_sends_nothing(office: PostOffice, witnessed: Path) -> None:
    account = office.account("facebook")
    office.until(office.schedule(account, "Asli."), State.PUBLISHED)
    waiting = office.schedule(account, "Jangan dari salinan.")
    restore = backup()

    restore(same_place=False)
    for _ in range(3):
        office.clock._beats_at = 0.0
        office.turn()

    assert Publisher.objects.get().why == Publisher.Why.MOVED
    assert [post["text"] for post in office.live(account)] == ["Asli."]
    assert office.now(waiting).state in {State.SCHEDULED, State.RECONCILING}


def test_a_claim_that_comes_before_the_clock_has_noticed_sends_nothing(office: PostOffice, witnessed: Path) -> None:
    """A wake-up from before the restore is still in Redis, and a worker takes it up at once."""
    account = office.account()
    publisher.beat()
    publisher.beat()
    due = office.schedule(account, "Dari antrean lama.")
    Publisher.objects.update(mark=1)
    from_queue = office.ref(due)

    counter.publish([from_queue], account.network)

    assert office.live(account) == []
    assert office.now(due).state == State.SCHEDULED


def test_an_operator_stops_and_releases_with_a_name_and_a_reason(witnessed: Path) -> None:
    publisher.beat()
    with pytest.raises(CommandError):
        call_command("publisher", "stop")
    call_command("publisher", "stop", "--by", "Pak Ops", "--because", "a network misbehaves")
    assert not publisher.beat()
    call_command("publisher", "release", "--by", "Pak Ops", "--because", "it is well again")
    assert publisher.beat()
    assert [(turn.on, turn.by) for turn in PublisherTurn.objects.all()] == [(True, "Pak Ops"), (False, "Pak Ops")]


@pytest.mark.parametrize(
    ("mark", "kept_at", "seen", "expected"),
    [
        (0, "", None, ""),
        (7, "here", 7, ""),
        (8, "here", 7, ""),
        (7, "here", 8, "rewound"),
        (7, "there", 7, "moved"),
        (7, "here", None, "unwitnessed"),
        (0, "here", 3, "rewound"),
    ],
)
def test_what_a_database_may_have_forgotten(mark: int, kept_at: str, seen: int | None, expected: str) -> None:
    assert doubt(mark, kept_at=kept_at, place="here", seen=seen) == expected
