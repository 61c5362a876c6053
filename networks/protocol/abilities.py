"""What a network can do: one small Protocol an ability, asked by isinstance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from networks.protocol.content import Content, OpenMedia, Target, TargetKind
from networks.protocol.limits import Limits, Misfit, Option
from networks.protocol.news import (
    Delivery,
    Event,
    Listed,
    Listing,
    Looked,
    Measurement,
    Person,
    Receipt,
    Spotted,
)
from networks.protocol.senders import Credentials, Door, RemoteAccount, Sender


class Reconcile(StrEnum):
    KEYED = "keyed"  # our own key makes a second send harmless
    TWO_PHASE = "two_phase"  # prepare, then a tiny publish whose state can be asked
    LISTABLE = "listable"  # own recent posts can be listed, after a known lag
    DEDUPES = "dedupes"  # the same text is refused
    NONE = "none"  # never send again by ourselves


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
class ConnectsSites(Protocol):
    """A network of many sites, each at its owner's address: a person names the site, then lets us in there.

    What opens it is a password made for us; it does not end by itself, so nothing is renewed.
    """

    def knock(self, address: str) -> Door:
        """Ask the site at `address`, as a person typed it, what it is. Raises NotOurs, TryLater."""
        ...

    def consent_url(self, door: Door, *, state: str, redirect_uri: str) -> str:
        """The site's own page for giving access; it sends the person back to `redirect_uri` with `state`."""
        ...

    def admit(self, door: Door, given: Mapping[str, str]) -> RemoteAccount:
        """The account behind what the site sent back to `redirect_uri`. Raises NotOurs, TryLater."""
        ...

    def enter(self, door: Door, *, user: str, password: str) -> RemoteAccount:
        """The account behind a password that a person made there and typed. Raises NotOurs, TryLater."""
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
class PublishesAsync(Protocol):
    """A network that can also be posted to from an event loop, without a thread for each post that is under way."""

    def sends_async(self, content: Content) -> bool:
        """Whether `publish_async` takes this content; everything else is for `publish`."""
        ...

    async def publish_async(self, sender: Sender, content: Content, *, open_media: OpenMedia, key: str = "") -> Receipt:
        """As `Publishes.publish`, with the same errors and the same one call that makes it live."""
        ...


class Memory(Protocol):
    """What one send of a content leaves for the next, whatever process that runs in; kept sealed, for these bytes."""

    def read(self) -> str: ...

    def write(self, text: str) -> None: ...


@runtime_checkable
class Resumes(Protocol):
    """A network whose long uploads are gone on with by the next send, also after the sender's death."""

    def resumes(self, content: Content) -> bool:
        """Whether this one is long enough to be worth remembering; everything else is for `publish`."""
        ...

    def publish_on(
        self, sender: Sender, content: Content, *, open_media: OpenMedia, memory: Memory, key: str = ""
    ) -> Receipt:
        """As `Publishes.publish`. Begins where `memory` says that an earlier send stopped, if the network agrees."""
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
class Edits(Protocol):
    def edit(self, sender: Sender, remote_id: str, content: Content) -> None:
        """Put the words of `content` in the place of the post's own; its pictures and videos stay. Safe to call twice.

        Raises Refused, TryLater or Reconnect; Unsure when the answer did not come.
        """
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


@runtime_checkable
class Spots(Protocol):
    def spot(self, url: str) -> Spotted | None:
        """Which post the public address `url` opens; None when it is none of this network's. Asks nobody."""
        ...


@runtime_checkable
class HandsOver(Spots, Protocol):
    """A network that lets no app post: what is due is handed to a person, who puts it there and brings its address."""

    def door(self, handle: str) -> str:
        """The address that a person opens to post as the account called `handle`."""
        ...


@runtime_checkable
class NamesFeeds(Protocol):
    def feed_of(self, url: str) -> str:
        """Where the feed of the page at the public address `url` stands; "" where the address alone does not tell."""
        ...


@runtime_checkable
class Watches(Spots, Protocol):
    """A network that shows an app what others post in public, opened by one of our own accounts."""

    looks_a_minute: int
    """How many watched accounts the whole app may ask about in a minute, with room left for all its other work."""

    def person(self, sender: Sender, handle: str) -> Person:
        """Who is called `handle` today; its uid stays when the name changes. Raises Refused when nobody is."""
        ...

    def posts_of(self, sender: Sender, uid: str, *, since: datetime) -> Listing:
        """What the account `uid` posted in public since, newest first. Raises Refused, TryLater, Reconnect."""
        ...

    def look(self, sender: Sender, remote_ids: Sequence[str]) -> Looked:
        """What became of posts, whoever wrote them. Raises TryLater, Reconnect."""
        ...
