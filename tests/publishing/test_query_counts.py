"""What waits for a person costs as many queries for forty as for one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from networks.models import Account
from networks.protocol import Content
from publishing import actions
from tests.cast import Cast
from tests.house.baseline import queries
from workspaces.tenancy import entered


@pytest.mark.parametrize("many", [1, 40])
def test_a_row_of_what_waits_costs_no_query(client: Client, cast: Cast, many: int) -> None:
    with entered(cast.workspace.pk):
        account = Account.objects.create(network="x", uid="1", name="Teras Kopi")
        for number in range(many):
            due_at = datetime.now(UTC) + timedelta(hours=1)
            words = Content(text=f"Cangkir {number}")
            post = actions.enqueue(words, account=account, due_at=due_at, by=cast.bob)
            actions.hold(post, reason="Tunggu foto", by=cast.bob)
    client.force_login(cast.bob.user)
    with queries("publishing: what waits for a person"):
        page = client.get(f"/w/{cast.workspace.slug}/publishing/", headers={"HX-Request": "true"})
    assert page.content.decode().count("Tunggu foto") == many
