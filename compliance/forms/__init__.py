"""The shape of what people enter: endorsers, connections, evidence, policies, decisions and the desk's terms."""

from __future__ import annotations

from compliance.forms.desk import DecisionForm, OverrideForm, TermsForm
from compliance.forms.policies import PolicyForm, initial_of
from compliance.forms.records import (
    AmendForm,
    ConnectionForm,
    EndorserForm,
    EvidenceForm,
    HoldForm,
    KeepingForm,
    LetterForm,
    NewConnectionForm,
    PackForm,
    TableForm,
)

__all__ = [
    "AmendForm",
    "ConnectionForm",
    "DecisionForm",
    "EndorserForm",
    "EvidenceForm",
    "HoldForm",
    "KeepingForm",
    "LetterForm",
    "NewConnectionForm",
    "OverrideForm",
    "PackForm",
    "PolicyForm",
    "TableForm",
    "TermsForm",
    "initial_of",
]
