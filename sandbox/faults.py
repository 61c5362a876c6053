"""Misbehaviour on demand: what a network can do wrong, and when it does so."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum

from sandbox.nouns import Fault, Json
from sandbox.script import Script
from sandbox.world import World

WRITES = ("publish", "reply", "message")
ALWAYS = ("publish", "reply", "message", "delete", "hide", "list", "read", "measure", "identity", "upload")


class Stage(StrEnum):
    """Where a fault strikes on a call's way."""

    BEFORE = "before"  # the handler never runs: nothing is stored
    AFTER = "after"  # stored first, then the answer goes wrong
    INSIDE = "inside"  # the wire or a listing asks for it
    HOOK = "hook"  # the webhook goes wrong


@dataclass(frozen=True, slots=True)
class Kind:
    """One fault: its stage, the calls it strikes when nothing else is said, its numbers."""

    name: str
    says: str
    stage: Stage
    on: tuple[str, ...] = WRITES
    params: tuple[tuple[str, float], ...] = ()


_KINDS = (
    Kind("slow", "answers slowly", Stage.BEFORE, ALWAYS, (("seconds", 5),)),
    Kind("late_reply", "stores, then answers after the caller gave up", Stage.AFTER, WRITES, (("seconds", 60),)),
    Kind("error_before", "500, nothing stored", Stage.BEFORE),
    Kind("error_after", "500 although it was stored", Stage.AFTER),
    Kind("bad_gateway", "502 with an HTML page, nothing stored", Stage.BEFORE),
    Kind("bad_gateway_after", "502 with an HTML page although it was stored", Stage.AFTER),
    Kind("gateway_timeout", "504 with an HTML page, nothing stored", Stage.BEFORE),
    Kind("gateway_timeout_after", "504 with an HTML page although it was stored", Stage.AFTER),
    Kind("reset_before", "connection cut, nothing stored", Stage.BEFORE),
    Kind("reset_after", "stored, connection cut before the answer", Stage.AFTER),
    Kind("truncated", "stored, the answer breaks off in the middle", Stage.AFTER),
    Kind("bad_json", "stored, the answer is not valid JSON", Stage.AFTER),
    Kind("empty_body", "stored, the answer is empty", Stage.AFTER),
    Kind("no_id", "stored, success without an id", Stage.AFTER),
    Kind("rate_limited", "429 that says when to come back", Stage.BEFORE, ALWAYS, (("retry_after", 30),)),
    Kind("rate_limited_silent", "429 without saying when", Stage.BEFORE, ALWAYS),
    Kind("unauthorized", "401 in the middle of things", Stage.BEFORE, ALWAYS),
    Kind("token_expired", "the access token has expired", Stage.BEFORE, ALWAYS),
    Kind("token_revoked", "the person took the access back", Stage.BEFORE, (*ALWAYS, "token")),
    Kind("refresh_replayed", "the refresh token was already used", Stage.BEFORE, ("token",)),
    Kind("refresh_lost", "token renewed, connection cut before the answer", Stage.AFTER, ("token",)),
    Kind("scope_missing", "the permission was not granted", Stage.BEFORE, ALWAYS),
    Kind("policy", "403, against the network's policy", Stage.BEFORE),
    Kind("duplicate", "refused as duplicate content", Stage.BEFORE),
    Kind("quota", "the quota is used up", Stage.BEFORE, ALWAYS),
    Kind("sunset", "this version of the interface is gone", Stage.BEFORE, ALWAYS),
    Kind("media_stuck", "uploads stay in processing", Stage.INSIDE, ("upload",)),
    Kind("media_fails", "uploads fail in processing", Stage.INSIDE, ("upload",)),
    Kind("listing_empty", "listings come back empty", Stage.INSIDE, ("list",)),
    Kind("listing_partial", "listings leave some posts out", Stage.INSIDE, ("list",)),
    Kind("listing_stale", "listings show how it was when this was switched on", Stage.INSIDE, ("list",)),
    Kind("listing_lag", "listings lag behind", Stage.INSIDE, ("list",), (("seconds", 30),)),
    Kind("listing_503", "listings answer 503", Stage.BEFORE, ("list",)),
    Kind("hook_early", "webhook arrives before the answer", Stage.HOOK),
    Kind("hook_twice", "webhook arrives twice", Stage.HOOK),
    Kind("hook_shuffled", "webhooks arrive out of order", Stage.HOOK, WRITES, (("seconds", 2),)),
    Kind("hook_forged", "webhook with a bad signature", Stage.HOOK),
    Kind("hook_lost", "webhook never arrives", Stage.HOOK),
)
FAULTS: dict[str, Kind] = {kind.name: kind for kind in _KINDS}


class Faults:
    """Which faults are on, and whether one strikes now."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.script = Script()
        self._dice: dict[str, random.Random] = {}

    def switch_on(
        self,
        network: str,
        name: str,
        *,
        account: str = "*",
        on: list[str] | None = None,
        times: int = -1,
        rate: float = 1.0,
        seed: int = 0,
        params: Json | None = None,
    ) -> Fault:
        """Switch a fault on, for the next `times` matching calls (-1: until cleared) at a seeded `rate`.

        Raises KeyError for an unknown fault.
        """
        kind = FAULTS[name]
        for old in self.on(network, account):
            if old.name == name:
                self.world.drop(old)
        return self.world.put(
            Fault(
                network=network,
                id=str(self.world.number()),
                name=name,
                account=account or "*",
                on=list(on or ()),
                times=times,
                rate=rate,
                seed=seed,
                params={**dict(kind.params), **(params or {})},
            )
        )

    def clear(self, network: str, account: str = "", name: str = "") -> int:
        """Switch off what matches (empty: all); returns how many went."""
        gone = [
            fault
            for fault in self.world.all(Fault, network)
            if (not account or fault.account == account) and (not name or fault.name == name)
        ]
        for fault in gone:
            self.world.drop(fault)
            self._dice.pop(fault.id, None)
        return len(gone)

    def on(self, network: str, account: str = "") -> list[Fault]:
        return [f for f in self.world.all(Fault, network) if not account or f.account == account]

    def strike(
        self, network: str, account: str, does: str, stage: Stage, name: str = "", *, about: str = ""
    ) -> Fault | None:
        """The first fault that hits this call at this stage; a hit uses up one of its times. `about`: its mark."""
        for fault in self.script.of(about, account):
            kind = FAULTS[fault.name]
            if kind.stage is stage and name in ("", fault.name) and does in (fault.on or kind.on):
                return self.script.struck(fault)
        for fault in self.world.all(Fault, network):
            kind = FAULTS[fault.name]
            if kind.stage is not stage or (name and fault.name != name):
                continue
            if fault.account not in ("*", account) or does not in (fault.on or kind.on):
                continue
            if fault.times == 0 or not self._roll(fault):
                continue
            if fault.times > 0:
                fault.times -= 1
                self.world.put(fault)
            return fault
        return None

    def _roll(self, fault: Fault) -> bool:
        if fault.rate >= 1:
            return True
        dice = self._dice.setdefault(fault.id, random.Random(fault.seed))  # noqa: S311 - replayable, no secret
        return dice.random() < fault.rate
