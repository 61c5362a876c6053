"""What a network's answer teaches is heeded by every process, for whom it was said: an account, or our whole app."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from networks.adapters.facebook.errors import rates as facebook_rates
from publishing import rates
from publishing.models import Publication
from tests.networks.every import fresh
from tests.publishing.post_office import PostOffice

State = Publication.State
A_WHILE = timedelta(seconds=15)


def is_put_off(office: PostOffice, post: Publication) -> bool:
    now = office.now(post)
    return now.state == State.SCHEDULED and now.not_before - datetime.now(UTC) > A_WHILE


def calls(office: PostOffice, uid: str) -> int:
    told = office.sandbox.ask("ledger", network=office.network, kind="call", limit=80)
    return sum(call["account"] == uid for call in told)


@pytest.mark.parametrize("slug", ["facebook", "linkedin", "x"])
def test_who_is_told_to_wait_waits_and_nobody_else_does(office: PostOffice, slug: str) -> None:
    office.network = slug
    told, other = office.account(), office.account()
    office.sandbox.fault(slug, "rate_limited", told.uid, times=1)
    office.until(office.schedule(told, fresh("Satu")), State.SCHEDULED)
    office.turn()
    before = calls(office, told.uid)

    second, elsewhere = office.schedule(told, fresh("Dua")), office.schedule(other, fresh("Tiga"))
    office.until(elsewhere, State.PUBLISHED)

    assert is_put_off(office, second)
    assert calls(office, told.uid) == before, "the network was not asked again"


def test_a_used_up_budget_of_the_whole_app_stops_its_network_and_no_other(office: PostOffice) -> None:
    rates.close(60, network="x")
    here, there = (
        office.schedule(office.account(), fresh("Satu")),
        office.schedule(office.account("linkedin"), fresh("A")),
    )
    office.until(there, State.PUBLISHED)
    assert is_put_off(office, here)


def test_facebooks_usage_headers_say_when_to_be_quiet() -> None:
    page = {"1": [{"type": "pages", "call_count": 97, "total_time": 1, "estimated_time_to_regain_access": 7}]}
    headers = {
        "X-App-Usage": json.dumps({"call_count": 12, "total_time": 96}),
        "X-Business-Use-Case-Usage": json.dumps(page),
    }
    said = facebook_rates(headers, now=1000.0)
    assert said == {
        "rate_limit": "100",
        "rate_remaining": "0",
        "rate_reset": str(1000 + 7 * 60),
        "app_remaining": "0",
        "app_reset": "1060",
    }
    assert facebook_rates({"X-App-Usage": "nonsense"}) == {}


def test_what_is_told_with_a_success_is_heeded_too(office: PostOffice) -> None:
    account, soon = office.account("facebook"), str(int(time.time()) + 60)
    rates.learn(account.pk, "facebook", {"app_remaining": "0", "app_reset": soon})
    post = office.schedule(account, fresh("Satu"))
    office.turn()
    assert is_put_off(office, post)
