"""What a pretend network must offer: its hosts, its calls, its errors, and what a reader of it sees."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qsl, unquote

from sandbox.faults import Stage
from sandbox.nouns import Account, App, Fault, Json, Message, Post
from sandbox.script import mark_in
from sandbox.world import World

if TYPE_CHECKING:
    from sandbox.house import House

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"


@dataclass(slots=True)
class Answer:
    """A reply on the wire. A dict or list body becomes JSON, a str is sent as it is."""

    status: int = 200
    body: Json | list[Json] | str | bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = ""  # content type; empty: by the body

    def raw(self) -> bytes:
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        if isinstance(self.body, str):
            return self.body.encode()
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()

    def content_type(self) -> str:
        return self.kind or (JSON if isinstance(self.body, dict | list) else HTML)


class Problem(Exception):
    """Raised by a handler to answer with the network's own error at once."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__(str(answer.status))


class Malformed(ValueError):
    """The body is not what its content type says."""


@dataclass(slots=True)
class Event:
    """One webhook to send to whoever subscribed to `account`; `url` overrides the app's own."""

    network: str
    account: str
    body: Json | bytes
    url: str = ""
    field: str = ""  # the subscription field it belongs to; empty: always sent
    content_type: str = "application/json"


@dataclass(slots=True)
class Reader:
    """A post as a reader finds it: the text, where it folds (None: not at all), what went wrong."""

    text: str
    fold: int | None = None
    note: str = ""
    links: list[str] = field(default_factory=list)


@dataclass(slots=True)
class File:
    name: str
    data: bytes
    kind: str


@dataclass(slots=True)
class Call:
    """One request to a pretend network, with the helpers every wire needs."""

    house: House
    network: str
    method: str
    host: str
    path: str  # as sent, still percent-encoded
    base: str  # http://127.0.0.1:PORT, as the caller reached the sandbox
    query: Json
    headers: Mapping[str, str]
    body: bytes
    does: str = ""
    args: dict[str, str] = field(default_factory=dict)
    account: str = ""
    stored: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)

    @property
    def about(self) -> str:
        """The mark that a scripted run put into what is sent."""
        return mark_in(self.body)

    @property
    def world(self) -> World:
        return self.house.world

    def bearer(self) -> str:
        """The access token of an Authorization header ("Bearer" or "OAuth"), or ""."""
        scheme, _, value = self.headers.get("Authorization", "").partition(" ")
        return value.strip() if scheme.lower() in ("bearer", "oauth") else ""

    def basic(self) -> tuple[str, str]:
        """User and password of HTTP Basic, or two empty strings."""
        scheme, _, value = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return "", ""
        try:
            user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return unquote(user), unquote(password)

    def json(self) -> Json:
        """The body as a JSON object; Malformed when it is anything else."""
        try:
            found = json.loads(self.body or b"null")
        except (ValueError, UnicodeDecodeError) as error:
            raise Malformed(str(error)) from error
        if not isinstance(found, dict):
            raise Malformed("not an object")
        return found

    def form(self) -> dict[str, str]:
        """Fields of a urlencoded or multipart body (files left out); the last of equal names wins."""
        kind = self.headers.get("Content-Type", "")
        if kind.startswith("multipart/"):
            return {name: part.data.decode() for name, part in self.parts().items() if not part.name}
        try:
            return dict(parse_qsl(self.body.decode(), keep_blank_values=True))
        except UnicodeDecodeError as error:
            raise Malformed("not a form") from error

    def parts(self) -> dict[str, File]:
        """Every part of a multipart body by field name."""
        found = re.search(r'boundary="?([^";]+)"?', self.headers.get("Content-Type", ""))
        if not found:
            raise Malformed("no boundary")
        parts: dict[str, File] = {}
        for chunk in self.body.split(b"--" + found[1].encode())[1:-1]:
            head, _, data = chunk.removeprefix(b"\r\n").partition(b"\r\n\r\n")
            about = head.decode("utf-8", "replace")
            name = re.search(r'[;\s]name="([^"]*)"', about)
            if name:
                filename = re.search(r'filename="([^"]*)"', about)
                kind = re.search(r"content-type:\s*(\S+)", about, re.IGNORECASE)
                parts[name[1]] = File(
                    filename[1] if filename else "", data.removesuffix(b"\r\n"), kind[1] if kind else ""
                )
        return parts

    def keep(self, thing: Post | Message) -> None:
        """Note in the ledger what this call stored."""
        self.stored.append(thing.id)

    def tell(self, events: Iterable[Event]) -> None:
        """Webhooks to send once the answer is on its way."""
        self.events.extend(events)

    def strikes(self, name: str) -> Fault | None:
        """Ask for an INSIDE fault by name; the ledger notes a hit."""
        fault = self.house.faults.strike(self.network, self.account, self.does, Stage.INSIDE, name, about=self.about)
        if fault:
            self.struck.append(fault.name)
        return fault

    def visible(self, posts: list[Post]) -> tuple[list[Post], bool]:
        """A listing (deleted posts already out) after the listing faults, and whether it is whole."""
        now = self.world.now()
        if self.strikes("listing_empty"):
            return [], True
        if fault := self.strikes("listing_stale"):
            posts = [post for post in posts if post.created < fault.created]
        if fault := self.strikes("listing_lag"):
            posts = [post for post in posts if post.created < now - float(fault.params["seconds"])]
        if self.strikes("listing_partial"):
            return posts[::2], False
        return posts, True

    def here(self, host: str, path: str) -> str:
        """An address of a pretend host that works without rerouting."""
        return f"{self.base}/{host}{path}"


