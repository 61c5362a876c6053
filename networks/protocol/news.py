"""What comes back: receipts, listings, counts, and what customers say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that something is live: the network's id and the address a reader opens.

    `processing`: the network took it and still works on it; it may yet throw it out.
    """

    remote_id: str
    url: str
    extra: Mapping[str, str] = field(default_factory=dict)
    processing: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """One post of an account, as the network shows it.

    `first_id`: the id it was first posted under, where an edit gives it another one. `label`: whether the network's
    own partnership label is on; None where it does not tell. `processing`: the network still works on it; `failed`: why
    it threw it out after it had taken it.
    """

    remote_id: str
    url: str
    text: str
    created_at: datetime
    parent_id: str = ""
    media_count: int = 0
    title: str = ""
    processing: bool = False
    failed: str = ""
    first_id: str = ""
    video: bool = False
    label: bool | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """The account's own posts since a moment. Only a `complete` listing is evidence that something is absent."""

    posts: tuple[Listed, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """Posts looked up by their ids: those that are there, as they are now, and those that are certainly gone.

    An id in neither is not told (withheld, or its author went private).
    """

    posts: tuple[Listed, ...]
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Spotted:
    """The post that a public address opens. `key` is the same by whichever address it was reached.

    `remote_id`: as a look-up wants it; empty where the address does not tell it. `handle`: whose, as far as it says.
    """

    key: str
    remote_id: str = ""
    handle: str = ""


@dataclass(frozen=True, slots=True)
class Measurement:
    """Counts for one post at one moment; None where the network does not tell."""

    remote_id: str
    views: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    clicks: int | None = None


class EventKind(StrEnum):
    COMMENT = "comment"  # under one of our posts
    MENTION = "mention"  # of our account, elsewhere
    MESSAGE = "message"  # private
    DELETED = "deleted"  # its author or the network took it away
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a network. `uid` is the network's own, stable id."""

    uid: str
    name: str
    handle: str = ""
    avatar_url: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one of our accounts; `key` is the network's own id of it, the same each time.

    `message_id` names the comment or message; `post_id` the post or conversation it hangs on; `parent_id` what it
    answers.
    """

    key: str
    kind: EventKind
    account_uid: str
    message_id: str
    post_id: str
    author: Person
    text: str
    at: datetime
    parent_id: str = ""
    url: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)  # Any: the network's own JSON


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook request as it arrived: header names in lower case, body raw (signatures are over the bytes)."""

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class RateState:
    """What the network said about its budget in its last answer: calls left, and seconds until it is full again."""

    bucket: str
    limit: int
    remaining: int
    reset_after: float
