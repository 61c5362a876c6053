"""The reply desk's verbs: hear what came in, and answer it."""

from social_crm.actions.desk import (
    answer,
    assign,
    hidden_now,
    hide,
    note,
    read,
    reopen,
    resolve,
    save_draft,
    take_back,
)
from social_crm.actions.ingest import keep, process, replay

__all__ = [
    "answer",
    "assign",
    "hidden_now",
    "hide",
    "keep",
    "note",
    "process",
    "read",
    "reopen",
    "replay",
    "resolve",
    "save_draft",
    "take_back",
]
