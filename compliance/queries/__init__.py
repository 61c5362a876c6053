"""What is on record about a text, and what customs and its officers said about it."""

from __future__ import annotations

from compliance.queries.desk import EARLIER, counts, decided_before, passes, queue
from compliance.queries.records import (
    DEFAULT_PLACES,
    LABEL_OPTIONS,
    SHORTEST_NAME,
    Parameters,
    context_for,
    limits_of,
    parameters_in_force,
    places_of,
    same_brand,
)
from compliance.queries.words import reason_of, retold

__all__ = [
    "DEFAULT_PLACES",
    "EARLIER",
    "LABEL_OPTIONS",
    "SHORTEST_NAME",
    "Parameters",
    "context_for",
    "counts",
    "decided_before",
    "limits_of",
    "parameters_in_force",
    "passes",
    "places_of",
    "queue",
    "reason_of",
    "retold",
    "same_brand",
]
