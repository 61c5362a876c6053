"""What is on record about a text, and what customs and its officers said about it."""

from __future__ import annotations

from compliance.queries.brands import SHORTEST_NAME, same_brand
from compliance.queries.desk import EARLIER, counts, decided_before, passes, queue
from compliance.queries.policies import (
    InUse,
    Parameters,
    Scope,
    dry_runs,
    history,
    in_use,
    parameters_in_force,
    policies_on,
)
from compliance.queries.records import DEFAULT_PLACES, LABEL_OPTIONS, OnRecord, context_for, limits_of, places_of
from compliance.queries.words import reason_of, retold

__all__ = [
    "DEFAULT_PLACES",
    "EARLIER",
    "LABEL_OPTIONS",
    "SHORTEST_NAME",
    "InUse",
    "OnRecord",
    "Parameters",
    "Scope",
    "context_for",
    "counts",
    "decided_before",
    "dry_runs",
    "history",
    "in_use",
    "limits_of",
    "parameters_in_force",
    "passes",
    "places_of",
    "policies_on",
    "queue",
    "reason_of",
    "retold",
    "same_brand",
]
