"""What is on record about a text, and what customs and its officers said about it."""

from __future__ import annotations

from compliance.queries.brands import SHORTEST_NAME, same_brand
from compliance.queries.desk import (
    EARLIER,
    UNDECIDED,
    Filters,
    awaits_officer,
    cases_to_tend,
    counts,
    decided_at,
    decided_before,
    queue,
    sent_back,
    signature,
)
from compliance.queries.messages import (
    DESK_REASONS,
    language_of_author,
    mended_text,
    message_to_author,
    reasons_for,
    texts_of,
    title_of,
)
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
from compliance.queries.proving import Proof, prove
from compliance.queries.records import (
    DEFAULT_PLACES,
    LABEL_OPTIONS,
    OnRecord,
    context_for,
    folds_known,
    limits_of,
    places_of,
)
from compliance.queries.verdicts import Standing, overridden, passes, standing, undoable, words_on
from compliance.queries.words import reason_of, retold
from compliance.queries.workload import Load, Today, officers, terms, today, workload

__all__ = [
    "DEFAULT_PLACES",
    "DESK_REASONS",
    "EARLIER",
    "LABEL_OPTIONS",
    "SHORTEST_NAME",
    "UNDECIDED",
    "Filters",
    "InUse",
    "Load",
    "OnRecord",
    "Parameters",
    "Proof",
    "Scope",
    "Standing",
    "Today",
    "awaits_officer",
    "cases_to_tend",
    "context_for",
    "counts",
    "decided_at",
    "decided_before",
    "dry_runs",
    "folds_known",
    "history",
    "in_use",
    "language_of_author",
    "limits_of",
    "mended_text",
    "message_to_author",
    "officers",
    "overridden",
    "parameters_in_force",
    "passes",
    "places_of",
    "policies_on",
    "prove",
    "queue",
    "reason_of",
    "reasons_for",
    "retold",
    "same_brand",
    "sent_back",
    "signature",
    "standing",
    "terms",
    "texts_of",
    "title_of",
    "today",
    "undoable",
    "words_on",
    "workload",
]
