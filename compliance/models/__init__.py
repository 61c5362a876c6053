"""Who praises what for which brand, what they got for it, and what customs said about each text."""

from __future__ import annotations

from compliance.models.cases import Case, Decision, Verdict
from compliance.models.days import HasDays, InForce
from compliance.models.desk import DeskTerms, ReasonText
from compliance.models.policies import DryRun, Policy
from compliance.models.records import KIND_WORDS, Connection, Endorser, Substantiation
from compliance.models.watching import Ask, Match, SeenVersion, Sighting, SightingQuerySet, Source

__all__ = [
    "KIND_WORDS",
    "Ask",
    "Case",
    "Connection",
    "Decision",
    "DeskTerms",
    "DryRun",
    "Endorser",
    "HasDays",
    "InForce",
    "Match",
    "Policy",
    "ReasonText",
    "SeenVersion",
    "Sighting",
    "SightingQuerySet",
    "Source",
    "Substantiation",
    "Verdict",
]
