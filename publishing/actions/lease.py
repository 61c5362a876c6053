"""While a send is under way, the process that sends makes its lease longer; a dead or frozen process makes none longer.

So a lease is short whatever has to travel, and a worker killed in the middle of a long upload is missed within
seconds. Being cut off from the database is the same as being dead: the lease is not made longer, and what has not
left by its end does not leave (`networks.wire.sent_before`).
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Thread

from django.db import Error as DatabaseAway
from django.db import close_old_connections, connection

from publishing.queries import extend_leases, terms

logger = logging.getLogger(__name__)


class Lease:
    """One send's right to a publication, until the monotonic moment `until`; never longer than until `most`."""

    def __init__(self, publication_id: int, fence: int, *, until: float, most: float) -> None:
        self.id, self.fence = publication_id, fence
        self.until, self.most = until, most

    def last_moment(self) -> float:
        """The latest monotonic moment at which its final call may begin and still end inside it."""
        left = terms()
        return self.until - left.request - left.margin


_held: set[Lease] = set()
_lock = Lock()
_hearts: dict[int, Thread] = {}


@contextmanager
def kept(lease: Lease) -> Iterator[Lease]:
    """Inside, the lease is made longer every `terms().beat` seconds for as long as this process lives."""
    with _lock:
        _held.add(lease)
        heart = _hearts.get(os.getpid())  # a forked child has no threads of its parent's
        if heart is None or not heart.is_alive():
            _hearts[os.getpid()] = Thread(target=_live, name="leases", daemon=True)
            _hearts[os.getpid()].start()
    try:
        yield lease
    finally:
        with _lock:
            _held.discard(lease)


def beat() -> None:
    """Make every lease held here longer. One that the database gives to nobody any more ends at once."""
    began = time.monotonic()  # before the database counts, so that our own end of it is the earlier one
    with _lock:
        held = [lease for lease in _held if lease.until > began and lease.most > began]
    if not held:
        return
    longer = terms().lease
    ours = extend_leases([(lease.id, lease.fence) for lease in held], longer)
    for lease in held:
        lease.until = began + longer if lease.id in ours else 0.0


def _live() -> None:
    while True:
        time.sleep(terms().beat)
        with _lock:
            if not _held:
                del _hearts[os.getpid()]
                break
        try:
            close_old_connections()
            beat()
        except DatabaseAway as error:
            logger.warning("leases are not made longer: %s", type(error).__name__)
        except Exception:  # whatever it is, the leases only end earlier for it
            logger.exception("leases are not made longer")
    connection.close()
