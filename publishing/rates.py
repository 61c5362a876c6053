"""Politeness: how fast an account and the whole app may send, so that a network never has to tell us to slow down.

A budget is a token bucket in Redis, taken from in one step; what a network says about its own budget overrules ours.
With Redis away the caller spaces the sends of each account by those on record in the database (`spaced`).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import redis
from django.conf import settings

from networks.protocol import NetworkError, Pauses, TryLater

logger = logging.getLogger(__name__)
RETRY_REDIS = 5.0  # seconds without asking after Redis did not answer


@dataclass(frozen=True, slots=True)
class Budget:
    """`burst` sends at once, `rate` sends a second after that."""

    burst: float
    rate: float


ACCOUNT = Budget(*settings.PUBLISH_ACCOUNT_BUDGET)
APP = Budget(*settings.PUBLISH_APP_BUDGET)

# For each send that is asked for: refill its buckets by the clock, then take one from both or none. Who is turned away
# is given a place in line, so that a thousand waiting ones come back one after another and not all at once.
# Two buckets a send (KEYS), their bursts and rates (ARGV); answers milliseconds to wait, one number a send.
TAKE = """
local at = redis.call('TIME')
local now = at[1] + at[2] / 1000000
local kept, waits = {}, {}
local function bucket(i)
    local key, burst, rate = KEYS[i], tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
    if not kept[key] then
        local had = redis.call('HMGET', key, 'tokens', 'at', 'closed', 'line')
        local since = now - (tonumber(had[2]) or now)
        kept[key] = {
            tokens = math.min(burst, (tonumber(had[1]) or burst) + since * rate),
            closed = tonumber(had[3]) or 0,
            line = math.max(0, (tonumber(had[4]) or 0) - since * rate),
            rate = rate,
        }
    end
    return kept[key]
end
local function wait_for(b)
    if b.closed > now then return b.closed - now + b.line / b.rate end
    if b.tokens < 1 then return (1 - b.tokens + b.line) / b.rate end
    return 0
end
for i = 1, #KEYS, 2 do
    local own, app = bucket(i), bucket(i + 1)
    local w1, w2 = wait_for(own), wait_for(app)
    if w1 == 0 and w2 == 0 then
        own.tokens, app.tokens = own.tokens - 1, app.tokens - 1
    else
        if w1 > 0 then own.line = own.line + 1 end
        if w2 > 0 then app.line = app.line + 1 end
    end
    waits[#waits + 1] = math.ceil(math.max(w1, w2) * 1000)
end
for key, b in pairs(kept) do
    redis.call('HSET', key, 'tokens', b.tokens, 'at', now, 'line', b.line)
    redis.call('EXPIRE', key, 90000)
end
return waits
"""

CLOSE = """
local at = redis.call('TIME')
redis.call('HSET', KEYS[1], 'closed', at[1] + at[2] / 1000000 + tonumber(ARGV[1]))
redis.call('EXPIRE', KEYS[1], 90000)
"""

_away_until = 0.0


class Away(Exception):
    """Redis does not answer; how fast we may send is not known."""


@lru_cache(maxsize=1)
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def take(asked: Sequence[tuple[int, str]]) -> list[float]:
    """For each (account id, network): one send is taken from the account's and the app's budget.

    0, or the seconds to wait before asking again. One step over all of them; raises Away when Redis does not answer,
    and after that it is not asked again for a few seconds.
    """
    keys = [key for account_id, network in asked for key in (_account(account_id), _app(network))]
    budgets = [ACCOUNT.burst, ACCOUNT.rate, APP.burst, APP.rate] * len(asked)
    return [wait / 1000 for wait in cast("list[int]", _ask(TAKE, keys, budgets))] if asked else []


def spaced(accounts: Sequence[int], sent: Mapping[int, Sequence[float]]) -> list[float]:
    """The waits of sends by `accounts`, in this order, when only the database knows what was `sent` lately.

    `sent`: how many seconds ago each account's last sends began. As `take` with a bucket that is filled again by the
    account's rate; what goes out by other accounts is not counted.
    """
    left = {account: _left(ago) for account, ago in sent.items()}
    waits = []
    for account in accounts:
        left[account] -= 1
        waits.append(max(0.0, -left[account] / ACCOUNT.rate))
    return waits


def _left(ago: Sequence[float]) -> float:
    """What is left in a bucket that was full before the oldest of these sends."""
    left, before = ACCOUNT.burst, max(ago, default=0.0)
    for moment in sorted(ago, reverse=True):
        left = min(ACCOUNT.burst, left + (before - moment) * ACCOUNT.rate) - 1
        before = moment
    return min(ACCOUNT.burst, left + before * ACCOUNT.rate)


def close(seconds: float, *, account_id: int | None = None, network: str = "") -> None:
    """Let nothing more leave by this account, or by any account of `network`, for `seconds`. Never raises."""
    key = _app(network) if account_id is None else _account(account_id)
    try:
        _ask(CLOSE, [key], [seconds])
    except Away:
        logger.warning("%s could not be told to wait", key)


def learn(account_id: int, network: str, said: Mapping[str, str]) -> None:
    """Heed what a network told with its answer. Never raises.

    rate_remaining and rate_reset (epoch seconds) are the account's, app_remaining and app_reset our registration's.
    """
    for name, whose in (("rate", {"account_id": account_id}), ("app", {"network": network})):
        remaining, reset = said.get(f"{name}_remaining", ""), said.get(f"{name}_reset", "")
        if remaining.isdecimal() and int(remaining) == 0 and reset.isdecimal():
            close(max(1.0, int(reset) - time.time()), **whose)


def heed(account_id: int, network: str, error: NetworkError) -> None:
    """Heed a network that asked to be left alone: what else is due need not be told the same. Never raises."""
    if not isinstance(error, TryLater) or error.pauses is None:
        return
    seconds = error.after.total_seconds() if error.after is not None else settings.PUBLISHING["backoff"]
    if error.pauses is Pauses.APP:
        close(seconds, network=network)
    else:
        close(seconds, account_id=account_id)


def forget() -> None:
    """Every budget is full again: for a measurement or a test that begins anew. Raises redis.RedisError."""
    link = _redis()
    names = list(link.scan_iter("rate:*"))
    if names:
        link.delete(*names)


def _ask(script: str, keys: list[str], values: list[float]) -> object:
    global _away_until
    if time.monotonic() < _away_until:
        raise Away
    try:
        return _redis().eval(script, len(keys), *keys, *(str(value) for value in values))
    except redis.RedisError as error:
        _away_until = time.monotonic() + RETRY_REDIS
        logger.warning("sends are spaced by the database: Redis does not answer (%s)", type(error).__name__)
        raise Away from error


def _app(network: str) -> str:
    return f"rate:app:{network}"


def _account(account_id: int) -> str:
    return f"rate:account:{account_id}"
