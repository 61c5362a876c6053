"""Who sends: our own registration at a network, and what opens one account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AppKey:
    """Gardu's own registration at a network. `secret` signs webhooks where the network says so."""

    client_id: str
    client_secret: str = field(repr=False)
    verify_token: str = field(default="", repr=False)
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens one account. `expires_at` in UTC; None means that it does not expire by itself."""

    access_token: str
    refresh_token: str = ""
    expires_at: datetime | None = None
    refresh_expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Credentials(expires_at={self.expires_at!r}, scopes={self.scopes!r})"  # never a token in a log


@dataclass(frozen=True, slots=True)
class RemoteAccount:
    """One account, page or channel that a person may publish to, with the credentials that open it."""

    uid: str
    name: str
    handle: str
    credentials: Credentials
    avatar_url: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """An account as an adapter needs it for one call: its uid at the network and its open credentials."""

    uid: str
    credentials: Credentials
    handle: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """Where a person's own site is, and where it lets apps in. `uid` is how we name it: its address without scheme.

    `root`: where its interface begins; `consent`: its page for giving access, "" when it has none.
    """

    uid: str
    name: str
    root: str
    consent: str = ""
