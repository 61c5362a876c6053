"""Accounts are opened, renewed by one at a time, and never lost to a failure that passes."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast, gather


@pytest.fixture
def cast(db: None) -> Cast:
    return gather()


def test_the_channels_page_offers_every_network_when_nothing_is_connected(client: Client, cast: Cast) -> None:
    client.force_login(cast.bob.user)
    page = client.get(reverse("networks:accounts", args=[cast.workspace.slug]))
    assert page.status_code == 200
    assert "No channel is connected" in page.content.decode()
