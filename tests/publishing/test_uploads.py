"""A long video whose sender dies in the middle is gone on with by another process, and is live once."""

from __future__ import annotations

import hashlib
import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from pytest_django import Settings

from networks import registry
from networks.adapters.youtube import uploads
from networks.adapters.youtube.uploads import CHUNK
from networks.protocol import Content, Media, MediaKind
from publishing import pipeline
from publishing.actions.claim import claim
from publishing.actions.receipt import expire
from publishing.actions.uploads import UploadMemory
from publishing.management.clip import small_clip
from publishing.models import Publication
from tests.publishing.post_office import PostOffice
from workspaces.tenancy import entered

SIZE = 2 * CHUNK + CHUNK // 2


class Death(BaseException):
    """As a process ends: nothing catches it, nothing is tidied up."""


def film() -> Content:
    data = small_clip().data.ljust(SIZE, b"\0")
    default_storage.save("long.mp4", ContentFile(data))
    media = Media(MediaKind.VIDEO, "long.mp4", "video/mp4", hashlib.sha256(data).hexdigest(), SIZE, 320, 240, 60.0)
    return Content(text="Satu hari di kebun", title="Satu hari", language="id", media=(media,))


def brought(office: PostOffice, account: str) -> int:
    """The video's bytes that reached the network, those that came twice counted twice."""
    calls = office.sandbox.ask("ledger", network="youtube", account=account, kind="call", limit=60)
    sizes = [re.match(r"\[(\d+) bytes", str(call["body"])) for call in calls if call["method"] == "PUT"]
    return sum(int(size[1]) for size in sizes if size)


@pytest.fixture
def half_way(office: PostOffice, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Publication:
    """One whose sender died after the first piece. Pieces have time to arrive, also on a busy machine."""
    settings.NETWORKS_READ_SECONDS = 20.0
    settings.PUBLISHING = {**settings.PUBLISHING, "request": 21.0, "lease": 26.0}
    office.network = "youtube"
    post = office.schedule(office.account(), content=film())
    claimed = claim(office.ref(post))
    assert claimed is not None

    def one_piece(request, http, sender) -> None:  # type: ignore[no-untyped-def]  # googleapiclient's own
        request.next_chunk(http=http, num_retries=0)
        raise Death

    with monkeypatch.context() as dying, pytest.raises(Death):
        dying.setattr(uploads, "_bring", one_piece)
        pipeline.send(claimed)
    registry._made.clear()  # another process has no memory of it
    with entered(post.workspace_id), connection.cursor() as cursor:
        cursor.execute("UPDATE publishing_publication SET lease_until = now() WHERE id = %s", [post.pk])
    assert expire(office.ref(post))
    return post


def test_the_next_process_brings_only_what_is_missing(office: PostOffice, half_way: Publication) -> None:
    found = office.until(half_way, Publication.State.PUBLISHED, seconds=60)
    assert brought(office, found.account.uid) == SIZE, "no byte travelled twice"
    assert len(office.live(found.account)) == 1


def test_where_it_stands_is_sealed_and_counts_for_these_bytes_alone(office: PostOffice, half_way: Publication) -> None:
    post = office.now(half_way)
    address = UploadMemory(post).read()
    assert "upload_id=" in address
    with entered(post.workspace_id):
        assert b"upload_id" not in bytes(post.upload.sealed)
    post.fingerprint = "0" * 64
    assert UploadMemory(post).read() == ""
