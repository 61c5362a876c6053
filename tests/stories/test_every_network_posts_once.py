"""On every network there is: a post goes live at its time, and one whose answer was lost is found, not sent again."""

from __future__ import annotations

import io

import pytest
from django.core.files.storage import default_storage

from networks import registry
from networks.protocol import Content, Media, MediaKind
from publishing.management.clip import small_clip
from publishing.models import Publication
from tests.networks.every import SENT
from tests.publishing.post_office import PostOffice

State = Publication.State


def clip() -> Media:
    made = small_clip()
    key = default_storage.save("tests/clip.mp4", io.BytesIO(made.data))
    return Media(
        kind=MediaKind.VIDEO,
        key=key,
        mime=made.media.mime,
        sha256=made.media.sha256,
        size=made.media.size,
        width=made.media.width,
        height=made.media.height,
        seconds=made.media.seconds,
        filename="clip.mp4",
    )


def content(slug: str) -> Content:
    limits = registry.get(slug).limits
    media = (clip(),) if limits.media_required else ()
    return Content(text="Kopi pagi ini sudah siap.", title="Kopi pagi" if limits.title else "", media=media)


@pytest.mark.parametrize("slug", SENT)
@pytest.mark.parametrize("fault", ["", "reset_after", "error_after", "no_id", "error_before"])
def test_every_network_posts_once(office: PostOffice, slug: str, fault: str) -> None:
    account = office.account(slug)
    if fault:
        office.sandbox.fault(slug, fault, account.uid, on=["publish"], times=1)

    post = office.until(office.schedule(account, content=content(slug)), State.PUBLISHED, seconds=40)

    (seen,) = office.live(account)
    assert post.remote_id == seen["id"]
    assert post.url
