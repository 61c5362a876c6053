"""Politeness: how fast an account and the whole app may send, so that a network never has to tell us to slow down.

A budget is a token bucket in Redis, taken from in one step; what a network says about its own budget overrules ours.
With Redis away the caller spaces sends by the database instead (one at a time per account).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import redis
from django.conf import settings

logger = logging.getLogger(__name__)
RETRY_REDIS = 5.0  # seconds without asking after Redis did not answer


@dataclass(frozen=True, slots=True)
class Budget:
    """`burst` sends at once, `rate` sends a second after that."""

    burst: float
    rate: float


ACCOUNT = Budget(burst=20, rate=1)
APP = Budget(burst=200, rate=100)

# For each bucket: refill by the clock, then take one from all or none. Who is turned away is given a place in line,
# so that a thousand waiting ones come back one after another and not all at once. Answers milliseconds to wait.
TAKE = """
local at = redis.call('TIME')
local now = at[1] + at[2] / 1000000
local wait = 0
local state = {}
for i, key in ipairs(KEYS) do
    local burst, rate = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
    local kept = redis.call('HMGET', key, 'tokens', 'at', 'closed', 'line')
    local tokens = math.min(burst, (tonumber(kept[1]) or burst) + (now - (tonumber(kept[2]) or now)) * rate)
    local line = math.max(0, (tonumber(kept[4]) or 0) - (now - (tonumber(kept[2]) or now)) * rate)
    local closed = tonumber(kept[3]) or 0
    local own = 0
    if closed > now then own = closed - now + line / rate
    elseif tokens < 1 then own = (1 - tokens + line) / rate end
    if own > wait then wait = own end
    state[i] = {key, tokens, line, own > 0}
end
for i, s in ipairs(state) do
    if wait == 0 then s[2] = s[2] - 1 elseif s[4] then s[3] = s[3] + 1 end
    redis.call('HSET', s[1], 'tokens', s[2], 'at', now, 'line', s[3])
    redis.call('EXPIRE', s[1], 90000)
end
return math.ceil(wait * 1000)
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


def take(account_id: int, network: str) -> float:
    """Take one send from the account's and the app's budget: 0, or the seconds to wait before asking again.

    Raises Away when Redis does not answer; after that it is not asked again for a few seconds.
    """
    keys = [_account(account_id), f"rate:app:{network}"]
    budgets = [ACCOUNT.burst, ACCOUNT.rate, APP.burst, APP.rate]
    return float(_ask(TAKE, keys, budgets)) / 1000


def close(account_id: int, seconds: float) -> None:
    """Let nothing more leave by this account for `seconds`: its network said so. Never raises."""
    try:
        _ask(CLOSE, [_account(account_id)], [seconds])
    except Away:
        logger.warning("account %s could not be told to wait", account_id)


def learn(account_id: int, said: Mapping[str, str]) -> None:
    """Heed what a network told with its answer: rate_remaining, and rate_reset in epoch seconds. Never raises."""
    remaining, reset = said.get("rate_remaining", ""), said.get("rate_reset", "")
    if remaining.isdecimal() and int(remaining) == 0 and reset.isdecimal():
        close(account_id, max(1.0, int(reset) - time.time()))


def forget() -> None:
    """Every budget is full again: for a measurement or a test that begins anew. Raises redis.RedisError."""
    link = _redis()
    names = list(link.scan_iter("rate:*"))
    if names:
        link.delete(*names)


def _ask(script: str, keys: list[str], values: list[float]) -> int:
    global _away_until
    if time.monotonic() < _away_until:
        raise Away
    try:
        return cast("int", _redis().eval(script, len(keys), *keys, *(str(value) for value in values)) or 0)
    except redis.RedisError as error:
        _away_until = time.monotonic() + RETRY_REDIS
        logger.warning("sends are spaced by the database: Redis does not answer (%s)", type(error).__name__)
        raise Away from error


def _account(account_id: int) -> str:
    return f"rate:account:{account_id}"
