"""What customs and its officers do: screen a text, open a case, decide it, and keep the records they judge by."""

from __future__ import annotations

from compliance.actions.deciding import decide, decide_alike, withdraw
from compliance.actions.desk import (
    TOPIC,
    CannotDecide,
    assign_case,
    lapse_cases,
    open_case,
    set_terms,
    word_reason,
)
from compliance.actions.overrides import ask_override, consent, decline
from compliance.actions.policies import end_wording, set_policy
from compliance.actions.records import end_connection, keep_endorser, keep_evidence, record_connection
from compliance.actions.screening import Asked, passing, screen
from compliance.actions.sealing import Sealing, seal
from compliance.actions.tending import tend
from compliance.actions.trying import Sample, begin_trying, dry_runs_queued, end_trying, policy_of, try_on, try_policy

__all__ = [
    "TOPIC",
    "Asked",
    "CannotDecide",
    "Sample",
    "Sealing",
    "ask_override",
    "assign_case",
    "begin_trying",
    "consent",
    "decide",
    "decide_alike",
    "decline",
    "dry_runs_queued",
    "end_connection",
    "end_trying",
    "end_wording",
    "keep_endorser",
    "keep_evidence",
    "lapse_cases",
    "open_case",
    "passing",
    "policy_of",
    "record_connection",
    "screen",
    "seal",
    "set_policy",
    "set_terms",
    "tend",
    "try_on",
    "try_policy",
    "withdraw",
    "word_reason",
]
