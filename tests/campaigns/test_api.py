"""Programs write and schedule posts through the same gate as people."""

import io
from datetime import date

import pytest
from django.test import Client

from campaigns.models import MediaAsset, Post
from compliance.models import Connection, Endorser
from publishing.models import Publication
from tests.campaigns import desk, pictures
from tests.cast import Cast
from workspaces.actions import make_api_key
from workspaces.tenancy import entered

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(cast: Cast) -> dict[str, str]:
    with entered(cast.workspace.pk):
        _key, text = make_api_key(name="plan", by=cast.bob)
    return {"Authorization": f"Bearer {text}"}


def address(cast: Cast, tail: str = "posts/") -> str:
    return f"/api/v1/w/{cast.workspace.slug}/{tail}"


def test_a_program_writes_and_schedules_a_post(client: Client, cast: Cast, key: dict[str, str]) -> None:
    with entered(cast.workspace.pk):
        account = desk.channel("x")
    at = desk.soon().isoformat()
    body = {"text": desk.PLAIN, "language": "id", "accounts": [account.pk], "local_at": at, "schedule": True}
    answer = client.post(address(cast), body, content_type="application/json", headers=key)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["state"], made["local_at"], made["zone"]) == ("scheduled", at[:16], "Asia/Jakarta")
    listed = client.get(address(cast), headers=key).json()
    assert [post["id"] for post in listed] == [made["id"]]
    called_back = client.post(address(cast, f"posts/{made['id']}/cancel/"), headers=key).json()
    assert called_back["state"] == "draft"
    again = client.post(
        address(cast, f"posts/{made['id']}/schedule/"), {"local_at": at}, content_type="application/json", headers=key
    )
    assert again.json()["state"] == "scheduled"
    with entered(cast.workspace.pk):
        assert Publication.objects.count() == 1, "a channel of a post has one publication for good"


def test_the_gate_stops_a_program_as_it_stops_a_person(client: Client, cast: Cast, key: dict[str, str]) -> None:
    with entered(cast.workspace.pk):
        account = desk.channel("facebook")
        nadia = Endorser.objects.create(name="Nadia", place="ID")
        Connection.objects.create(endorser=nadia, brand="Teras Kopi", kind="free_product", starts_on=date(2026, 1, 1))
    body = {
        "text": "Cold brew Teras Kopi ini favorit aku tiap sore, manisnya pas.",
        "language": "id",
        "endorser": nadia.pk,
        "accounts": [account.pk],
        "local_at": desk.soon().isoformat(),
        "schedule": True,
    }
    answer = client.post(address(cast), body, content_type="application/json", headers=key)
    assert answer.status_code == 422
    obstacle = answer.json()["obstacles"][0]
    assert (obstacle["code"], obstacle["account"]) == ("undisclosed", account.pk)
    with entered(cast.workspace.pk):
        assert not Publication.objects.exists()
        assert Post.objects.get(pk=answer.json()["post"]).stage == Post.Stage.DRAFT


def test_nothing_of_another_workspace_can_be_named(client: Client, cast: Cast, key: dict[str, str]) -> None:
    with entered(cast.elsewhere.pk):
        theirs = desk.channel("x")
    answer = client.post(
        address(cast), {"text": "a", "accounts": [theirs.pk]}, content_type="application/json", headers=key
    )
    assert answer.status_code == 400
    assert "accounts" in answer.json()


def test_media_come_in_clean(client: Client, cast: Cast, key: dict[str, str]) -> None:
    file = io.BytesIO(pictures.jpeg(orientation=6))
    file.name = "IMG_0001.jpg"
    answer = client.post(address(cast, "media/"), {"file": file, "alt": "Botol"}, headers=key)
    assert answer.status_code == 201, answer.content
    with entered(cast.workspace.pk):
        asset = MediaAsset.objects.get()
        assert (asset.alt, asset.width, asset.height) == ("Botol", 480, 640)
        with asset.file.open() as stored:
            assert b"CameraWithAName" not in stored.read()


def test_junk_is_refused_with_a_reason(client: Client, cast: Cast, key: dict[str, str]) -> None:
    file = io.BytesIO(b"#EXTM3U\nhttp://10.0.0.1/")
    file.name = "film.mp4"
    answer = client.post(address(cast, "media/"), {"file": file}, headers=key)
    assert answer.status_code == 400
    assert "film.mp4 is no picture or video" in answer.json()["file"]
