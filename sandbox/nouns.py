"""What exists on the pretend networks: accounts, apps, tokens, posts, messages, media, listeners."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# Bodies are whatever a caller or a network puts on the wire; only each wire knows their shape.
Json = dict[str, Any]


@dataclass(slots=True)
class Account:
    """A person, or a brand's presence (X account, Page, organization page, channel), on one network."""

    network: str
    id: str
    handle: str
    name: str
    kind: str = "person"  # person | brand
    admins: list[str] = field(default_factory=list)  # ids of the people who may act for a brand
    created: float = 0.0
    extra: Json = field(default_factory=dict)


@dataclass(slots=True)
class App:
    """A registered application; `id` is its client id. One app per network is Gardu itself."""

    network: str
    id: str
    secret: str
    name: str
    redirects: list[str]
    webhook: str = ""
    verify_token: str = ""
    created: float = 0.0
    extra: Json = field(default_factory=dict)


@dataclass(slots=True)
class Code:
    """An authorization code waiting to be exchanged; `id` is the code."""

    network: str
    id: str
    app: str
    account: str
    redirect: str
    scopes: list[str]
    expires: float
    challenge: str = ""
    method: str = ""
    used: bool = False
    created: float = 0.0
    extra: Json = field(default_factory=dict)


@dataclass(slots=True)
class Token:
    """An access token (`id`) with its refresh token; `expires` 0 means never."""

    network: str
    id: str
    app: str
    account: str
    scopes: list[str]
    refresh: str = ""
    kind: str = "user"  # user | page | app
    expires: float = 0.0
    refresh_expires: float = 0.0
    revoked: bool = False
    refresh_spent: bool = False
    created: float = 0.0
    extra: Json = field(default_factory=dict)


@dataclass(slots=True)
class Post:
    """Anything said in public. `text` is as received; `visible` as readers get it."""

    network: str
    id: str
    account: str  # who said it
    text: str
    visible: str = ""
    kind: str = "post"  # post | comment
    parent: str = ""  # what it answers
    root: str = ""  # the post the whole conversation hangs on
    wall: str = ""  # the brand account it was said to or on, when it is not its own
    link: str = ""
    media: list[str] = field(default_factory=list)
    raw: Json = field(default_factory=dict)
    metrics: dict[str, int] = field(default_factory=dict)
    hidden: bool = False
    deleted: float = 0.0
    edited: float = 0.0
    created: float = 0.0
    extra: Json = field(default_factory=dict)


@dataclass(slots=True)
class Message:
    """One direct message; `conversation` groups the two sides."""

    network: str
    id: str
    conversation: str
    sender: str
    recipient: str
    text: str
    media: list[str] = field(default_factory=list)
    created: float = 0.0
    extra: Json = field(default_factory=dict)


@dataclass(slots=True)
class Media:
    """An upload, whole or in parts. `blob` names the stored bytes once they are complete."""

    network: str
    id: str
    account: str
    mime: str = ""
    size: int = 0
    state: str = "ready"  # waiting | pending | ready | failed
    ready_at: float = 0.0
    expires: float = 0.0
    alt: str = ""
    blob: str = ""
    parts: dict[str, str] = field(default_factory=dict)  # part number -> blob
    created: float = 0.0
    extra: Json = field(default_factory=dict)


@dataclass(slots=True)
class Subscription:
    """An app asked to hear about one account's events."""

    network: str
    id: str
    app: str
    account: str
    fields: list[str] = field(default_factory=list)
    url: str = ""
    live: bool = True
    created: float = 0.0
    extra: Json = field(default_factory=dict)


@dataclass(slots=True)
class Fault:
    """A switched-on misbehaviour: which account ("*": all), which calls, how often, with what numbers."""

    network: str
    id: str
    name: str
    account: str = "*"
    on: list[str] = field(default_factory=list)  # empty: the fault's own default calls
    times: int = -1  # -1: until cleared
    rate: float = 1.0
    seed: int = 0
    created: float = 0.0
    params: Json = field(default_factory=dict)


Thing = Account | App | Code | Token | Post | Message | Media | Subscription | Fault
KINDS: dict[str, type[Thing]] = {
    "account": Account,
    "app": App,
    "code": Code,
    "token": Token,
    "post": Post,
    "message": Message,
    "media": Media,
    "subscription": Subscription,
    "fault": Fault,
}
NAMES = {kind: name for name, kind in KINDS.items()}
