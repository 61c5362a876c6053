"""The demo can be made, and made again, and holds something of everything."""

import io
import json
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from campaigns.models import Campaign, Plan, Post
from networks import registry
from networks.models import Account
from tests.sandbox_process import SandboxProcess
from workspaces.models import Workspace
from workspaces.tenancy import entered

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def data(settings, tmp_path: Path) -> Path:  # type: ignore[no-untyped-def]  # a fixture
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    return tmp_path


def test_it_holds_something_of_everything_and_can_be_made_twice(
    client: Client,
    settings,  # type: ignore[no-untyped-def]  # a fixture
    data: Path,
    pretend_networks: SandboxProcess,
) -> None:
    settings.SANDBOX_URL = pretend_networks.url
    call_command("demo", stdout=io.StringIO())
    before = _counted()
    call_command("demo", stdout=io.StringIO())
    assert _counted() == before
    states = before["states"]
    assert states["scheduled"] >= 120
    assert all(states[name] for name in ("idea", "draft", "awaiting_approval", "held"))
    assert before["networks"] == sorted(registry.slugs())
    people = json.loads((data / "sign-ins.json").read_text())
    assert [one["who"] for one in people] == ["Owner", "Marketer", "Support agent", "Compliance officer"]
    assert (data / "sign-ins.json").stat().st_mode & 0o077 == 0, "nobody else reads the passwords"
    for one in people:
        assert client.login(email=one["email"], password=one["password"]), one["who"]


def test_without_pretend_networks_there_is_still_a_desk_to_write_at(settings, data: Path) -> None:  # type: ignore[no-untyped-def]
    settings.SANDBOX_URL = ""
    call_command("demo", stdout=io.StringIO())
    found = _counted()
    assert found["networks"] == []
    assert set(found["states"]) == {"idea", "draft"}


def _counted() -> dict[str, object]:
    workspace = Workspace.objects.get(name="Teras Kopi")
    with entered(workspace.pk):
        return {
            "states": Counter(str(post.state) for post in Post.objects.all().carded()),
            "networks": sorted(Account.objects.values_list("network", flat=True)),
            "campaigns": Campaign.objects.count(),
            "plans": Plan.objects.count(),
        }
