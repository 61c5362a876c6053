"""The letters of a short link: none that is mistaken for another, and few enough to say aloud."""

from __future__ import annotations

import hashlib
import re
import secrets

LETTERS = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 7  # 56^7 codes: a guess hits one link in a million once in 1.7 million tries
ALIAS = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{1,49}")


def new_code() -> str:
    """A code that nobody can guess from another one."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def key_of(url: str, *, post: int | None, variant: int | None, network: str) -> str:
    """What names the same link again: the address as written, in the same place of a post."""
    return hashlib.sha256(f"{post or ''}\0{variant or ''}\0{network}\0{url}".encode()).hexdigest()
