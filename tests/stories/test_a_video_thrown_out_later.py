"""A network that takes a video first and throws it out later: it is not called published, and a person learns why."""

from __future__ import annotations

import time

from networks.models import Account
from networks.protocol import Content
from publishing.models import Publication
from smm.chaos.town import Town
from tests.publishing.post_office import PostOffice
from workspaces.models import Member

State = Publication.State
VIDEO = "youtube"


def a_video(office: PostOffice) -> Content:
    town = Town(office.sandbox.url, office.cast.workspace, Member())
    return Content(text="Seduh pelan", title="Seduh pelan", language="id", media=(town.video("nr1z"),))


def schedule(office: PostOffice, account: Account) -> Publication:
    return office.schedule(account, content=a_video(office))


def test_a_video_that_fails_in_processing_is_refused_with_the_reason(office: PostOffice) -> None:
    account = office.account(VIDEO)
    office.sandbox.fault(VIDEO, "media_fails", account.uid, times=1)

    post = office.until(schedule(office, account), State.REFUSED, State.PUBLISHED)

    assert post.state == State.REFUSED
    assert post.reason == "YouTube took the video and could not process it."
    assert [attempt.result for attempt in office.attempts(post)] == ["absent"], "sent once"


def test_a_video_is_published_when_it_can_be_seen(office: PostOffice) -> None:
    account = office.account(VIDEO)
    office.sandbox.control("settings", processing_seconds=1.5)
    began = time.monotonic()

    post = office.until(schedule(office, account), State.PUBLISHED)

    assert time.monotonic() - began > 1.5
    (seen,) = office.live(account)
    assert (post.remote_id, len(office.attempts(post))) == (seen["id"], 1)
