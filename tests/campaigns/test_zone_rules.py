"""A government moves its clocks: what is planned keeps its time on the wall, whatever the new rules are."""

from __future__ import annotations

import struct
import zoneinfo
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.actions import rezoning
from campaigns.actions.placing import move, schedule
from campaigns.models import Post
from campaigns.queries import told
from networks.protocol import Receipt
from publishing.actions import receipt
from publishing.actions.claim import claim
from publishing.models import Publication
from publishing.queries import Ref
from tests.campaigns.desk import PLAIN, channel, soon, wordy, written
from tests.cast import Cast
from workspaces.models import Notice
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db
ZONE = "Asia/Jakarta"
WIB = 7 * 60
EPOCH = datetime(1970, 1, 1)
HORIZON = 400 * 24 * 60  # minutes ahead in which posts are planned and clocks change
POSTS = 3


@dataclass(frozen=True)
class Rules:
    """A zone's clocks, in minutes: what they show ahead of UTC, and from which minute since 1970 on they show more."""

    first: int
    changes: tuple[tuple[int, int], ...] = ()  # (from, ahead of UTC then), the earliest first

    def file(self) -> bytes:
        """As the compiler of the tz database writes it (TZif, version 1)."""
        offsets = [self.first, *(ahead for _, ahead in self.changes)]
        times = b"".join(struct.pack(">i", at * 60) for at, _ in self.changes)
        kinds = b"".join(struct.pack(">iBB", ahead * 60, 0, 0) for ahead in offsets)
        head = struct.pack(">4sc15x6I", b"TZif", b"\0", 0, 0, 0, len(self.changes), len(offsets), 4)
        return head + times + bytes(range(1, len(offsets))) + kinds + b"TST\0"

    def ahead(self, minute: int) -> int:
        return next((ahead for at, ahead in reversed(self.changes) if minute >= at), self.first)

    def moment(self, wall: int) -> int:
        """The first minute at which the clock shows `wall`; one that it skips shifts forward by the gap."""
        shown = [wall - ahead for ahead in {self.first, *(ahead for _, ahead in self.changes)}]
        right = [at for at in shown if at + self.ahead(at) == wall]
        if right:
            return min(right)
        gaps = [(at, self.ahead(at - 1)) for at, ahead in self.changes if at + self.ahead(at - 1) <= wall < at + ahead]
        ((_, before),) = gaps
        return wall - before


