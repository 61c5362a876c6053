"""The cache may forget everything at any time: with Redis away it is simply empty, and nobody waits for it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

import redis
from django.core.cache.backends.redis import RedisCache

logger = logging.getLogger(__name__)
RETRY_REDIS = 5.0  # seconds without asking after Redis did not answer


class Forgetful(RedisCache):
    """Redis as Django knows it; what cannot be asked is not there, and what cannot be kept is not kept."""

    _away_until = 0.0  # of this process, whichever thread found out

    def add(self, *args: Any, **kwargs: Any) -> bool:  # Any: as Django takes it, here and below
        return bool(self._asked(super().add, False, args, kwargs))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._asked(super().get, default, (key, default, version), {})

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._asked(super().set, None, args, kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._asked(super().touch, False, args, kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._asked(super().delete, False, args, kwargs))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        found: dict[Any, Any] = self._asked(super().get_many, {}, args, kwargs)
        return found

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._asked(super().has_key, False, args, kwargs))

    def _asked(self, ask: Callable[..., Any], otherwise: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if time.monotonic() < Forgetful._away_until:
            return otherwise
        try:
            return ask(*args, **kwargs)
        except redis.RedisError as error:
            Forgetful._away_until = time.monotonic() + RETRY_REDIS
            logger.warning("the cache is empty for a while: Redis does not answer (%s)", type(error).__name__)
            return otherwise
