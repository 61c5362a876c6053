"""What people do with an account: connect it, pause it, take it away; and what to do when its authority is gone."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from networks import registry
from networks.actions.sealing import open_credentials, put_credentials
from networks.models import Account
from networks.protocol import Listens, RemoteAccount
from networks.queries import said
from workspaces.actions import notify, record
from workspaces.live import touch
from workspaces.models import AuditEntry, Member
from workspaces.protocol import Note
from workspaces.queries import members_who_may
from workspaces.tenancy import current_workspace_id

TOPIC = "accounts"
TRIAL = timedelta(minutes=15)  # how long after a refresh the earlier credentials may still be tried
LOST = Note(
    slug="account-lost",
    title=_("%(account)s must be connected to %(network)s again"),
    body=_("%(reason)s What is scheduled for it waits, and goes out once it is connected again."),
    action=_("Reconnect"),
    about=_("An account must be connected again"),
)
_said = lazy(said, str)


def connect(remote: RemoteAccount, *, network: str, by: Member) -> Account:
    """The account in this workspace, with fresh credentials: a new row, or the one that is already there.

    Inside `entered`. Its events are asked for by the clock (or at once: `tasks.tend_account`).
    """
    account, created = Account.objects.select_for_update(no_key=True).get_or_create(
        network=network, uid=remote.uid, defaults={"name": remote.name[:200], "workspace_id": current_workspace_id()}
    )
    account.name = remote.name[:200]
    account.handle = remote.handle[:200]
    account.avatar_url = remote.avatar_url if len(remote.avatar_url) <= 1000 else ""
    account.health, account.health_reason = Account.Health.CONNECTED, ""
    now = timezone.now()
    put_credentials(account, remote.credentials, before=None, now=now)
    account.refreshed_at = now
    account.subscribe_at = now if _pushes(network) else None
    account.save()
    verb = "connected" if created else "reconnected"
    _record(account, by=by, verb=verb, scopes=list(remote.credentials.scopes))
    return account


def disconnect(account: Account, *, by: Member | None) -> Account:
    """Forget the credentials. What was published stays; what is scheduled waits for a reconnection."""
    account = _locked(account)
    account.health, account.health_reason = Account.Health.DISCONNECTED, ""
    account.sealed = b""
    account.expires_at = account.refresh_at = account.subscribe_at = None
    account.save()
    _record(account, by=by, verb="disconnected")
    return account


def pause(account: Account, *, by: Member | None) -> Account:
    """Publish nothing to this account until it is resumed; it still listens."""
    return _set_paused(account, True, by)


def resume(account: Account, *, by: Member | None) -> Account:
    """Publish to this account again."""
    return _set_paused(account, False, by)


def mark_reconnect(account: Account, *, reason: str, by: Member | None = None) -> Account:
    """The network said that our authority is gone: ask a person to give it again. Safe to call twice.

    If the credentials were refreshed moments ago and the earlier ones have not ended, those are put back and tried
    first: the account then stays connected.
    """
    account = _locked(account)
    if account.health != Account.Health.CONNECTED:
        return account
    if _put_back(account):
        _record(account, by=by, verb="put back the earlier credentials of")
        return account
    lose(account, reason=reason, by=by)
    return account


def lose(account: Account, *, reason: str, by: Member | None = None) -> None:
    """Without a second thought; `account` is locked by the caller."""
    account.health = Account.Health.RECONNECT
    account.health_reason = reason[:500]
    account.refresh_at = account.subscribe_at = None
    account.save(update_fields=["health", "health_reason", "refresh_at", "subscribe_at"])
    line = _record(account, by=by, verb="lost", reason=reason)
    notify(
        members_who_may("connect_accounts"),
        note=LOST,
        key=f"account:{account.pk}:lost:{line.number}",
        url=reverse("networks:accounts", args=[account.workspace.slug]),
        account=account.name,
        network=registry.get(account.network).name if registry.known(account.network) else account.network,
        reason=_said(account.health_reason),
    )


def _put_back(account: Account) -> bool:
    now = timezone.now()
    if account.refreshed_at is None or now - account.refreshed_at > TRIAL or not account.sealed:
        return False
    _now, before = open_credentials(account)
    if before is None or before.expires_at is None or before.expires_at <= now:
        return False
    put_credentials(account, before, before=None, now=now)
    account.save(update_fields=["sealed", "expires_at", "refresh_at"])
    return True


def _set_paused(account: Account, paused: bool, by: Member | None) -> Account:
    account = _locked(account)
    if account.paused != paused:
        account.paused = paused
        account.save(update_fields=["paused"])
        _record(account, by=by, verb="paused" if paused else "resumed")
    return account


def _locked(account: Account) -> Account:
    # No key update: publications that point at the account are not held up by its row lock.
    return Account.objects.select_for_update(no_key=True).get(pk=account.pk)


def _record(account: Account, *, by: Member | None, verb: str, **facts: object) -> AuditEntry:
    line = record(
        account.workspace_id,
        by=by,
        verb=verb,
        thing=f"account:{account.pk}",
        network=account.network,
        uid=account.uid,
        name=account.name,
        **facts,
    )
    touch(account.workspace_id, TOPIC)
    return line


def _pushes(slug: str) -> bool:
    network = registry.get(slug)
    return isinstance(network, Listens) and network.pushes


def expired(account: Account) -> str:
    """What the page says of an account whose authority ran out."""
    return gettext_noop("Its permission has ended. Connect it again to go on.")
