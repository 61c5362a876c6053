"""Probes: alive is not the same as ready."""

import pytest
from django.test import Client, override_settings

from smm import health


def test_alive_needs_no_database_and_no_known_host(client: Client) -> None:
    answer = client.get("/healthz", headers={"Host": "10.1.2.3"})
    assert answer.status_code == 200
    assert answer.json() == {"alive": True}


@pytest.mark.django_db
def test_ready_when_database_broker_and_migrations_are(client: Client) -> None:
    health._migrated.cache_clear()
    answer = client.get("/readyz")
    assert answer.json() == {"database": "ok", "migrations": "ok", "broker": "ok"}
    assert answer.status_code == 200


@pytest.mark.django_db
@override_settings(REDIS_URL="redis://:hush@127.0.0.1:1/0")
def test_not_ready_without_the_broker_and_no_address_is_told(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["broker"] == "ConnectionError"
    assert "hush" not in answer.content.decode()


@pytest.mark.django_db
def test_not_ready_while_migrations_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    health._migrated.cache_clear()
    monkeypatch.setattr(health, "pending_migrations", lambda: ["0002_more"])
    assert client.get("/readyz").json()["migrations"] == "1 waiting"
    monkeypatch.undo()
    assert client.get("/readyz").json()["migrations"] == "ok"
