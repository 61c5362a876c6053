"""Whether a page is gone: what a look at it says, and when to look again before crying wolf."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

AGAIN_IN = timedelta(hours=1)
DOUBTS = 2  # looks that may fail before it counts as broken, where it may be the moment's fault
THERE = frozenset({"", "kind", "large", "unsafe"})  # something answers; what it is does not matter
SHY = frozenset({401, 402, 403, 405, 406, 407, 429, 451, 999})  # a site that shows programs nothing is still there
GONE = frozenset({"status 404", "status 410", "private", "address", "hops"})


class Sight(StrEnum):
    FINE = "fine"
    DOUBT = "doubt"
    BROKEN = "broken"


def judged(why: str, *, doubts: int) -> Sight:
    """What a look means; `why` as networks.fetch says it ("" : a page came), `doubts` the failed looks before."""
    if why in THERE or (why.startswith("status ") and int(why[7:]) in SHY):
        return Sight.FINE
    if why in GONE or doubts >= DOUBTS:
        return Sight.BROKEN
    return Sight.DOUBT
