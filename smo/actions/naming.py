"""The key that seals the names of clicks: the app's own, for this one use."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from django.conf import settings


def key_of_clicks() -> bytes:
    """32 bytes that only this house knows."""
    return _derived(settings.SECRET_KEY)


@lru_cache(maxsize=4)
def _derived(secret: str) -> bytes:
    return hashlib.blake2b(b"names of clicks", key=secret.encode()[:64], digest_size=32).digest()
