"""Tells open pages that something changed: a number per workspace and topic in Redis, asked for once a second.

Only a wake-up: the page fetches what changed from PostgreSQL. With Redis away, pages fall back to a slow refresh.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def _redis_soon() -> Iterator[redis.Redis]:
    """Redis, for one question. Raises redis.RedisError at once for a while after it did not answer.

    Whoever commits, and every page that asks each second, would otherwise wait again and again for one that is frozen.
    """
    global _away_until
    if time.monotonic() < _away_until:
        raise redis.ConnectionError("not asked again yet")
    try:
        yield _redis()
    except redis.RedisError as error:
        _away_until = time.monotonic() + RETRY_REDIS
        logger.warning("live pages are told nothing for a while: %s", error)
        raise


def touch(workspace_id: int, topic: str) -> None:
    """Once this transaction commits, open pages of the workspace hear that `topic` changed. Never raises."""
    transaction.on_commit(lambda: _touch_now(workspace_id, topic))


def _touch_now(workspace_id: int, topic: str) -> None:
    try:
        with _redis_soon() as link:
            link.eval(TOUCH, 1, _key(workspace_id), topic)
    except redis.RedisError:
        return  # it was logged when it was first found away


def token(workspace_id: int) -> str:
    """What a page shows to be told: signed, for one workspace, good for twelve hours."""
    return signing.dumps(workspace_id, salt=SALT)


def changes(token: str, since: int) -> tuple[int, list[str]]:
    """(newest number, topics changed after `since`); ["*"] when `since` is from before Redis forgot.

    Raises signing.BadSignature, redis.RedisError. Asks no database.
    """
    workspace_id = signing.loads(token, salt=SALT, max_age=TOKEN_SECONDS)
    with _redis_soon() as link:
        told = link.hgetall(_key(workspace_id))
    seen = {k.decode(): int(v) for k, v in told.items()}  # type: ignore[union-attr]  # not the async client
    newest = seen.pop("_", 0)
    if newest < since:
        return newest, [EVERYTHING]
    return newest, sorted(topic for topic, number in seen.items() if number > since)


def _key(workspace_id: int) -> str:
    return f"live:{workspace_id}"
