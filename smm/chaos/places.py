"""Everything the chaos run does, by name: where processes die, what breaks around them, how the networks misbehave."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# Crash points: each name stands in the code as crash_point("<name>", ...), or in taps.py where it is inside a library.
CRASH_POINTS = {
    "poller.after_take": "in the poller: taken as due, the wake-up not sent",
    "claim.before_commit": "before the claim commits",
    "claim.after_commit": "after the claim, before connecting",
    "wire.before_final_call": "between media upload and publish",
    "wire.connected": "connected, before the request's bytes",
    "wire.sent": "after the request's bytes",
    "wire.headers": "after the answer's headers",
    "settle.before_write": "after the whole answer, before the write",
    "settle.before_commit": "after UPDATE, before COMMIT",
    "settle.after_commit": "after COMMIT, before the wake-up is done",
    "thread.between_parts": "between the parts of a thread",
    "reap.before_commit": "in the reaper",
    "look.before_listing": "in the reconciler, before the list",
    "look.after_listing": "in the reconciler, after the list",
    "token.before_refresh": "before a token is renewed",
    "token.before_write": "a token renewed, not written yet",
}
STANDS_FOR = {"thread.between_parts": "settle.after_commit"}
"""Lines of the table that are another point at a chosen publication (the first part of a thread)."""

KILLED_FROM_OUTSIDE = {
    "kill.parent": "kill -9 of a Celery parent (its children with it)",
    "kill.child": "kill -9 of a Celery child",
    "kill.poller": "kill -9 of a poller",
    "kill.beat": "kill -9 of a beat",
    "kill.web": "kill -9 of the web's parent",
    "kill.worker": "kill -9 of a worker at any moment",
}
AROUND = {
    "redis.flush": "Redis: FLUSHALL",
    "redis.kill": "Redis: kill -9, and back",
    "redis.freeze": "Redis: frozen",
    "postgres.stop": "PostgreSQL: immediate stop, and recovery",
    "postgres.restart": "PostgreSQL: fast restart",
    "postgres.full": "PostgreSQL: connections exhausted",
    "worker.freeze": "a worker frozen past its lease, and thawed",
    "worker.term": "SIGTERM in the middle of sending",
    "message.ten": "the same message delivered ten times at once",
    "twins.poller": "two pollers (all the time)",
    "twins.beat": "two beats (all the time)",
}


@dataclass(frozen=True)
class Weather:
    """One misbehaviour: the lines of the sandbox's script for the publication, and for its account.

    `ends`: the states it may rightly end in; `lies`: its listing says something false once, so never two at a time.
    """

    says: str
    post: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    times: int = 1
    params: dict[str, Any] = field(default_factory=dict)  # Any: numbers
    on: tuple[str, ...] = ("publish", "reply")
    ends: tuple[str, ...] = ("published",)
    lies: bool = False
    needs: str = ""  # "listing": only where posts are read back; "media": only with a video or picture; "token"


WEATHER = {
    "slow": Weather("slow, longer than we wait", ("slow",), params={"seconds": 1.4}),
    "slow_within": Weather("slow, within our patience", ("slow",), params={"seconds": 0.5}),
    "late_reply": Weather("reply after the client's timeout", ("late_reply",), params={"seconds": 1.6}),
    "error_before": Weather("500 before commit", ("error_before",)),
    "error_after": Weather("500 after commit", ("error_after",)),
    "bad_gateway": Weather("502 HTML, nothing stored", ("bad_gateway",)),
    "bad_gateway_after": Weather("502 HTML, stored", ("bad_gateway_after",)),
    "gateway_timeout": Weather("504 HTML, nothing stored", ("gateway_timeout",)),
    "gateway_timeout_after": Weather("504 HTML, stored", ("gateway_timeout_after",)),
    "reset_before": Weather("reset before commit", ("reset_before",)),
    "reset_after": Weather("reset after commit", ("reset_after",)),
    "truncated": Weather("truncated JSON", ("truncated",)),
    "bad_json": Weather("invalid JSON", ("bad_json",)),
    "empty_body": Weather("empty body", ("empty_body",)),
    "no_id": Weather("200 without an id", ("no_id",)),
    "rate_limited": Weather("429 with Retry-After", ("rate_limited",), params={"retry_after": 1}),
    "rate_limited_silent": Weather("429 without Retry-After", ("rate_limited_silent",), times=2),
    "unauthorized": Weather("401 in mid-flight", ("unauthorized",)),
    "policy": Weather("403, against the policy", ("policy",), ends=("refused",)),
    "duplicate": Weather("duplicate content", ("duplicate",), ends=("published", "refused", "needs_attention")),
    "listing_empty": Weather("listing empty", ("reset_after",), ("listing_empty",), lies=True, needs="listing"),
    "listing_stale": Weather("listing stale", ("error_after",), ("listing_stale",), lies=True, needs="listing"),
    "listing_lag": Weather(
        "listing lagging", ("error_after",), ("listing_lag",), 2, {"seconds": 0.25}, lies=True, needs="listing"
    ),
    "listing_partial": Weather("listing partial", ("error_before",), ("listing_partial",), 2, needs="listing"),
    "listing_503": Weather("listing 503", ("reset_before",), ("listing_503",), 2, needs="listing"),
    "hook_early": Weather("webhook before the response", ("hook_early",), needs="hooks"),
    "media_fails": Weather(
        "taken, then failed in processing", ("media_fails",), on=(), ends=("refused",), needs="media"
    ),
    "refresh_lost": Weather("token renewed, its answer lost", (), ("refresh_lost",), on=(), needs="token"),
}
