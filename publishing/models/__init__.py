"""The post office's books: one publication is one sealed content for one account, and each attempt leaves a line."""

from __future__ import annotations

from publishing.models.afterwards import Correction, Outcome
from publishing.models.attempt import Attempt
from publishing.models.audit import Audit, Discrepancy, Sighting
from publishing.models.brake import Brake
from publishing.models.handover import Handover
from publishing.models.publication import FOR_A_PERSON, WAITING, Publication, PublicationQuerySet
from publishing.models.publisher import Publisher, PublisherTurn
from publishing.models.upload import Upload

__all__ = [
    "FOR_A_PERSON",
    "WAITING",
    "Attempt",
    "Audit",
    "Brake",
    "Correction",
    "Discrepancy",
    "Handover",
    "Outcome",
    "Publication",
    "PublicationQuerySet",
    "Publisher",
    "PublisherTurn",
    "Sighting",
    "Upload",
]
