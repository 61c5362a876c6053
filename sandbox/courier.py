"""Carries webhooks to the app: signed, retried, and as badly as the switches ask."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import aiohttp

from sandbox.faults import Faults, Stage
from sandbox.ledger import Ledger, shown
from sandbox.nouns import App, Subscription
from sandbox.wire import Event, Wire
from sandbox.world import World

PAUSES = (0.0, 1.0, 3.0, 10.0, 30.0, 60.0, 120.0, 300.0)
TIMEOUT = aiohttp.ClientTimeout(total=10)


class Courier:
    """One queue per target; a delivery that fails is tried again with growing pauses."""

    def __init__(self, world: World, ledger: Ledger, faults: Faults) -> None:
        self.world = world
        self.ledger = ledger
        self.faults = faults
        self.pauses = PAUSES
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self._shuffled = False

    def session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        return self._session

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    @property
    def busy(self) -> int:
        """Deliveries under way."""
        return len(self._tasks)

    async def fetch(self, url: str, params: dict[str, str]) -> tuple[int, str]:
        """A handshake GET to the app; (0, reason) when it cannot be reached."""
        try:
            async with self.session().get(url, params=params, allow_redirects=False) as reply:
                return reply.status, await reply.text()
        except (TimeoutError, aiohttp.ClientError) as error:
            return 0, str(error)

    def targets(self, event: Event) -> list[tuple[App, str]]:
        """Apps that subscribed to the event's account (and its field), each with its address."""
        found: dict[str, tuple[App, str]] = {}
        for sub in self.world.all(Subscription, event.network):
            wanted = not event.field or not sub.fields or event.field in sub.fields
            if sub.live and sub.account == event.account and wanted:
                app = self.world.get(App, event.network, sub.app)
                if app is not None:
                    address = event.url or sub.url or app.webhook
                    found[address] = (app, address)
        return [pair for address, pair in found.items() if address]

    def send(self, wire: Wire, events: list[Event], does: str = "publish") -> list[asyncio.Task[None]]:
        """Start delivering; returns the running tasks. Needs a running loop."""
        tasks: list[asyncio.Task[None]] = []
        for event in events:
            for app, url in self.targets(event):
                for pause, forged in self._manners(event, does):
                    task = asyncio.create_task(self._carry(wire, event, app, url, pause, forged))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)
                    tasks.append(task)
        return tasks

    def _manners(self, event: Event, does: str) -> list[tuple[float, bool]]:
        """How often this event goes out: (pause before, forged signature) for each time."""

        def hit(name: str) -> bool:
            return self.faults.strike(event.network, event.account, does, Stage.HOOK, name) is not None

        if hit("hook_lost"):
            return []
        pause = 0.0
        shuffle = self.faults.strike(event.network, event.account, does, Stage.HOOK, "hook_shuffled")
        if shuffle:
            # Every second event waits, so that neighbours change places whether they came together or apart.
            self._shuffled = not self._shuffled
            pause = float(shuffle.params["seconds"]) if self._shuffled else 0.0
        ways = [(pause, hit("hook_forged"))]
        if hit("hook_twice"):
            ways.append((pause + 0.05, False))
        return ways

    async def _carry(self, wire: Wire, event: Event, app: App, url: str, pause: float, forged: bool) -> None:
        await asyncio.sleep(pause)
        # Networks escape beyond ASCII; a receiver that signs its own re-encoding must fail here too.
        raw = event.body if isinstance(event.body, bytes) else json.dumps(event.body).encode()
        signer = replace(app, secret=app.secret[::-1]) if forged else app
        headers = {
            "Content-Type": event.content_type,
            "User-Agent": f"{wire.title} sandbox",
            **wire.sign(signer, raw),
        }
        for attempt, wait in enumerate(self.pauses, 1):
            await asyncio.sleep(wait)
            status, reply = await self._post(url, raw, headers)
            self._note(event, url, raw, headers, attempt, status, reply, forged)
            if 200 <= status < 300 or forged:
                return

    async def _post(self, url: str, raw: bytes, headers: dict[str, str]) -> tuple[int, str]:
        try:
            async with self.session().post(url, data=raw, headers=headers, allow_redirects=False) as reply:
                return reply.status, (await reply.text())[:500]
        except (TimeoutError, aiohttp.ClientError) as error:
            return 0, f"{type(error).__name__}: {error}"

    def _note(
        self,
        event: Event,
        url: str,
        raw: bytes,
        headers: dict[str, str],
        attempt: int,
        status: int,
        reply: str,
        forged: bool,
    ) -> None:
        self.ledger.note(
            {
                "kind": "hook",
                "at": self.world.now(),
                "network": event.network,
                "account": event.account,
                "does": "hook",
                "method": "POST",
                "host": "",
                "path": url,
                "headers": headers,
                "body": shown(raw, "json", 16_384),
                "status": status,
                "answer": reply,
                "fault": ["hook_forged"] if forged else [],
                "attempt": attempt,
                "stored": [],
            }
        )
