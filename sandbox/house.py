"""The sandbox as a whole: the world, its ledger, the switches, the courier and its networks."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Sequence
from pathlib import Path

from sandbox import oauth, wires
from sandbox.courier import Courier
from sandbox.faults import Faults
from sandbox.journal import Journal
from sandbox.ledger import Ledger
from sandbox.nouns import Account, App, Message, Post, Token
from sandbox.wire import Call, Route, Wire, compiled
from sandbox.world import World


def every_wire(also: Sequence[str] = ()) -> list[Wire]:
    """The networks in `sandbox/wires`; drop a module in with a WIRE and it exists. `also`: modules with more WIRES."""
    names = sorted(info.name for info in pkgutil.iter_modules(wires.__path__))
    modules = [importlib.import_module(f"{wires.__name__}.{name}") for name in names]
    found = [module.WIRE for module in modules if hasattr(module, "WIRE")]
    return found + [wire for name in also for wire in importlib.import_module(name).WIRES]


class House:
    """Everything one running sandbox knows. `data` None keeps it in memory."""

    def __init__(self, data: Path | None, app_url: str, latency: float = 0.0, also: Sequence[str] = ()) -> None:
        self.app_url = app_url.rstrip("/")
        self.journal = Journal(data)
        self.world = World(self.journal)
        self.ledger = Ledger(self.journal)
        self.faults = Faults(self.world)
        self.courier = Courier(self.world, self.ledger, self.faults)
        self.start_latency = latency
        self.wires: dict[str, Wire] = {wire.slug: wire for wire in every_wire(also)}
        self._hosts: dict[str, Wire] = {host: wire for wire in self.wires.values() for host in wire.hosts}
        self._routes: dict[tuple[str, str], list[tuple[re.Pattern[str], Route]]] = {}
        for wire in self.wires.values():
            for route in wire.routes():
                for host in route.hosts or wire.hosts:
                    self._routes.setdefault((host, route.method), []).append((compiled(route), route))
        self._meters: dict[tuple[str, str, str], tuple[float, int]] = {}
        self.replay()

    def replay(self) -> None:
        for place, record in self.journal.replay():
            if not self.world.replayed(record):
                self.ledger.replayed(place, record)
        self.world.offset = float(self.world.settings.get("offset", 0.0))

    def reset(self) -> None:
        """Forget everything; the caller furnishes the world anew."""
        self.world.clear()
        self.ledger.clear()
        self._meters.clear()

    def latency(self, network: str = "") -> float:
        """Seconds every call to a network waits; one network may have its own."""
        known = self.world.settings
        return float(known.get(f"latency/{network}", known.get("latency", self.start_latency)) or 0)

    def wire_of(self, host: str) -> Wire | None:
        return self._hosts.get(self._named(host))

    def _named(self, host: str) -> str:
        """The host as its wire names it: sites of their own are one `*.name` together."""
        return host if host in self._hosts else f"*.{host.partition('.')[2]}"

    def route(self, host: str, method: str, path: str) -> tuple[Route, re.Match[str]] | None:
        for pattern, route in self._routes.get((self._named(host), method), ()):
            if match := pattern.fullmatch(path):
                return route, match
        return None

    def known_path(self, host: str, path: str) -> bool:
        """Some method exists for the path: the answer is 405, not 404."""
        return any(
            pattern.fullmatch(path)
            for (where, _), routes in self._routes.items()
            if where == self._named(host)
            for pattern, _ in routes
        )

    def post_at(self, wire: Wire, address: str) -> Post | None:
        """The post with this public https address (scans; asked only when somebody opens a link)."""
        posts = [post for post in self.world.all(Post, wire.slug) if not post.deleted]
        found = [post for post in posts if wire.address(self.world, post) == address]
        return min(found, key=lambda post: bool(post.parent), default=None)  # some give answers their post's address

    def meter(self, call: Call, bucket: str, limit: int, window: float) -> tuple[int, int, int]:
        """Count one call; returns (limit, remaining, reset epoch in real time). Remaining -1: too many.

        The control API scales every limit (`rate_scale`), so that benches measure the app and not the meter.
        """
        allowed = int(limit * float(self.world.settings.get("rate_scale", 1)))
        key = (call.network, call.account, bucket)
        now = self.world.now()
        reset, used = self._meters.get(key, (0.0, 0))
        if reset <= now:
            reset, used = now + window, 0
        if used < allowed:
            self._meters[key] = (reset, used + 1)
            return allowed, allowed - used - 1, int(reset - self.world.offset)
        return allowed, -1, int(reset - self.world.offset)

    def app(self, network: str) -> App:
        """Gardu's own app on a network."""
        found = self.world.get(App, network, f"sandbox-{network}-client")
        assert found is not None
        return found

    def ready_token(self, account: Account, seconds: float | None = None, scopes: list[str] | None = None) -> Token:
        """A token as the consent page would have given, without the clicks."""
        wire = self.wires[account.network]
        return oauth.mint(
            self.world,
            self.app(account.network),
            account=account.id,
            scopes=list(scopes if scopes is not None else wire.scopes),
            seconds=wire.lifetime if seconds is None else seconds,
            refreshable=True,
            prefix=getattr(wire, "signs_as", "at-"),
        )

    def say(self, author: Account, text: str, *, parent: str = "", wall: str = "") -> Post:
        """A person comments or mentions; the webhooks go out at once. Needs a running loop."""
        wire = self.wires[author.network]
        post = wire.say(self, author, text, parent, wall)
        self.courier.send(wire, wire.events(self.world, post, "create"), "reply")
        return post

    def write(self, author: Account, to: str, text: str) -> Message | None:
        """A person writes a brand; None where the network has no direct messages."""
        wire = self.wires[author.network]
        message = wire.write(self, author, to, text)
        if message is not None:
            self.courier.send(wire, wire.events(self.world, message, "create"), "message")
        return message

    def remove(self, post: Post) -> Post:
        """The author takes a post back."""
        wire = self.wires[post.network]
        post.deleted = self.world.now()
        self.world.put(post)
        self.courier.send(wire, wire.events(self.world, post, "delete"), "delete")
        return post

    def edit(self, post: Post, text: str) -> Post:
        """The author changes the words; the earlier ones are remembered, with an id for each (X shows those)."""
        wire = self.wires[post.network]
        versions = post.extra.get("versions") or [{"id": post.id, "text": post.text}]
        newest = {"id": wire.new_id(self.world, "post"), "text": text}
        post.extra = {**post.extra, "versions": [*versions, newest]}
        post.text = text
        post.visible = wire.reader(self.world, post).text
        post.edited = self.world.now()
        self.world.put(post)
        self.courier.send(wire, wire.events(self.world, post, "edit"), "reply")
        return post
