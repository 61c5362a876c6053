"""Tells open pages that something changed: a number per workspace and topic in Redis, asked for once a second.

Only a wake-up: the page fetches what changed from PostgreSQL. With Redis away, pages fall back to a slow refresh.
"""

from __future__ import annotations

import logging
import time
from functools import lru_cache

import redis
from django.conf import settings
from django.core import signing
from django.db import transaction

logger = logging.getLogger(__name__)
SALT = "live"
EVERYTHING = "*"
RETRY_REDIS = 5.0  # seconds without asking after Redis did not answer
TOKEN_SECONDS = 12 * 3600

TOUCH = """
local n = redis.call('HINCRBY', KEYS[1], '_', 1)
redis.call('HSET', KEYS[1], ARGV[1], n)
redis.call('EXPIRE', KEYS[1], 604800)
return n
"""


_away_until = 0.0


@lru_cache(maxsize=1)
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def touch(workspace_id: int, topic: str) -> None:
    """Once this transaction commits, open pages of the workspace hear that `topic` changed. Never raises."""
    transaction.on_commit(lambda: _touch_now(workspace_id, topic))


def _touch_now(workspace_id: int, topic: str) -> None:
    global _away_until
    if time.monotonic() < _away_until:
        return  # whoever commits must not wait each time for a Redis that does not answer
    try:
        _redis().eval(TOUCH, 1, _key(workspace_id), topic)
    except redis.RedisError as error:
        _away_until = time.monotonic() + RETRY_REDIS
        logger.warning("live pages are told nothing for a while: %s", error)


def token(workspace_id: int) -> str:
    """What a page shows to be told: signed, for one workspace, good for twelve hours."""
    return signing.dumps(workspace_id, salt=SALT)


def changes(token: str, since: int) -> tuple[int, list[str]]:
    """(newest number, topics changed after `since`); ["*"] when `since` is from before Redis forgot.

    Raises signing.BadSignature, redis.RedisError. Asks no database.
    """
    workspace_id = signing.loads(token, salt=SALT, max_age=TOKEN_SECONDS)
    seen = {k.decode(): int(v) for k, v in _redis().hgetall(_key(workspace_id)).items()}  # type: ignore[union-attr]  # not the async client
    newest = seen.pop("_", 0)
    if newest < since:
        return newest, [EVERYTHING]
    return newest, sorted(topic for topic, number in seen.items() if number > since)


def _key(workspace_id: int) -> str:
    return f"live:{workspace_id}"
