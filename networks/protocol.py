"""The words every carrier shares: what is sent, what comes back, what fits, and what to do when it does not.

Frozen values cross the floors; a network satisfies one small Protocol per ability (`isinstance(network, Listens)`).
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, BinaryIO, ClassVar, Protocol, runtime_checkable

# --- what is sent ---------------------------------------------------------------------------------


class MediaKind(StrEnum):
    IMAGE = "image"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Media:
    """One picture or video. `key`: storage key; `size` in bytes; `width`, `height` in pixels; `seconds` for video."""

    kind: MediaKind
    key: str
    mime: str
    sha256: str
    size: int
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    alt: str = ""
    filename: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What a reader will see, sealed: the same bytes always give the same `fingerprint`.

    `title` only where a network has one. `options` are the network's own switches (privacy, partnership label).
    """

    text: str
    title: str = ""
    link: str = ""
    language: str = ""
    media: tuple[Media, ...] = ()
    options: Mapping[str, str | bool | int] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """SHA-256 (64 hex digits) over everything a reader sees; approvals and verdicts are bound to it."""
        canonical = json.dumps(self.as_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(unicodedata.normalize("NFC", canonical).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:  # Any: a JSON object
        """A JSON object that `from_json` reads back unchanged."""
        return {
            "text": self.text,
            "title": self.title,
            "link": self.link,
            "language": self.language,
            "media": [
                {
                    "kind": str(m.kind),
                    "key": m.key,
                    "mime": m.mime,
                    "sha256": m.sha256,
                    "size": m.size,
                    "width": m.width,
                    "height": m.height,
                    "seconds": m.seconds,
                    "alt": m.alt,
                    "filename": m.filename,
                }
                for m in self.media
            ],
            "options": dict(self.options),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Content:  # Any: a JSON object
        """The sealed content again. Raises KeyError or TypeError when `data` is not what `as_json` wrote."""
        media = tuple(Media(**{**m, "kind": MediaKind(m["kind"])}) for m in data["media"])
        return cls(
            text=data["text"],
            title=data["title"],
            link=data["link"],
            language=data["language"],
            media=media,
            options=dict(data["options"]),
        )


# --- what fits ------------------------------------------------------------------------------------


class Counting(StrEnum):
    """How a network counts the length of a text."""

    CHARACTERS = "characters"  # UTF-16 code units, as browsers count
    GRAPHEMES = "graphemes"  # what a person sees as one character
    WEIGHTED = "weighted"  # twitter-text v3: links 23, most scripts 1, others and emoji 2
    ESCAPED = "escaped"  # LinkedIn little text, counted after its backslashes
    BYTES = "bytes"  # UTF-8


@dataclass(frozen=True, slots=True)
class Fact:
    """Where a figure comes from, when it was read, and how sure we are of it."""

    source: str
    read_on: str  # ISO date
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """What fits on one network: the composer's counter, the preview, the fold and the validator read this one table.

    Lengths in the unit of `counting`; sizes in bytes; durations in seconds. Zero means "none of these".
    `facts` maps a field's name to its source.
    """

    text: int
    counting: Counting
    fold_characters: int
    fold_lines: int = 0
    title: int = 0
    title_required: bool = False
    comment: int = 0
    images: int = 0
    image_bytes: int = 0
    image_types: tuple[str, ...] = ()
    alt: int = 0
    videos: int = 0
    video_bytes: int = 0
    video_seconds: tuple[float, float] = (0.0, 0.0)
    video_types: tuple[str, ...] = ()
    mixes_images_and_video: bool = False
    media_required: MediaKind | None = None
    text_required_without_media: bool = True
    links_in_text: bool = True
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Misfit:
    """One reason why a content does not fit: `field` names what to mend, `limit` and `found` say by how much."""

    field: str
    reason: str
    limit: float = 0
    found: float = 0


@dataclass(frozen=True, slots=True)
class Option:
    """One of a network's own switches, by its name in `Content.options`. Without `choices` it is yes or no.

    `choices` are (value, words) pairs; `default` is what happens when the post says nothing.
    """

    name: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    default: str | bool = False


# --- who sends ------------------------------------------------------------------------------------


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


class TargetKind(StrEnum):
    """Where below something already live a content goes."""

    THREAD = "thread"  # the next part of our own post
    COMMENT = "comment"  # a comment below our own post
    COMMENT_REPLY = "comment_reply"  # an answer to somebody's comment
    MENTION_REPLY = "mention_reply"  # an answer to a post that mentions us
    MESSAGE = "message"  # an answer in a private conversation


@dataclass(frozen=True, slots=True)
class Target:
    """What a content answers or continues, as the network names it: the post it hangs on, the message, its author."""

    kind: TargetKind
    post_id: str
    message_id: str = ""
    author_uid: str = ""


OpenMedia = Callable[[Media], BinaryIO]
"""Opens a media's bytes for streaming; the adapter closes it."""


# --- what comes back ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that something is live: the network's id and the address a reader opens."""

    remote_id: str
    url: str
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """One of the account's own recent posts, as the network shows it."""

    remote_id: str
    url: str
    text: str
    created_at: datetime
    parent_id: str = ""
    media_count: int = 0
    title: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The account's own posts since a moment. Only a `complete` listing is evidence that something is absent."""

    posts: tuple[Listed, ...]
    complete: bool


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


# --- errors, named by what to do next -------------------------------------------------------------


class NetworkError(Exception):
    """Anything a network call can end in: `reason` is for a marketer, `detail` the network's own, for support."""

    next_step: ClassVar[str] = ""

    def __init__(self, reason: str, *, detail: str = "", code: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail
        self.code = code


class Refused(NetworkError):
    """The network will never take this content as it is: a person must change it."""

    next_step = "change"


class TryLater(NetworkError):
    """Certainly not live, and worth another try after `after` (None: our own backoff)."""

    next_step = "wait"

    def __init__(self, reason: str, *, after: timedelta | None = None, detail: str = "", code: str = "") -> None:
        super().__init__(reason, detail=detail, code=code)
        self.after = after


class Reconnect(NetworkError):
    """Certainly not live; the account's authority is gone and only a person can give it again."""

    next_step = "reconnect"


class Unsure(NetworkError):
    """It may be live. Look; never send again before looking. `hint` is an id the network named, to be verified."""

    next_step = "look"

    def __init__(self, reason: str, *, hint: str = "", detail: str = "", code: str = "") -> None:
        super().__init__(reason, detail=detail, code=code)
        self.hint = hint


class BadSignature(Exception):
    """A webhook that was not signed with our secret."""


class NotOurs(Exception):
    """A consent that ended without authority: declined, wrong state, no account. The text is for the person."""


# --- how a send can be reconciled -----------------------------------------------------------------


class Reconcile(StrEnum):
    KEYED = "keyed"  # our own key makes a second send harmless
    TWO_PHASE = "two_phase"  # prepare, then a tiny publish whose state can be asked
    LISTABLE = "listable"  # own recent posts can be listed, after a known lag
    DEDUPES = "dedupes"  # the same text is refused
    NONE = "none"  # never send again by ourselves


# --- abilities ------------------------------------------------------------------------------------


@runtime_checkable
class Network(Protocol):
    """What every network tells about itself. An instance holds no account and is safe to share between threads."""

    slug: str
    name: str
    limits: Limits
    reconcile: Reconcile
    listing_lag: timedelta
    scopes: tuple[str, ...]

    def count(self, text: str) -> int:
        """The length of `text` by the network's own rule."""
        ...

    def misfits(self, content: Content) -> list[Misfit]:
        """Why `content` would be refused, before anything is sent; empty when it fits."""
        ...


@runtime_checkable
class Connects(Protocol):
    """OAuth. `verifier` is the PKCE code verifier the app keeps between the redirect and the callback."""

    uses_pkce: bool

    def authorize_url(self, *, state: str, redirect_uri: str, verifier: str) -> str: ...

    def exchange(self, *, code: str, redirect_uri: str, verifier: str) -> list[RemoteAccount]:
        """The accounts the person may publish to. Raises NotOurs, TryLater."""
        ...

    def refresh(self, credentials: Credentials) -> Credentials:
        """New credentials. Raises Reconnect when the grant is gone for good, TryLater on anything that may pass."""
        ...


@runtime_checkable
class Offers(Protocol):
    """A network with switches of its own; the composer shows them where the network is chosen."""

    options: tuple[Option, ...]


@runtime_checkable
class Publishes(Protocol):
    def publish(self, sender: Sender, content: Content, *, open_media: OpenMedia, key: str = "") -> Receipt:
        """Put it live, now, once. Uploads first; the last call is the only one that can make it live.

        `key`: our attempt's key, used where the network takes an idempotency key.
        Raises Refused, TryLater, Reconnect (certainly not live) or Unsure (may be live).
        """
        ...


@runtime_checkable
class Finds(Protocol):
    def recent(self, sender: Sender, *, since: datetime, target: Target | None = None) -> Listing:
        """The account's own posts (or, with `target`, what it wrote in answer to it) since `since`, newest first.

        Raises TryLater or Reconnect; a partial read comes back with complete=False.
        """
        ...

    def same(self, content: Content, listed: Listed) -> bool:
        """Whether `listed` shows `content`, after what the network does to a text (shortened links, trimmed space)."""
        ...


@runtime_checkable
class Deletes(Protocol):
    def delete(self, sender: Sender, remote_id: str) -> None:
        """Take it away; already gone is success."""
        ...


@runtime_checkable
class Measures(Protocol):
    def measure(self, sender: Sender, remote_ids: Sequence[str]) -> list[Measurement]: ...


@runtime_checkable
class Listens(Protocol):
    pushes: bool  # whether comments come by webhook at all

    def handshake(self, delivery: Delivery) -> str | None:
        """The body to answer a verification request with, or None when this is no handshake. Raises BadSignature."""
        ...

    def hear(self, delivery: Delivery) -> list[Event]:
        """The events of one signed delivery. Raises BadSignature; ValueError when the body is not understood."""
        ...

    def poll(self, sender: Sender, *, since: datetime, post_ids: Iterable[str] = ()) -> list[Event]:
        """What happened since, for what was never pushed or got lost. Raises TryLater, Reconnect."""
        ...

    def subscribe(self, sender: Sender, *, callback_url: str) -> None:
        """Ask the network to push this account's events to us. Safe to call twice."""
        ...


@runtime_checkable
class Replies(Protocol):
    answers: frozenset[TargetKind]

    def reply(
        self, sender: Sender, content: Content, *, target: Target, open_media: OpenMedia, key: str = ""
    ) -> Receipt:
        """Continue, comment on or answer `target`, once. Raises like `publish`; Refused if it cannot answer it."""
        ...


@runtime_checkable
class Moderates(Protocol):
    def hide(self, sender: Sender, message_id: str, *, hidden: bool) -> None: ...

    def remove(self, sender: Sender, message_id: str) -> None: ...
