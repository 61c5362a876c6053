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
from compliance.actions.policies import set_policy
from compliance.actions.records import end_connection, keep_endorser, keep_evidence, record_connection
from compliance.actions.screening import Asked, passing, screen
from compliance.actions.sealing import Sealing, seal
from compliance.actions.tending import tend

__all__ = [
    "TOPIC",
    "Asked",
    "CannotDecide",
    "Sealing",
    "ask_override",
    "assign_case",
    "consent",
    "decide",
    "decide_alike",
    "decline",
    "end_connection",
    "keep_endorser",
    "keep_evidence",
    "lapse_cases",
    "open_case",
    "passing",
    "record_connection",
    "screen",
    "seal",
    "set_policy",
    "set_terms",
    "tend",
    "withdraw",
    "word_reason",
]
