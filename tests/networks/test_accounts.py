"""Accounts are kept open ahead of their end, by one renewer at a time, and never lost to a failure that passes."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from networks import actions
from networks.actions.sealing import open_credentials, refresh_at
from networks.models import Account, Consent
from networks.protocol import Credentials, Reconnect, RemoteAccount, TryLater
from networks.queries import accounts_by_uid, accounts_to_tend
from networks.tasks import tend, tend_account
from tests.cast import Cast, gather
from tests.sandbox_process import SandboxProcess
from workspaces import vault
from workspaces.models import AuditEntry
from workspaces.tenancy import entered

SLUG = "x"  # its refresh tokens work once, so a second renewer would be found out


@pytest.fixture(autouse=True)
def at_the_sandbox(sandbox: SandboxProcess, settings: Settings) -> None:
    settings.SANDBOX_URL, settings.NETWORKS = sandbox.url, {}
    settings.NETWORKS_CONNECT_SECONDS, settings.NETWORKS_READ_SECONDS = 1.0, 1.5


def connected(cast: Cast, sandbox: SandboxProcess, ends_in: timedelta = timedelta(hours=2)) -> Account:
    """A fresh account of the sandbox, connected; its credentials end as said."""
    made = sandbox.account(SLUG)
    given = Credentials(
        made["token"]["id"],
        made["token"]["refresh"],
        timezone.now() + ends_in,
        scopes=tuple(made["token"]["scopes"]),
    )
    remote = RemoteAccount(made["id"], made["name"], made["handle"], given)
    with entered(cast.workspace.pk):
        return actions.connect(remote, network=SLUG, by=cast.bob)


def reread(account: Account) -> Account:
    with entered(account.workspace_id):
        return Account.objects.get(pk=account.pk)


def make_due(account: Account) -> Account:
    with entered(account.workspace_id):
        Account.objects.filter(pk=account.pk).update(refresh_at=timezone.now() - timedelta(seconds=1))
    return reread(account)


def refreshes(sandbox: SandboxProcess, account: Account) -> int:
    calls = sandbox.ask("ledger", network=SLUG, account=account.uid, does="token")
    return len(calls)


def test_the_channels_page_offers_every_network_when_nothing_is_connected(client: Client, cast: Cast) -> None:
    client.force_login(cast.bob.user)
    page = client.get(reverse("networks:accounts", args=[cast.workspace.slug]))
    assert page.status_code == 200
    assert "No channel is connected" in page.content.decode() and "Connect X" in page.content.decode()


def test_credentials_open_only_for_their_own_account(cast: Cast, sandbox: SandboxProcess) -> None:
    one, two = connected(cast, sandbox), connected(cast, sandbox)
    with entered(cast.workspace.pk):
        Account.objects.filter(pk=two.pk).update(sealed=bytes(reread(one).sealed))
        with pytest.raises(vault.SealBroken):
            open_credentials(reread(two))


def test_renewal_is_due_ahead_of_the_end_and_not_for_all_at_once() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    for life, earliest, latest in (
        (timedelta(hours=1), timedelta(minutes=45), timedelta(minutes=51)),
        (timedelta(hours=2), timedelta(minutes=90), timedelta(minutes=102)),
        (timedelta(days=60), timedelta(days=53.75), timedelta(days=56.25)),
        (timedelta(minutes=6), timedelta(seconds=-15), timedelta(seconds=135)),
    ):
        moments = [refresh_at(now + life, now) for _ in range(200)]
        assert all(moment is not None and earliest <= moment - now <= latest for moment in moments)
        assert len(set(moments)) > 100
    assert refresh_at(None, now) is None


@pytest.mark.django_db(transaction=True)
def test_the_clock_renews_what_is_due_and_nothing_else(sandbox: SandboxProcess) -> None:
    cast = gather()
    due, rested = connected(cast, sandbox), connected(cast, sandbox)
    make_due(due)
    with entered(cast.workspace.pk):
        Account.objects.update(subscribe_at=None)
    before = open_token(due)
    assert accounts_to_tend(10) == [(due.pk, cast.workspace.pk)]
    tend_account(due.pk, cast.workspace.pk)
    assert accounts_to_tend(10) == []
    assert open_token(due) != before
    assert reread(due).refresh_at > timezone.now()
    assert (refreshes(sandbox, due), refreshes(sandbox, rested)) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_renew_an_account_only_once(sandbox: SandboxProcess) -> None:
    account = make_due(connected(gather(), sandbox))
    with entered(account.workspace_id):
        Account.objects.update(subscribe_at=None)
    together(8, lambda: tend_account(account.pk, account.workspace_id))
    assert refreshes(sandbox, account) == 1
    assert reread(account).health == Account.Health.CONNECTED


@pytest.mark.django_db(transaction=True)
def test_senders_that_find_it_ended_wait_for_one_renewal(sandbox: SandboxProcess) -> None:
    account = connected(gather(), sandbox, ends_in=timedelta(seconds=-5))
    tokens: list[str] = []
    together(6, lambda: tokens.append(actions.sender(account).credentials.access_token))
    assert refreshes(sandbox, account) == 1
    assert len(tokens) == 6 and len(set(tokens)) == 1


@pytest.mark.parametrize("fault", ["error_before", "bad_gateway", "reset_before", "rate_limited"])
def test_a_failure_that_passes_never_disconnects(cast: Cast, sandbox: SandboxProcess, fault: str) -> None:
    account = make_due(connected(cast, sandbox))
    sandbox.fault(SLUG, fault, account.uid, on=["token"], times=1)
    before = open_token(account)
    with entered(cast.workspace.pk):
        account = actions.tend(account)
    assert account.health == Account.Health.CONNECTED and account.refresh_at > timezone.now()
    assert open_token(account) == before  # still good until it ends
    account = make_due(account)
    with entered(cast.workspace.pk):
        account = actions.tend(account)
    assert open_token(account) != before and account.health_reason == ""


def test_what_has_ended_and_cannot_be_renewed_now_is_tried_later(cast: Cast, sandbox: SandboxProcess) -> None:
    account = connected(cast, sandbox, ends_in=timedelta(seconds=-5))
    sandbox.fault(SLUG, "bad_gateway", account.uid, on=["token"], times=1)
    with pytest.raises(TryLater):
        actions.sender(account)
    assert reread(account).health == Account.Health.CONNECTED
    assert actions.sender(account).credentials.expires_at > timezone.now()


def test_a_grant_taken_back_asks_for_a_person_and_loses_nothing(cast: Cast, sandbox: SandboxProcess) -> None:
    account = make_due(connected(cast, sandbox))
    sandbox.control("revoke", network=SLUG, account=account.uid)
    with entered(cast.workspace.pk):
        account = actions.tend(account)
        line = AuditEntry.objects.latest("number")
    assert account.health == Account.Health.RECONNECT and account.health_reason
    assert (line.verb, line.by) == ("lost", None)
    with pytest.raises(Reconnect):
        actions.sender(account)
    assert reread(account).refresh_at is None


def test_the_earlier_credentials_are_kept_until_the_new_ones_worked(cast: Cast, sandbox: SandboxProcess) -> None:
    account = make_due(connected(cast, sandbox))
    earlier = open_token(account)
    with entered(cast.workspace.pk):
        account = actions.tend(account)
        assert open_credentials(account)[1].access_token == earlier
        account = actions.mark_reconnect(account, reason="X no longer accepts it.")
    assert (account.health, open_token(account)) == (Account.Health.CONNECTED, earlier)
    with entered(cast.workspace.pk):
        account = actions.mark_reconnect(account, reason="X no longer accepts it.")
    assert account.health == Account.Health.RECONNECT
    with entered(cast.workspace.pk):
        assert actions.mark_reconnect(account, reason="again").health_reason == "X no longer accepts it."


def test_a_paused_account_is_not_usable_and_a_lost_one_neither(cast: Cast, sandbox: SandboxProcess) -> None:
    one, two, three = (connected(cast, sandbox) for _ in range(3))
    with entered(cast.workspace.pk):
        actions.pause(one, by=cast.bob)
        actions.mark_reconnect(two, reason="gone")
        assert list(Account.objects.all().usable()) == [three]
        actions.disconnect(three, by=cast.bob)
        assert {account.pk for account in Account.objects.all().listed()} == {one.pk, two.pk}


def test_an_account_is_found_by_its_own_id_in_every_workspace_that_connected_it(
    cast: Cast, sandbox: SandboxProcess
) -> None:
    account = connected(cast, sandbox)
    assert accounts_by_uid(SLUG, account.uid) == [(account.pk, cast.workspace.pk)]
    assert accounts_by_uid("youtube", account.uid) == []


def test_a_new_account_that_could_not_ask_for_its_events_asks_again_later(cast: Cast, sandbox: SandboxProcess) -> None:
    account = connected(cast, sandbox)
    assert account.subscribe_at is not None
    sandbox.fault(SLUG, "bad_gateway", on=["hook", "token"], times=1)
    with entered(cast.workspace.pk):
        account = actions.tend(account)
    assert account.subscribe_at > timezone.now() and account.health == Account.Health.CONNECTED


@pytest.mark.django_db(transaction=True)
def test_what_people_left_half_done_is_swept_away(sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = gather()
    account = make_due(connected(cast, sandbox))
    woken: list[tuple[int, int]] = []
    monkeypatch.setattr(tend_account, "apply_async", lambda args, **_: woken.append(args))
    with entered(cast.workspace.pk):
        kinds = {"network": SLUG, "member": cast.bob, "session_digest": "", "redirect_uri": "", "sealed": b""}
        Consent.objects.create(state_digest="old", expires_at=timezone.now() - timedelta(minutes=1), **kinds)
        Consent.objects.create(state_digest="new", expires_at=timezone.now() + timedelta(minutes=1), **kinds)
    tend()
    assert woken == [(account.pk, cast.workspace.pk)]
    with entered(cast.workspace.pk):
        assert [consent.state_digest for consent in Consent.objects.all()] == ["new"]


def open_token(account: Account) -> str:
    with entered(account.workspace_id):
        return open_credentials(Account.objects.get(pk=account.pk))[0].access_token


def together(number: int, act) -> None:
    """Run `act` in `number` threads at the same moment; any error fails the test."""
    errors: list[BaseException] = []
    gate = threading.Barrier(number)

    def run() -> None:
        gate.wait()
        try:
            act()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors
