"""Hands that look for what is in question: a few threads per process, each with its own kept database connection."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Lock

from django.db import close_old_connections

from publishing.queries import Ref

logger = logging.getLogger(__name__)
HANDS = 16
Work = Callable[[Ref], None]

_lock = Lock()
_pools: dict[int, ThreadPoolExecutor] = {}


def submit(work: Work, ref: Ref) -> Future[None]:
    """Begin `work` on one publication in this process's pool; it never raises, what breaks is logged."""
    return _pool().submit(_safely, work, ref)


def each(work: Work, refs: Iterable[Ref]) -> None:
    """Do `work` on every one of `refs`, many at once; returns when the last is done."""
    wait([submit(work, ref) for ref in refs])


def finish() -> None:
    """Take no more work and wait for what is under way."""
    with _lock:
        pool = _pools.pop(os.getpid(), None)
    if pool is not None:
        pool.shutdown(wait=True)


def _pool() -> ThreadPoolExecutor:
    with _lock:
        if os.getpid() not in _pools:  # a forked child must not use its parent's threads
            _pools[os.getpid()] = ThreadPoolExecutor(HANDS, thread_name_prefix="look")
        return _pools[os.getpid()]


def _safely(work: Work, ref: Ref) -> None:
    close_old_connections()  # those that the server closed meanwhile; good ones are kept
    try:
        work(ref)
    except Exception:  # one that breaks must not take the others along; its lease brings it back
        logger.exception("%s of publication %s broke", getattr(work, "__name__", "work"), ref.id)
