"""A program plans as a page does: queue, series, brake, many at once, and what stands in the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from networks.models import Account
from publishing.models import Publication
from tests.campaigns.desk import PLAIN, channel, soon, wordy
from tests.cast import Cast
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db


class Program:
    """What a program says, and what it hears."""

    def __init__(self, cast: Cast, client: Client) -> None:
        self.base, self.client = f"/api/v1/w/{cast.workspace.slug}/", client
        client.force_login(cast.alice.user)

    def __call__(self, method: str, path: str, data: Any = None, expect: int = 200) -> Any:  # Any: JSON
        answer = getattr(self.client, method)(self.base + path, data, content_type="application/json")
        assert answer.status_code == expect, answer.content
        return answer.json() if answer.content else None


@pytest.fixture
def say(cast: Cast, client: Client) -> Program:
    return Program(cast, client)


@pytest.fixture
def account(cast: Cast) -> Account:
    with entered(cast.workspace.pk):
        return channel(wordy()[0])


def test_a_program_fills_the_queue_and_orders_it(say: Program, account: Account) -> None:
    slots = [{"weekday": day, "at": "09:00"} for day in range(7)]
    assert len(say("put", f"accounts/{account.pk}/slots/", slots)) == 7
    first, second = (
        say("post", "posts/", {"text": f"{n} {PLAIN}", "accounts": [account.pk], "queue": True}, 201) for n in "12"
    )
    assert first["queued"] and first["local_at"] < second["local_at"]
    queue = say("put", f"accounts/{account.pk}/queue/", {"posts": [second["id"], first["id"]]})
    assert [one["id"] for one in queue["posts"]] == [second["id"], first["id"]] and len(queue["free"]) == 10
    assert queue["best"]["measured"] == 0 and queue["best"]["windows"] == []
    say("put", f"accounts/{account.pk}/queue/", {"posts": [first["id"]]}, 409)


def test_a_repetition_and_a_price_are_told(say: Program, cast: Cast, settings: Settings) -> None:
    with entered(cast.workspace.pk):
        charged = next(a for a in map(channel, wordy()) if a.network == _charging())
    given = {"text": PLAIN, "accounts": [charged.pk], "local_at": soon().isoformat(), "schedule": True}
    say("post", "posts/", given, 201)
    again = say("post", "posts/", {"text": PLAIN.upper() + " https://trs.kopi/1", "accounts": [charged.pk]}, 201)
    told = say("get", f"posts/{again['id']}/checks/")
    (repeat,) = [check for check in told["checks"] if check["publication_id"]]
    assert "100 %" in repeat["reason"] and "refuses the same words twice" in repeat["reason"]
    assert told["dollars"] == 0.2 and told["prices"][0]["links"] == 1
    settings.NETWORKS = {charged.network: {"price_link": "0.5"}}
    assert say("get", f"posts/{again['id']}/checks/")["dollars"] == 0.5


def _charging() -> str:
    from networks import registry  # noqa: PLC0415 - only here

    return next(network.slug for network in registry.every() if network.limits.price_post)


def test_a_program_begins_changes_and_ends_a_series(say: Program, account: Account) -> None:
    draft = say("post", "posts/", {"text": PLAIN, "accounts": [account.pk]}, 201)
    tomorrow = (timezone.now() + timedelta(days=2)).date()
    rule = {"name": "Menu", "kind": "recurring", "every": "day", "interval": 1, "at": "09:00"}
    rule |= {"starts_on": tomorrow.isoformat(), "count": 5, "monthday": 0, "gap_days": 30, "posts": [draft["id"]]}
    series = say("post", "series/", rule, 201)
    days = say("get", f"series/{series['id']}/")["occurrences"]
    assert len(days) == 5 and {one["state"] for one in days} == {"made"}
    say("delete", f"series/{series['id']}/days/{days[2]['day']}/", None, 204)
    assert say("get", f"series/{series['id']}/")["occurrences"][2]["state"] == "skipped"
    changed = say("patch", f"series/{series['id']}/", {"at": "18:00"})
    assert changed["at"] == "18:00:00" and sum(one["state"] == "made" for one in changed["occurrences"]) == 4
    say("delete", f"series/{series['id']}/", None, 204)
    assert say("get", f"series/{series['id']}/")["state"] == "ended"


def test_a_program_pulls_the_brake_and_moves_what_was_due(say: Program, cast: Cast, account: Account) -> None:
    given = {"text": PLAIN, "accounts": [account.pk], "local_at": soon(60).isoformat(), "schedule": True}
    post = say("post", "posts/", given, 201)
    (brake,) = say("post", "brakes/", {"account": account.pk, "reason": "A recall"}, 201)
    with entered(cast.workspace.pk):
        earlier = timezone.now() - timedelta(hours=3)
        from publishing.models import Brake  # noqa: PLC0415 - only here

        Brake.objects.update(since=earlier)
    say("post", f"brakes/{brake['id']}/let-go/", {"after": "shift"})
    assert say("get", "brakes/") == []
    with entered(cast.workspace.pk):
        moved = Publication.objects.get().due_at - timezone.now()
        assert timedelta(minutes=60 + 170) < moved < timedelta(minutes=60 + 190)
    batch = say("post", "posts/move/", {"posts": [post["id"]], "how": "later", "minutes": 30})
    assert batch["batch"] and not batch["stayed"]
    say("post", f"batches/{batch['batch']}/undo/", {})
    say("post", f"batches/{batch['batch']}/undo/", {}, 409)
    say("post", "posts/move/", {"posts": [], "how": "later", "minutes": 30}, 400)
