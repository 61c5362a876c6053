"""When something the house needs is away, people read that it is, nothing is half done, and it comes back by itself."""

from __future__ import annotations

import errno
import socket
import time
from typing import Any

import pytest
from celery import Celery
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError as BrokerAway

from campaigns.models import MediaAsset
from publishing.models import Publication
from publishing.tasks import publish_batch
from smm.caching import Forgetful
from smm.celery import WakeUp, app
from tests.campaigns.pictures import jpeg
from tests.cast import PASSWORD, Cast
from tests.publishing.post_office import PostOffice
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bob(client: Client, cast: Cast) -> Client:
    assert client.login(email=cast.bob.user.email, password=PASSWORD)
    client.raise_request_exception = False
    return client


def test_without_the_database_pages_say_so_and_come_back_by_themselves(
    bob: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    calendar = reverse("campaigns:calendar", kwargs={"workspace": cast.workspace.slug})
    api = reverse("publishing:api-publications", kwargs={"workspace": cast.workspace.slug})
    assert bob.get(calendar).status_code == 200
    with monkeypatch.context() as away:
        connection.close()
        away.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        away.setitem(connection.settings_dict, "PORT", "1")
        page = bob.get(calendar)
        assert (page.status_code, page["Retry-After"]) == (503, "30")
        assert "Nothing is lost" in page.content.decode()
        assert bob.get(api).json()["detail"].startswith("The database does not answer")
        assert bob.get("/status/").status_code == 503
    connection.close()
    assert bob.get(calendar).status_code == 200


def test_a_full_disk_is_told_and_leaves_nothing(bob: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    answer = bob.post(
        reverse("campaigns:upload", kwargs={"workspace": cast.workspace.slug}),
        {"file": SimpleUploadedFile("kopi.jpg", jpeg(), "image/jpeg")},
    )
    assert answer.status_code == 507
    assert answer.json()["error"].startswith("There is no room left")
    with entered(cast.workspace.pk):
        assert not MediaAsset.objects.exists()


def test_a_wake_up_that_finds_no_broker_undoes_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise BrokerAway("refused")

    monkeypatch.setattr(WakeUp, "broker_away_until", 0.0)
    task = app.tasks[publish_batch.name]
    monkeypatch.setattr(type(task), "apply_async", away)
    with transaction.atomic():
        cast.workspace.name = "Tetap"
        cast.workspace.save()
        task.delay_on_commit([])
    cast.workspace.refresh_from_db()
    assert cast.workspace.name == "Tetap"


def test_a_redis_that_does_not_answer_is_waited_for_once_and_briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frozen: it takes connections and says nothing. Pages, commits and the clock must not hang on it."""
    monkeypatch.setattr(Forgetful, "_away_until", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        url = f"redis://127.0.0.1:{frozen.getsockname()[1]}/0"
        cache = Forgetful(url, {"OPTIONS": settings.REDIS_PATIENCE})
        began = time.monotonic()
        for _ in range(50):
            assert cache.get("who") is None
            cache.set("who", "Bob")
        assert time.monotonic() - began < 2.5
        lonely = Celery("lonely", broker=url, set_as_current=False)
        lonely.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
        began = time.monotonic()
        with pytest.raises(BrokerAway):
            lonely.send_task("anything", retry=False)
        assert time.monotonic() - began < 5, "kombu on its own would try for eight"


def test_one_network_away_delays_no_other_and_its_posts_follow(office: PostOffice) -> None:
    there, away = office.account("facebook"), office.account("x")
    office.sandbox.fault("x", "bad_gateway", on=["publish"])
    office.sandbox.fault("x", "listing_503")
    late = [office.schedule(away, f"Nanti {number}") for number in range(5)]
    for number in range(5):
        office.until(office.schedule(there, f"Sekarang {number}"), Publication.State.PUBLISHED)
    assert all(office.now(one).state != Publication.State.PUBLISHED for one in late)
    office.sandbox.control("faults/clear", network="x")
    for one in late:
        office.until(one, Publication.State.PUBLISHED)
    assert sorted(post["text"] for post in office.live(away)) == [f"Nanti {number}" for number in range(5)]
    assert len(office.live(there)) == 5
