"""Queue, series, evergreen, a network's limit of a day, many moved at once: all through the one gate."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from campaigns.actions import bulk, queueing, repeating, rezoning
from campaigns.actions.placing import cancel, move, schedule
from campaigns.models import Occurrence, Post, Series
from campaigns.protocol import NotPossible, NotReady
from campaigns.queries import told
from campaigns.rules import due_at, wall_time
from networks.models import Account
from publishing.models import Publication
from tests.campaigns.desk import PLAIN, ZONE, channel, soon, wordy, written
from tests.cast import Cast
from workspaces.models import Notice
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db
EVERY_DAY = [(day, time(9)) for day in range(7)]


@pytest.fixture
def inside(cast: Cast) -> Iterator[Cast]:
    """Entered for the whole test."""
    with entered(cast.workspace.pk, user_id=cast.bob.user_id):
        yield cast


@pytest.fixture
def account(inside: Cast) -> Account:
    return channel(wordy()[0])


def series_of(cast: Cast, *posts: Post, **more: object) -> Series:
    tomorrow = wall_time(timezone.now(), ZONE).date() + timedelta(days=1)
    given = {"name": "Menu", "every": "day", "at": time(9), "zone": ZONE, "starts_on": tomorrow, **more}
    return repeating.begin_series(Series(**given), posts, by=cast.bob)


def test_posts_take_the_next_free_slot_one_after_the_other(inside: Cast, account: Account) -> None:
    with pytest.raises(NotPossible, match="no slots yet"):
        queueing.add_to_queue(written(inside.bob, account), by=inside.bob)
    queueing.set_slots(account, EVERY_DAY, by=inside.bob)
    first, second = (
        queueing.add_to_queue(written(inside.bob, account, text=f"{n} {PLAIN}"), by=inside.bob) for n in "12"
    )
    assert first.local_at and second.local_at
    assert first.local_at.time() == time(9) and second.local_at - first.local_at == timedelta(days=1)
    assert [post.pk for post in queueing.waiting_in(account)] == [first.pk, second.pk]
    cancel(first, by=inside.bob)
    third = queueing.add_to_queue(written(inside.bob, account, text=f"3 {PLAIN}"), by=inside.bob)
    assert third.local_at == first.local_at  # the slot is free again
    queueing.swap(account, third.pk, 1, by=inside.bob)
    third, second = told(third.pk), told(second.pk)
    assert second.local_at and third.local_at and second.local_at < third.local_at
    assert {v.publication.due_at for v in third.variants.all() if v.publication} == {third.due_at}
    assert sorted(post.pk for post in queueing.shuffle(account, by=inside.bob)) == sorted([second.pk, third.pk])


def test_a_network_that_takes_no_more_that_day_is_told_at_once_with_the_next_free_slot(
    inside: Cast, account: Account, settings: Settings, client: Client
) -> None:
    settings.NETWORKS = {account.network: {"posts_a_day": "2"}}
    queueing.set_slots(account, EVERY_DAY, by=inside.bob)
    tomorrow = soon(24 * 60).replace(hour=12, minute=0)
    posts = [written(inside.bob, account, text=f"{n} {PLAIN}") for n in range(4)]
    for number in range(2):
        schedule(posts[number], at=tomorrow + timedelta(minutes=number), by=inside.bob)
    with pytest.raises(NotReady) as refusal:
        schedule(posts[2], at=tomorrow + timedelta(minutes=5), by=inside.bob)
    (obstacle,) = refusal.value.obstacles
    assert obstacle.field == "time" and "2 posts a day" in obstacle.reason
    free = datetime.fromisoformat(obstacle.next_free)
    assert free.time() == time(9) and free > tomorrow + timedelta(hours=20)
    placed = schedule(told(posts[2].pk), at=free, by=inside.bob)  # what was offered is free
    with pytest.raises(NotPossible, match="2 posts a day"):
        move(placed, at=tomorrow + timedelta(minutes=9), by=inside.bob)
    client.force_login(inside.bob.user)
    given = {"local_at": (tomorrow + timedelta(minutes=7)).isoformat()}
    answer = client.post(f"/api/v1/w/{inside.workspace.slug}/posts/{posts[3].pk}/schedule/", given, "application/json")
    assert answer.status_code == 422 and answer.json()["obstacles"][0]["next_free"]


def test_a_series_is_made_ahead_once_each_by_the_gate(inside: Cast, account: Account) -> None:
    series = series_of(inside, written(inside.bob, account))
    made = repeating.make_ahead(series, now=timezone.now())
    assert len(made) in (27, 28, 29) and repeating.make_ahead(series, now=timezone.now()) == []
    times = [post.local_at for post in Post.objects.filter(stage=Post.Stage.PLACED).order_by("due_at")]
    assert {at.time() for at in times if at} == {time(9)} and len(times) == len(set(times)) == len(made)
    assert Publication.objects.filter(state="scheduled").count() == len(made)
    day = made[3].day
    repeating.leave_out(series, day, by=inside.bob)
    assert not Post.objects.filter(local_at__date=day).exists()
    repeating.make_ahead(series, now=timezone.now())
    assert Occurrence.objects.get(series=series, day=day).state == "skipped"
    series.refresh_from_db()
    repeating.take_in(series, day, by=inside.bob)
    repeating.make_ahead(series, now=timezone.now())
    assert Occurrence.objects.get(series=series, day=day).state == "made"


def test_changing_all_from_here_on_or_one_leaves_the_others_alone(inside: Cast, account: Account) -> None:
    series = series_of(inside, written(inside.bob, account))
    made = repeating.make_ahead(series, now=timezone.now())
    mine = made[1].post
    assert mine is not None
    repeating.was_edited(mine)
    repeating.change_all(series, by=inside.bob, at=time(18))
    repeating.make_ahead(series, now=timezone.now())
    at = {post.pk: post.local_at.time() for post in Post.objects.filter(stage="placed") if post.local_at}
    assert at.pop(mine.pk) == time(9) and set(at.values()) == {time(18)}
    from_day = made[5].day
    fresh = repeating.change_from(series, from_day, by=inside.bob, at=time(7), name="Menu pagi")
    repeating.make_ahead(fresh, now=timezone.now())
    placed = Post.objects.filter(stage="placed").exclude(pk=mine.pk)
    assert {p.local_at.time() for p in placed if p.local_at and p.local_at.date() >= from_day} == {time(7)}
    assert {p.local_at.time() for p in placed if p.local_at and p.local_at.date() < from_day} == {time(18)}
    repeating.end_series(fresh, by=inside.bob)
    assert not placed.filter(due_at__gte=due_at(datetime.combine(from_day, time()), ZONE)).exists()


def test_an_occurrence_that_the_gate_stops_is_a_draft_and_somebody_is_told(
    inside: Cast, account: Account, settings: Settings
) -> None:
    settings.NETWORKS = {account.network: {"posts_a_day": "1"}}
    day = wall_time(timezone.now(), ZONE).date() + timedelta(days=2)
    schedule(written(inside.bob, account), at=datetime.combine(day, time(9)), by=inside.bob)
    repeating.make_ahead(series_of(inside, written(inside.bob, account, text="2 " + PLAIN)), now=timezone.now())
    stopped = Occurrence.objects.get(day=day)
    assert stopped.state == "stopped" and "1 posts a day" in stopped.reason
    assert stopped.post and stopped.post.stage == Post.Stage.DRAFT
    assert Notice.objects.filter(kind="occurrence-stopped", member=inside.bob).count() == 1


def test_evergreen_takes_turns_in_free_slots_and_never_repeats_where_that_is_refused(inside: Cast) -> None:
    for slug in wordy():
        account = channel(slug, "hijau")
        queueing.set_slots(account, EVERY_DAY, by=inside.bob)
        posts = [written(inside.bob, account, text=f"{n} {PLAIN}") for n in range(3)]
        series = series_of(inside, *posts, kind="evergreen", at=None, gap_days=7, name=slug)
        repeating.make_ahead(series, now=timezone.now())
        days: dict[int | None, list[int]] = {}
        for one in Occurrence.objects.filter(series=series, state="made"):
            days.setdefault(one.model_id, []).append(one.day.toordinal())
        apart = [b - a for each in days.values() for a, b in pairwise(each)]
        if slug == _strict():
            assert apart == [] and len(days) == 3
        else:
            assert len(days) == 3 and apart and min(apart) >= 7


def _strict() -> str:
    from networks import registry  # noqa: PLC0415 - only here

    return next(network.slug for network in registry.every() if not network.limits.takes_repeats)


def test_many_are_moved_at_once_and_back_with_one_press(inside: Cast, account: Account) -> None:
    at = soon(24 * 60)
    posts = [
        schedule(written(inside.bob, account, text=f"{n} {PLAIN}"), at=at + timedelta(hours=n), by=inside.bob)
        for n in range(3)
    ]
    ids = [post.pk for post in posts]
    for where in (bulk.later(90), bulk.to_day(at.date() + timedelta(days=9)), _spread(at)):
        done = bulk.move_many(ids, where, by=inside.bob)
        assert done.batch and not done.stayed
        assert [told(pk).local_at for pk in ids] != [post.local_at for post in posts]
        bulk.undo(done.batch, by=inside.bob)
        assert [told(pk).local_at for pk in ids] == [post.local_at for post in posts]
        with pytest.raises(NotPossible):
            bulk.undo(done.batch, by=inside.bob)
    past = bulk.move_many(ids, bulk.later(-60 * 24 * 30), by=inside.bob)
    assert past.batch is None and set(past.stayed) == set(ids)


def _spread(at: datetime) -> Callable[[Post, int, int], datetime]:
    return bulk.spread(at + timedelta(days=1), at + timedelta(days=3))


def test_after_a_zones_rules_change_posts_keep_their_wall_time(
    inside: Cast, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = schedule(written(inside.bob, account), at=soon(60 * 48), by=inside.bob)
    before, local = post.due_at, post.local_at
    assert before is not None and rezoning.rezone() == 0
    new = zoneinfo.ZoneInfo("Asia/Makassar")  # the government moved Jakarta an hour
    monkeypatch.setattr("campaigns.rules.ZoneInfo", lambda name: new)
    assert rezoning.rezone() == 1
    again = told(post.pk)
    assert again.local_at == local and again.due_at == before - timedelta(hours=1)
    assert Publication.objects.get().due_at == again.due_at
    assert before.tzinfo is UTC or before.utcoffset() == timedelta(0)
