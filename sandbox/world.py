"""The truth of the pretend networks: who exists, what was said, and what each reader would find."""

from __future__ import annotations

import secrets
import time
from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar, cast

from sandbox.journal import Journal
from sandbox.nouns import (
    KINDS,
    NAMES,
    Account,
    Json,
    Message,
    Post,
    Thing,
    Token,
)

Any_ = TypeVar("Any_", bound=Thing)
Key = tuple[str, str]
FIELDS = {kind: tuple(kind.__dataclass_fields__) for kind in NAMES}


class World:
    """Shelves of things by (network, id), with the few indexes the networks' questions need."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.offset = 0.0
        self.settings: Json = {}
        self._empty()

    def _empty(self) -> None:
        self._shelves: dict[type[Thing], dict[Key, Thing]] = {kind: {} for kind in NAMES}
        self.counter = 0
        self._by_author: dict[Key, list[str]] = defaultdict(list)
        self._by_parent: dict[Key, list[str]] = defaultdict(list)
        self._by_root: dict[Key, list[str]] = defaultdict(list)
        self._by_wall: dict[Key, list[str]] = defaultdict(list)
        self._by_refresh: dict[Key, Token] = {}
        self._by_handle: dict[Key, Account] = {}
        self._talks: dict[Key, list[str]] = defaultdict(list)
        self._tokens_of: dict[Key, list[str]] = defaultdict(list)

    # -- time and names ------------------------------------------------------------------

    def now(self) -> float:
        """Seconds since 1970 on the sandbox's clock, which the control API may move ahead."""
        return time.time() + self.offset

    @property
    def repeats_allowed(self) -> bool:
        """Whether the same words may be posted twice: then a caller that does so is caught, and not saved."""
        return bool(self.settings.get("repeats_allowed"))

    def number(self) -> int:
        """A number never given before (microseconds), growing with time like the networks' own ids."""
        self.counter = max(self.counter + 1, int((time.time() - 1_700_000_000) * 1_000_000))
        return self.counter

    def secret(self, prefix: str = "") -> str:
        return prefix + secrets.token_urlsafe(24)

    # -- writing -------------------------------------------------------------------------

    def put(self, thing: Any_) -> Any_:
        """Store a thing, new or changed, and write it down. Returns it."""
        if not thing.created:
            thing.created = self.now()
        self._shelve(thing)
        kind = cast("type[Thing]", type(thing))
        record = {name: getattr(thing, name) for name in FIELDS[kind]}
        self.journal.append({"k": NAMES[kind], "v": record})
        return thing

    def drop(self, thing: Thing) -> None:
        """Remove a thing for good (subscriptions and faults; posts are only marked deleted)."""
        self._shelves[type(thing)].pop((thing.network, thing.id), None)
        self.journal.append({"k": "drop", "of": NAMES[type(thing)], "key": [thing.network, thing.id]})

    def set(self, name: str, value: object) -> None:
        self.settings[name] = value
        self.journal.append({"k": "set", "name": name, "value": value})

    def _shelve(self, thing: Thing) -> None:
        shelf = self._shelves[type(thing)]
        key = (thing.network, thing.id)
        is_new = key not in shelf
        shelf[key] = thing
        if isinstance(thing, Account):
            self._by_handle[thing.network, thing.handle.lower()] = thing
        elif isinstance(thing, Token):
            if thing.refresh:
                self._by_refresh[thing.network, thing.refresh] = thing
            if is_new:
                self._tokens_of[thing.network, thing.account].append(thing.id)
        elif is_new and isinstance(thing, Post):
            self._by_author[thing.network, thing.account].append(thing.id)
            for index, name in (
                (self._by_parent, thing.parent),
                (self._by_root, thing.root),
                (self._by_wall, thing.wall),
            ):
                if name:
                    index[thing.network, name].append(thing.id)
        elif is_new and isinstance(thing, Message):
            self._talks[thing.network, thing.conversation].append(thing.id)

    def replayed(self, record: Json) -> bool:
        """Take one journal record back in; False when it is not about the world."""
        kind = record["k"]
        if kind in KINDS:
            self._shelve(KINDS[kind](**record["v"]))
            return True
        if kind == "drop":
            self._shelves[KINDS[record["of"]]].pop(cast("Key", tuple(record["key"])), None)
            return True
        if kind == "set":
            self.settings[record["name"]] = record["value"]
            return True
        return False

    def clear(self) -> None:
        self.journal.clear()
        self.settings.clear()
        self.offset = 0.0
        self._empty()

    # -- reading -------------------------------------------------------------------------

    def _shelf(self, kind: type[Any_]) -> dict[Key, Thing]:
        return self._shelves[cast("type[Thing]", kind)]

    def get(self, kind: type[Any_], network: str, id: str) -> Any_ | None:
        return cast("Any_ | None", self._shelf(kind).get((network, id)))

    def all(self, kind: type[Any_], network: str = "") -> list[Any_]:
        """Every thing of a kind in the order it came; scans the shelf when a network is given."""
        things = cast("Iterable[Any_]", self._shelf(kind).values())
        return [thing for thing in things if not network or thing.network == network]

    def brands(self, network: str, admin: str = "") -> list[Account]:
        return [
            account
            for account in self.all(Account, network)
            if account.kind == "brand" and (not admin or admin in account.admins)
        ]

    def people(self, network: str) -> list[Account]:
        return [account for account in self.all(Account, network) if account.kind == "person"]

    def by_handle(self, network: str, handle: str) -> Account | None:
        return self._by_handle.get((network, handle.lower().lstrip("@")))

    def by_refresh(self, network: str, refresh: str) -> Token | None:
        return self._by_refresh.get((network, refresh))

    def tokens_of(self, network: str, account: str) -> list[Token]:
        found = (self.get(Token, network, id) for id in self._tokens_of[network, account])
        return [token for token in found if token]

    def _posts(self, network: str, ids: list[str]) -> list[Post]:
        shelf = cast("dict[Key, Post]", self._shelves[Post])
        return [shelf[network, id] for id in ids]

    def posts_by(self, network: str, account: str, last: int = 0) -> list[Post]:
        """What an account said (its `last` posts, 0: all), oldest first, deleted ones included."""
        return self._posts(network, self._by_author[network, account][-last:])

    def replies_to(self, network: str, parent: str) -> list[Post]:
        return self._posts(network, self._by_parent[network, parent])

    def in_conversation(self, network: str, root: str) -> list[Post]:
        return self._posts(network, self._by_root[network, root])

    def on_wall(self, network: str, account: str) -> list[Post]:
        """All that others said to or on this brand account, oldest first."""
        return self._posts(network, self._by_wall[network, account])

    def talk(self, network: str, conversation: str) -> list[Message]:
        shelf = cast("dict[Key, Message]", self._shelves[Message])
        return [shelf[network, id] for id in self._talks[network, conversation]]

    def talks_with(self, network: str, account: str) -> list[str]:
        """Conversation ids this account takes part in (scans the messages)."""
        seen: dict[str, None] = {}
        for message in self.all(Message, network):
            if account in (message.sender, message.recipient):
                seen[message.conversation] = None
        return list(seen)
