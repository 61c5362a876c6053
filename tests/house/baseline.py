"""How many queries a page may cost: kept as JSON, so that a change of it is seen in the review."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.house.tree import ROOT

COUNTS = ROOT / "tests" / "house" / "query_counts.json"


@contextmanager
def queries(name: str) -> Iterator[None]:
    """What happens inside may cost at most as many queries as written down for `name`.

    `WRITE_QUERY_COUNTS=1 pytest ...` writes down what it costs now.
    """
    with CaptureQueriesContext(connection) as captured:
        yield
    cost = len(captured)
    if os.environ.get("WRITE_QUERY_COUNTS") == "1":
        _write(name, cost)
        return
    known = json.loads(COUNTS.read_text())
    assert name in known, f"{name} has no baseline yet: run once with WRITE_QUERY_COUNTS=1"
    listing = "\n".join(query["sql"][:200] for query in captured)
    assert cost <= known[name], f"{name} costs {cost} queries, its baseline is {known[name]}:\n{listing}"


def _write(name: str, cost: int) -> None:
    with COUNTS.open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        known = json.load(file) | {name: cost}
        file.seek(0)
        file.truncate()
        file.write(json.dumps(known, indent=2, sort_keys=True) + "\n")
