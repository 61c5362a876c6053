"""Charlie belongs to another workspace: nothing of this one exists for him."""

import pytest
from django.test import Client

from tests import cast
from tests.house import addresses

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> cast.Cast:
    return cast.gather()


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", addresses.of_workspaces("WORKSPACE"))
def test_a_stranger_finds_nothing_there(client: Client, company: cast.Cast, address: str, method: str) -> None:
    client.force_login(company.charlie)
    answer = getattr(client, method)(address.replace("WORKSPACE", company.workspace.slug))
    assert answer.status_code == 404


@pytest.mark.parametrize("address", addresses.of_workspaces("WORKSPACE"))
def test_somebody_who_is_not_signed_in_sees_nothing_either(client: Client, company: cast.Cast, address: str) -> None:
    answer = client.get(address.replace("WORKSPACE", company.workspace.slug))
    assert answer.status_code in {302, 401, 403, 404}
    if answer.status_code == 302:
        assert answer["Location"].startswith("/accounts/login/")


def test_there_are_addresses_to_walk() -> None:
    assert len(addresses.of_workspaces("w")) >= 3
