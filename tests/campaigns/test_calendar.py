"""Moving on the calendar, as the browser asks for it."""

import json
from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.actions import queueing
from campaigns.models import Post
from tests.campaigns.desk import channel, soon, wordy, written
from tests.cast import Cast
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(cast: Cast) -> Post:
    with entered(cast.workspace.pk, user_id=cast.bob.user_id):
        return written(cast.bob, channel(wordy()[0]))


def _ask(client: Client, cast: Cast, post: Post, at: object) -> tuple[int, dict[str, str]]:
    address = reverse("campaigns:move", kwargs={"workspace": cast.workspace.slug, "pk": post.pk})
    answer = client.post(address, json.dumps({"local_at": at}), content_type="application/json")
    return answer.status_code, answer.json()


def _at(cast: Cast, post: Post) -> object:
    with entered(cast.workspace.pk):
        return Post.objects.get(pk=post.pk).local_at


def test_a_draft_is_put_on_a_day_and_taken_back_into_the_tray(client: Client, cast: Cast, post: Post) -> None:
    client.force_login(cast.bob.user)
    later = soon()
    status, answer = _ask(client, cast, post, later.isoformat(timespec="minutes"))
    assert status == 200 and later.strftime("%H:%M") in answer["when"]
    assert _at(cast, post) == later
    assert _ask(client, cast, post, "")[0] == 200
    assert _at(cast, post) is None


@pytest.mark.parametrize("nonsense", ["tomorrow", None, 7, "2026-13-40T00:00"])
def test_what_is_no_time_moves_nothing(client: Client, cast: Cast, post: Post, nonsense: object) -> None:
    client.force_login(cast.bob.user)
    status, answer = _ask(client, cast, post, nonsense)
    assert status == 400 and "error" in answer
    assert _at(cast, post) is None


def test_a_past_time_is_refused_with_the_reason(client: Client, cast: Cast, post: Post) -> None:
    client.force_login(cast.bob.user)
    status, answer = _ask(client, cast, post, soon(-600).isoformat(timespec="minutes"))
    assert status == 409 and "past" in answer["error"]


def test_a_time_that_the_workspaces_clock_skips_is_still_read(client: Client, cast: Cast, post: Post) -> None:
    cast.workspace.zone = "America/New_York"
    cast.workspace.save()
    client.force_login(cast.bob.user)
    status, answer = _ask(client, cast, post, "2028-03-12T02:30")
    assert status == 200, answer


def test_the_week_shows_slots_that_are_still_free(cast: Cast, client: Client) -> None:
    with entered(cast.workspace.pk, user_id=cast.bob.user_id):
        account = channel(wordy()[0])
        queueing.set_slots(account, [(day, time(9)) for day in range(7)], by=cast.bob)
        taken = queueing.add_to_queue(written(cast.bob, account), by=cast.bob)
    client.force_login(cast.bob.user)
    assert taken.local_at is not None
    week = taken.local_at.date() + timedelta(days=7 - taken.local_at.weekday())  # the Monday after it
    page = client.get(f"/w/{cast.workspace.slug}/calendar/?day={week}").content.decode()
    assert page.count('data-slot="') == 7
    here = client.get(f"/w/{cast.workspace.slug}/calendar/?day={taken.local_at.date()}").content.decode()
    assert f'data-slot="{taken.local_at:%Y-%m-%dT%H:%M}"' not in here