NOW = int((datetime.now(UTC).replace(tzinfo=None) - EPOCH).total_seconds() // 60)
offsets = st.integers(-11 * 4, 13 * 4).map(lambda quarter: quarter * 15)


@st.composite
def new_rules(draw: st.DrawFn) -> Rules:
    """Clocks that are moved at once, and up to three times more: at least three days apart."""
    days = sorted(draw(st.sets(st.integers(0, HORIZON // 4320 - 1), max_size=3)))
    changes = tuple((NOW + day * 4320 + draw(st.integers(0, 1000)), draw(offsets)) for day in days)
    return Rules(draw(offsets), changes)


@st.composite
def walls(draw: st.DrawFn, rules: Rules) -> list[int]:
    """Times on the wall: anywhere in the next year, or within two hours of where a clock is moved."""
    near = [at + ahead for at, ahead in rules.changes] + [at + rules.ahead(at - 1) for at, _ in rules.changes]
    anywhere = st.integers(NOW + 2 * 1440, NOW + HORIZON)
    some = (
        st.one_of(anywhere, st.builds(int.__add__, st.sampled_from(near), st.integers(-120, 120))) if near else anywhere
    )
    return draw(st.lists(some, min_size=POSTS, max_size=POSTS))


@pytest.fixture
def clocks(tmp_path: Path) -> Iterator[Path]:
    """A tz database of our own in front of the system's, as an update puts it there."""
    (tmp_path / "Asia").mkdir()
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([tmp_path, *before])
    yield tmp_path
    zoneinfo.reset_tzpath(before)
    zoneinfo.ZoneInfo.clear_cache()


@pytest.fixture
def inside(cast: Cast) -> Iterator[Cast]:
    with entered(cast.workspace.pk, user_id=cast.bob.user_id):
        yield cast


@pytest.fixture
def planned(inside: Cast) -> list[Post]:
    account = channel(wordy()[0])
    texts = [f"{number} {PLAIN}" for number in range(POSTS)]
    return [schedule(written(inside.bob, account, text=text), at=soon(60 * 48), by=inside.bob) for text in texts]


def update(clocks: Path, rules: Rules) -> None:
    (clocks / ZONE).write_bytes(rules.file())


def minute_of(moment: datetime | None) -> int:
    assert moment is not None
    return int(moment.timestamp() // 60)


def plan_for(posts: Sequence[Post], wall_times: Sequence[int]) -> list[int]:
    """Give each its time on the wall by the old rules; answers their moments."""
    moments = []
    for post, wall in zip(posts, wall_times, strict=True):
        local, due = EPOCH + timedelta(minutes=wall), datetime.fromtimestamp((wall - WIB) * 60, UTC)
        Post.objects.filter(pk=post.pk).update(local_at=local, due_at=due)
        Publication.objects.filter(variant__post=post).update(local_at=local.replace(tzinfo=UTC), due_at=due)
        moments.append(wall - WIB)
    return moments


class Undo(Exception):
    """Every example begins with the same posts."""


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_the_new_rules_are_each_post_keeps_its_time_on_the_wall(
    planned: list[Post], clocks: Path, data: st.DataObject
) -> None:
    rules = data.draw(new_rules())
    wall_times = data.draw(walls(rules))
    with pytest.raises(Undo), transaction.atomic():
        before = plan_for(planned, wall_times)
        update(clocks, rules)
        rezoning.rezone()
        now = minute_of(timezone.now())
        for post, wall, old in zip(planned, wall_times, before, strict=True):
            right = rules.moment(wall)
            expected = right if right > now else old
            if old <= now:
                expected = old  # it has gone out, or is late by a person's own choice
            again = told(post.pk)
            (channel_,) = Publication.objects.filter(variant__post=post)
            assert again.local_at == EPOCH + timedelta(minutes=wall), "what the person chose is not touched"
            assert (minute_of(again.due_at), minute_of(channel_.due_at)) == (expected, expected)
        assert Publication.objects.count() == POSTS, "and none is there twice"
        assert rezoning.rezone() == 0, "what is right stays"
        raise Undo


def test_what_went_out_stays_and_people_are_told_once(inside: Cast, planned: list[Post], clocks: Path) -> None:
    first, second, third = planned
    for post in planned:
        move(post, at=soon(60 * 48), by=inside.bob)
    gone = Publication.objects.get(variant__post=first)
    before = gone.due_at
    _send(gone)
    update(clocks, Rules(WIB + 60))
    assert rezoning.rezone() == 2
    gone.refresh_from_db()
    assert (gone.state, gone.remote_id) == ("published", "1") and gone.due_at < timezone.now()
    assert {told(post.pk).due_at for post in (second, third)} == {before - timedelta(hours=1)}
    (notice,) = Notice.objects.to(inside.bob).filter(kind__startswith="zone-rules")
    assert notice.kind == "zone-rules-changed" and ZONE in notice.title


def test_a_post_whose_new_moment_is_past_stays_and_a_person_is_asked(
    inside: Cast, planned: list[Post], clocks: Path
) -> None:
    post = move(planned[0], at=soon(30), by=inside.bob)
    before = post.due_at
    update(clocks, Rules(WIB + 60))
    rezoning.rezone()
    rezoning.rezone()
    assert told(post.pk).due_at == before
    (notice,) = Notice.objects.to(inside.bob).filter(kind="zone-rules-not-followed")
    assert f"/posts/{post.pk}/" in notice.url


def _send(publication: Publication) -> None:
    """As the post office does it, at this very moment."""
    Publication.objects.filter(pk=publication.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    claimed = claim(Ref(publication.pk, publication.workspace_id))
    assert claimed is not None
    assert receipt.published(claimed.publication, Receipt("1", "https://example.test/1"))