Handler = Callable[[Call], Answer | Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """One documented call. `path` has {names}; `does` says what faults may strike it:

    publish, reply, message, delete, hide, list, read, measure, identity, upload, token, consent, hook.
    Where one address does several things, a function tells by the call which it is; it must not raise.
    """

    method: str
    path: str
    handler: Handler
    does: str | Callable[[Call], str] = "read"
    hosts: tuple[str, ...] = ()  # empty: every host of the wire


class Wire(Protocol):
    """A pretend network: one module `sandbox/wires/<slug>` with a `WIRE` that satisfies this."""

    slug: str
    title: str
    hosts: tuple[str, ...]  # `*.name`: every host below it
    scopes: tuple[str, ...]  # what a ready-made token carries
    lifetime: float  # seconds of an access token; 0: for ever
    rotates: bool  # a refresh token works once
    has_messages: bool  # direct messages exist

    def routes(self) -> Iterable[Route]: ...

    def new_id(self, world: World, kind: str, handle: str = "") -> str:
        """An id in the network's own looks; kind: person, brand, post, comment, message, media.

        `handle` where a network makes the id of the name.
        """

    def whose(self, call: Call) -> str:
        """The account id a call's credentials stand for ("" unknown); never raises."""

    def problem(self, name: str, call: Call, fault: Fault | None) -> Answer:
        """The network's own error for a fault name, "not_found" or "method"."""

    def without_id(self, answer: Answer) -> Answer:
        """A success with its id left out (fault no_id)."""

    def reader(self, world: World, post: Post) -> Reader: ...

    def address(self, world: World, post: Post) -> str:
        """The public https address of a post."""

    def sign(self, app: App, raw: bytes) -> dict[str, str]:
        """Webhook signature headers over the raw bytes."""

    def events(self, world: World, thing: Post | Message, verb: str) -> list[Event]:
        """Webhooks that follow when a thing is created, edited or deleted (verb)."""

    def say(self, house: House, author: Account, text: str, parent: str, wall: str) -> Post:
        """A person says something: an answer to `parent`, or to a brand's `wall` (mention, visit)."""

    def write(self, house: House, author: Account, to: str, text: str) -> Message | None:
        """A person sends a brand a direct message; None where the network has none."""


def compiled(route: Route) -> re.Pattern[str]:
    """The route's path as an expression over the percent-encoded path."""
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(route.path))
    return re.compile(pattern + r"/?")
