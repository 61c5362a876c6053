"""The arithmetic of the chain of evidence, as the database does it too: a digest over what a link says and the last."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Protocol

START = "0" * 64
SCHEME = "gardu-evidence-1"


class Link(Protocol):
    """What one link of the chain says."""

    workspace_id: int
    number: int
    kind: str
    subject: str
    at: datetime
    body_sha256: str
    previous: str


def digest_of(link: Link) -> str:
    """SHA-256 (64 hex digits) over what `link` says, its body by that body's own digest, after the link before it."""
    said = (
        SCHEME,
        link.previous,
        str(link.workspace_id),
        str(link.number),
        link.kind,
        link.subject,
        moment(link.at),
        link.body_sha256,
    )
    return sha256("\n".join(said))


def moment(at: datetime) -> str:
    """`at` as it stands in a digest: UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def sha256(data: bytes | str) -> str:
    """64 hex digits."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()
