"""Pages that everybody opens do not grow queries unseen."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.house import baseline

pytestmark = pytest.mark.django_db


def test_the_sign_in_page(client: Client) -> None:
    client.get(reverse("account_login"))
    with baseline.queries("sign-in page"):
        client.get(reverse("account_login"))


def test_a_query_too_many_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WRITE_QUERY_COUNTS", raising=False)
    with (
        pytest.raises(AssertionError, match="sign-in page costs 9 queries"),
        baseline.queries("sign-in page"),
        connection.cursor() as cursor,
    ):
        for _ in range(9):
            cursor.execute("SELECT 1")
