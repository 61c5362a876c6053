"""An event as it is kept until somebody has understood it, and what the desk says when an answer must wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from networks.protocol import Event, EventKind, Person

INBOX = "inbox"
"""The live topic: pages that show the queue listen to it."""


class Overtaken(Exception):
    """Somebody wrote in the conversation since the person last looked: show it before anything is sent."""


def as_json(event: Event) -> dict[str, Any]:  # Any: a JSON object
    """A JSON object that `from_json` reads back unchanged."""
    return {
        "key": event.key,
        "kind": str(event.kind),
        "account_uid": event.account_uid,
        "message_id": event.message_id,
        "post_id": event.post_id,
        "author": {
            "uid": event.author.uid,
            "name": event.author.name,
            "handle": event.author.handle,
            "avatar_url": event.author.avatar_url,
        },
        "text": event.text,
        "at": event.at.isoformat(),
        "parent_id": event.parent_id,
        "url": event.url,
        "raw": dict(event.raw),
    }


def from_json(data: Mapping[str, Any]) -> Event:  # Any: a JSON object
    """The event again. Raises KeyError or ValueError when `data` is not what `as_json` wrote."""
    return Event(
        key=data["key"],
        kind=EventKind(data["kind"]),
        account_uid=data["account_uid"],
        message_id=data["message_id"],
        post_id=data["post_id"],
        author=Person(**data["author"]),
        text=data["text"],
        at=datetime.fromisoformat(data["at"]),
        parent_id=data["parent_id"],
        url=data["url"],
        raw=data["raw"],
    )
