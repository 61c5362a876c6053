"""Who praises what for which brand, what they got for it, and what customs said about each text."""

from __future__ import annotations

from compliance.models.cases import Case, Decision, Verdict
from compliance.models.days import HasDays, InForce
from compliance.models.desk import DeskTerms, ReasonText
from compliance.models.evidence import Evidence, EvidenceBody, EvidenceFile, EvidenceHead, EvidenceWork
from compliance.models.keeping import EVIDENCE_DAYS, ConnectionImport, Keeping, LegalHold, Look, Pack
from compliance.models.letters import STATEMENTS, Letter, Signature
from compliance.models.policies import DryRun, Policy
from compliance.models.records import KIND_WORDS, Connection, Document, Endorser, Exhibit, RecordVersion, Substantiation
from compliance.models.watching import Ask, Match, SeenVersion, Sighting, SightingQuerySet, Source

__all__ = [
    "EVIDENCE_DAYS",
    "KIND_WORDS",
    "STATEMENTS",
    "Ask",
    "Case",
    "Connection",
    "ConnectionImport",
    "Decision",
    "DeskTerms",
    "Document",
    "DryRun",
    "Endorser",
    "Evidence",
    "EvidenceBody",
    "EvidenceFile",
    "EvidenceHead",
    "EvidenceWork",
    "Exhibit",
    "HasDays",
    "InForce",
    "Keeping",
    "LegalHold",
    "Letter",
    "Look",
    "Match",
    "Pack",
    "Policy",
    "ReasonText",
    "RecordVersion",
    "SeenVersion",
    "Sighting",
    "SightingQuerySet",
    "Signature",
    "Source",
    "Substantiation",
    "Verdict",
]
