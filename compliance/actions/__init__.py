"""What customs and its officers do: screen a text, open a case, decide it, and keep the records they judge by."""

from __future__ import annotations

from compliance.actions.desk import TOPIC, CannotDecide, decide, lapse_cases, open_case
from compliance.actions.policies import set_policy
from compliance.actions.records import end_connection, keep_endorser, keep_evidence, record_connection
from compliance.actions.screening import Asked, passing, screen
from compliance.actions.sealing import Sealing, seal

__all__ = [
    "TOPIC",
    "Asked",
    "CannotDecide",
    "Sealing",
    "decide",
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
]
