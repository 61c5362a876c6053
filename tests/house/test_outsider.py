"""Charlie belongs to another workspace: nothing of this one exists for him."""

import pytest
from django.test import Client

from tests import cast
from tests.house import addresses

pytestmark = pytest.mark.django_db

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture
def company() -> cast.Cast:
    return cast.gather()


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def test_a_stranger_finds_nothing_at_any_address(visitor: Client, company: cast.Cast) -> None:
    visitor.force_login(company.charlie)
    answers = {
        f"{method} {address}": getattr(visitor, method)(address).status_code
        for address in addresses.of_workspaces(company.workspace.slug)
        for method in METHODS
    }
    assert {what: status for what, status in answers.items() if status != 404} == {}


def test_somebody_who_is_not_signed_in_sees_nothing_either(visitor: Client, company: cast.Cast) -> None:
    wrong = {}
    for address in addresses.of_workspaces(company.workspace.slug):
        answer = visitor.get(address)
        signs_in = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
        if not signs_in and answer.status_code not in {401, 403, 404}:
            wrong[address] = answer.status_code
    assert wrong == {}


def test_the_addresses_walked_are_real_ones(visitor: Client, company: cast.Cast) -> None:
    """For a member some of them answer: else the walk above would prove nothing."""
    visitor.force_login(company.alice.user)
    walked = addresses.of_workspaces(company.workspace.slug)
    answered = [address for address in walked if visitor.get(address).status_code == 200]
    assert len(walked) >= 3
    assert answered
