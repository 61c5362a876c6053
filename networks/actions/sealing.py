"""Credentials in and out of the vault."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from networks.models import Account
from networks.protocol import Credentials, RemoteAccount
from workspaces.vault import open_many, open_sealed, seal

SHORTEST_LEAD = timedelta(minutes=5)
LONGEST_LEAD = timedelta(days=5)


def open_credentials(account: Account) -> tuple[Credentials, Credentials | None]:
    """The account's credentials, and those before the last refresh. Raises vault.SealBroken, vault.NoKey."""
    return _both(open_sealed(account.workspace_id, bytes(account.sealed), context=_context(account)))


def open_all(workspace_id: int, accounts: Iterable[Account]) -> dict[int, Credentials]:
    """Account id -> its credentials, for those of `workspace_id` that open. One query."""
    named = {_context(account): account for account in accounts}
    plain = open_many(workspace_id, {context: bytes(account.sealed) for context, account in named.items()})
    return {named[context].pk: _both(both)[0] for context, both in plain.items()}


def _both(plain: bytes) -> tuple[Credentials, Credentials | None]:
    both = json.loads(plain)
    return from_json(both["now"]), from_json(both["before"]) if both["before"] else None


def put_credentials(account: Account, credentials: Credentials, *, before: Credentials | None, now: datetime) -> None:
    """Seal `credentials` into `account` (not saved), with when they end and when to renew them."""
    both = {"now": as_json(credentials), "before": as_json(before) if before else None}
    account.sealed = seal(account.workspace_id, json.dumps(both).encode(), context=_context(account))
    account.expires_at = credentials.expires_at
    account.refresh_at = refresh_at(credentials.expires_at, now)


def refresh_at(expires_at: datetime | None, now: datetime) -> datetime | None:
    """When to renew: a fifth of the life ahead of the end (5 minutes to 5 days), give or take a quarter of that.

    The jitter keeps accounts that were connected together from being renewed together.
    """
    if expires_at is None:
        return None
    lead = min(max((expires_at - now) / 5, SHORTEST_LEAD), LONGEST_LEAD)
    return expires_at - lead * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, guards nothing


def as_json(credentials: Credentials) -> dict[str, Any]:  # Any: a JSON object
    return {
        "access_token": credentials.access_token,
        "refresh_token": credentials.refresh_token,
        "expires_at": _moment(credentials.expires_at),
        "refresh_expires_at": _moment(credentials.refresh_expires_at),
        "scopes": list(credentials.scopes),
        "extra": dict(credentials.extra),
    }


def from_json(data: dict[str, Any]) -> Credentials:  # Any: what `as_json` made
    return Credentials(
        access_token=data["access_token"],
        refresh_token=data["refresh_token"],
        expires_at=_read(data["expires_at"]),
        refresh_expires_at=_read(data["refresh_expires_at"]),
        scopes=tuple(data["scopes"]),
        extra=data["extra"],
    )


def remote_as_json(remote: RemoteAccount) -> dict[str, Any]:  # Any: a JSON object
    return {
        "uid": remote.uid,
        "name": remote.name,
        "handle": remote.handle,
        "avatar_url": remote.avatar_url,
        "kind": remote.kind,
        "credentials": as_json(remote.credentials),
    }


def remote_from_json(data: dict[str, Any]) -> RemoteAccount:  # Any: what `remote_as_json` made
    return RemoteAccount(**{**data, "credentials": from_json(data["credentials"])})


def without_secrets(remote: RemoteAccount) -> RemoteAccount:
    """The same account to be shown on a page."""
    return replace(remote, credentials=Credentials(access_token=""))


def _context(account: Account) -> str:
    return f"account:{account.pk}"


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read(moment: str | None) -> datetime | None:
    return datetime.fromisoformat(moment) if moment else None
