"""A scheduled post goes live at its time, once, and the marketer gets its address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from publishing.models import Publication
from tests.publishing.post_office import TEXT, PostOffice

State = Publication.State


def test_a_post_goes_live_at_its_time(office: PostOffice) -> None:
    account = office.account()
    later = office.schedule(account, due_at=datetime.now(UTC) + timedelta(seconds=1.5))
    office.turn()
    assert office.now(later).state == State.SCHEDULED
    assert office.live(account) == []

    post = office.until(later, State.PUBLISHED)

    (seen,) = office.live(account)
    assert seen["text"] == TEXT
    assert (post.remote_id, bool(post.url)) == (seen["id"], True)
    assert timedelta(0) <= post.published_at - post.due_at < timedelta(seconds=3)
    (attempt,) = office.attempts(post)
    assert attempt.result == "succeeded"


def test_a_thread_goes_out_in_order_and_each_part_hangs_on_the_one_before(office: PostOffice) -> None:
    account = office.account()
    soon = datetime.now(UTC)
    first = office.schedule(account, "Satu", due_at=soon)
    second = office.schedule(account, "Dua", due_at=soon, parent=first, target=office.thread())
    third = office.schedule(account, "Tiga", due_at=soon, parent=second, target=office.thread())

    office.until(third, State.PUBLISHED)

    texts = {post["id"]: (post["text"], post["parent"]) for post in office.live(account)}
    one, two, three = (office.now(part).remote_id for part in (first, second, third))
    assert texts == {one: ("Satu", ""), two: ("Dua", one), three: ("Tiga", two)}
