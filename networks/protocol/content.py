"""What is sent: the words, pictures and videos, sealed, and where below something live they go."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, BinaryIO


class MediaKind(StrEnum):
    IMAGE = "image"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Media:
    """One picture or video. `key`: storage key; `size` in bytes; `width`, `height` in pixels; `seconds` for video."""

    kind: MediaKind
    key: str
    mime: str
    sha256: str
    size: int
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    alt: str = ""
    filename: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What a reader will see, sealed: the same bytes always give the same `fingerprint`.

    `title` only where a network has one. `options` are the network's own switches (privacy, partnership label).
    """

    text: str
    title: str = ""
    link: str = ""
    language: str = ""
    media: tuple[Media, ...] = ()
    options: Mapping[str, str | bool | int] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """SHA-256 (64 hex digits) over everything a reader sees; approvals and verdicts are bound to it."""
        canonical = json.dumps(self.as_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(unicodedata.normalize("NFC", canonical).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:  # Any: a JSON object
        """A JSON object that `from_json` reads back unchanged."""
        return {
            "text": self.text,
            "title": self.title,
            "link": self.link,
            "language": self.language,
            "media": [
                {
                    "kind": str(m.kind),
                    "key": m.key,
                    "mime": m.mime,
                    "sha256": m.sha256,
                    "size": m.size,
                    "width": m.width,
                    "height": m.height,
                    "seconds": m.seconds,
                    "alt": m.alt,
                    "filename": m.filename,
                }
                for m in self.media
            ],
            "options": dict(self.options),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Content:  # Any: a JSON object
        """The sealed content again. Raises KeyError or TypeError when `data` is not what `as_json` wrote."""
        media = tuple(Media(**{**m, "kind": MediaKind(m["kind"])}) for m in data["media"])
        return cls(
            text=data["text"],
            title=data["title"],
            link=data["link"],
            language=data["language"],
            media=media,
            options=dict(data["options"]),
        )


class TargetKind(StrEnum):
    """Where below something already live a content goes."""

    THREAD = "thread"  # the next part of our own post
    COMMENT = "comment"  # a comment below our own post
    COMMENT_REPLY = "comment_reply"  # an answer to somebody's comment
    MENTION_REPLY = "mention_reply"  # an answer to a post that mentions us
    MESSAGE = "message"  # an answer in a private conversation


@dataclass(frozen=True, slots=True)
class Target:
    """What a content answers or continues, as the network names it: the post it hangs on, the message, its author."""

    kind: TargetKind
    post_id: str
    message_id: str = ""
    author_uid: str = ""


OpenMedia = Callable[[Media], BinaryIO]
"""Opens a media's bytes for streaming; the adapter closes it."""
