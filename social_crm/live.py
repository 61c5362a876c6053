"""Who looks at a conversation just now, and who is typing: heartbeats in Redis that fade by themselves."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from functools import lru_cache

import redis
from django.conf import settings

FADES_AFTER = 15.0  # seconds after the last heartbeat
KEPT = 60


@dataclass(frozen=True, slots=True)
class Here:
    """A colleague with the conversation on the screen."""

    member: int
    name: str
    typing: bool


@lru_cache(maxsize=1)
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def beat(workspace_id: int, conversation: int, *, member: int, name: str, typing: bool) -> list[Here]:
    """`member` is here; the others who are. Nobody while Redis is away: the guard at sending does not depend on it."""
    key = f"here:{workspace_id}:{conversation}"
    now = time.time()
    try:
        link = _redis()
        with link.pipeline(transaction=False) as pipe:
            pipe.hset(key, str(member), json.dumps([now, name, typing]))
            pipe.expire(key, KEPT)
            pipe.hgetall(key)
            seen = pipe.execute()[2]
    except redis.RedisError:
        return []
    return _others(seen, member, now)


def leave(workspace_id: int, conversation: int, *, member: int) -> None:
    """`member` has gone on to something else."""
    try:
        _redis().hdel(f"here:{workspace_id}:{conversation}", str(member))
    except redis.RedisError:
        return


def _others(seen: dict[bytes, bytes], member: int, now: float) -> list[Here]:
    found = []
    for who, said in seen.items():
        at, name, typing = json.loads(said)
        if int(who) != member and now - at < FADES_AFTER:
            found.append(Here(int(who), name, typing))
    return sorted(found, key=lambda here: (not here.typing, here.name))
