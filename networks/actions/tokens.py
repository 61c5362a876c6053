"""Keeps accounts open: renews credentials ahead of their end, one renewer at a time, and opens them for a call."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_noop

from networks import registry
from networks.actions.accounts import TOPIC, expired, lose
from networks.actions.sealing import open_all, open_credentials, put_credentials
from networks.models import Account
from networks.protocol import Connects, Credentials, Listens, NetworkError, Reconnect, Sender, TryLater
from networks.queries import webhook_url
from workspaces.actions import record
from workspaces.crash import crash_point
from workspaces.live import touch
from workspaces.tenancy import current_workspace_id, entered

MARGIN = timedelta(seconds=60)  # credentials this close to their end are renewed before they are used
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=30)


def sender(account: Account) -> Sender:
    """`account` opened for one call: reads it afresh, opens the vault, and renews credentials that have ended.

    Enters the account's workspace itself; call it outside any transaction, since it may wait for the network.
    Raises Reconnect (a person must act) and TryLater (they have ended and could not be renewed just now).
    """
    with entered(account.workspace_id):
        account = Account.objects.get(pk=account.pk)
        trouble: NetworkError | None = None
        if _ends_soon(account, timezone.now()):
            account, trouble = _renewed(account.pk, timezone.now(), unless_before=timezone.now() + MARGIN)
        opened = _opened(account, trouble, timezone.now())
    if isinstance(opened, NetworkError):
        raise opened
    return Sender(uid=account.uid, credentials=opened, handle=account.handle)


def open_many(accounts: Iterable[Account]) -> dict[int, Sender]:
    """Account id -> its sender, for those that open at once; the others need `sender`. Inside `entered`; one query."""
    now = timezone.now()
    ready = [one for one in accounts if one.health == Account.Health.CONNECTED and not _ends_soon(one, now)]
    opened = open_all(current_workspace_id(), ready)
    return {
        one.pk: Sender(uid=one.uid, credentials=opened[one.pk], handle=one.handle) for one in ready if one.pk in opened
    }


def refresh(account: Account) -> Account:
    """Renew now, under the account's row lock. A failure that may pass leaves it connected and tries again later.

    Inside `entered`; waits for the network.
    """
    return _renewed(account.pk, timezone.now())[0]


def tend(account: Account) -> Account:
    """Do what is due for `account`: renew its credentials, ask for its events. Inside `entered`; waits."""
    now = timezone.now()
    if account.refresh_at is not None and account.refresh_at <= now:
        account = _renewed(account.pk, now, unless_before=now)[0]
    if account.subscribe_at is not None and account.subscribe_at <= now:
        account = subscribe(account)
    return account


def subscribe(account: Account) -> Account:
    """Ask the network to push this account's events; tried again later when it does not answer. Inside `entered`."""
    account = _locked(account.pk)
    network = registry.get(account.network)
    if account.health != Account.Health.CONNECTED or not isinstance(network, Listens):
        return account
    credentials, _before = open_credentials(account)
    opened = Sender(uid=account.uid, credentials=credentials, handle=account.handle)
    again: datetime | None = None
    try:
        network.subscribe(opened, callback_url=webhook_url(account.network))
    except Reconnect as error:
        lose(account, reason=error.reason)
        return account
    except NetworkError as error:
        wait = error.after if isinstance(error, TryLater) else None
        again = timezone.now() + (wait or _pause(LONGEST_PAUSE))
    account.subscribe_at = again
    account.save(update_fields=["subscribe_at"])
    return account


def _renewed(
    account_id: int, now: datetime, *, unless_before: datetime | None = None
) -> tuple[Account, NetworkError | None]:
    """The account after one try at renewal, and what went wrong. Whoever comes second finds it done.

    `unless_before`: do nothing if, once locked, neither its renewal nor its end is due by then.
    """
    account = _locked(account_id)
    if account.health != Account.Health.CONNECTED:
        return account, None
    if unless_before is not None and not _due(account, unless_before):
        return account, None
    current, _before = open_credentials(account)
    network = registry.get(account.network)
    if not isinstance(network, Connects):
        return account, None
    crash_point("token.before_refresh", f"account-{account.pk}")
    try:
        fresh = network.refresh(current)
    except TryLater as error:
        return _postponed(account, error, now), error
    except Reconnect as error:
        return _refused(account, current, error, now), error
    crash_point("token.before_write", f"account-{account.pk}")
    put_credentials(account, fresh, before=current, now=now)
    account.refreshed_at, account.health_reason = now, ""
    account.save(update_fields=["sealed", "expires_at", "refresh_at", "refreshed_at", "health_reason"])
    record(account.workspace_id, by=None, verb="refreshed", thing=f"account:{account.pk}", network=account.network)
    return account, None


def _postponed(account: Account, error: TryLater, now: datetime) -> Account:
    """Nothing is lost: try again after what the network asks, or after growing pauses."""
    overdue = now - account.refresh_at if account.refresh_at and account.refresh_at < now else timedelta()
    wait = error.after if error.after is not None else _pause(min(max(overdue, FIRST_PAUSE), LONGEST_PAUSE))
    account.refresh_at = now + wait
    account.health_reason = gettext_noop("It could not be renewed just now; we go on trying.")
    account.save(update_fields=["refresh_at", "health_reason"])
    touch(account.workspace_id, TOPIC)
    return account


def _refused(account: Account, current: Credentials, error: Reconnect, now: datetime) -> Account:
    """A grant that cannot be renewed still opens the account until it ends; a refused refresh token does not."""
    if not current.refresh_token and account.expires_at is not None and account.expires_at > now:
        account.refresh_at = account.expires_at
        account.health_reason = gettext_noop("Its permission ends soon. Connect it again before then.")
        account.save(update_fields=["refresh_at", "health_reason"])
        touch(account.workspace_id, TOPIC)
        return account
    lose(account, reason=error.reason)
    return account


def _opened(account: Account, trouble: NetworkError | None, now: datetime) -> Credentials | NetworkError:
    if account.health != Account.Health.CONNECTED or not account.sealed:
        return Reconnect(account.health_reason or expired(account), code="not_connected")
    if account.expires_at is not None and account.expires_at <= now:
        return trouble or TryLater(expired(account), code="expired")
    return open_credentials(account)[0]


def _ends_soon(account: Account, now: datetime) -> bool:
    return (
        account.health == Account.Health.CONNECTED
        and account.expires_at is not None
        and account.expires_at <= now + MARGIN
    )


def _due(account: Account, by: datetime) -> bool:
    return any(moment is not None and moment <= by for moment in (account.refresh_at, account.expires_at))


def _locked(account_id: int) -> Account:
    # No key update: publications that point at the account are not held up while the network answers.
    return Account.objects.select_for_update(no_key=True).get(pk=account_id)


def _pause(about: timedelta) -> timedelta:
    return about * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, guards nothing
