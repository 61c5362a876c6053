"""Which thread an event belongs to, where an answer goes, and when a failed event is tried again."""

from __future__ import annotations

from datetime import timedelta

from networks.protocol import Event, EventKind, Target, TargetKind

PREVIEW = 280
TRIES = 8


def thread_of(event: Event) -> str:
    """The id of the thread a new message opens when what it answers is not known to us.

    A private thread is the network's own; an answer to a comment we never saw belongs where that comment would.
    """
    if event.kind is EventKind.MESSAGE:
        return event.post_id or event.author.uid
    if event.kind is not EventKind.MENTION and event.parent_id and event.parent_id != event.post_id:
        return event.parent_id
    return event.message_id


def retry_after(tries: int) -> timedelta | None:
    """How long to wait after the `tries`-th failure; None: park it for a person."""
    return None if tries >= TRIES else timedelta(seconds=min(2**tries, 300))


def target_of(kind: EventKind, *, post_id: str, message_id: str, author_uid: str) -> Target:
    """Where an answer to a customer's message goes."""
    kinds = {
        EventKind.COMMENT: TargetKind.COMMENT_REPLY,
        EventKind.MENTION: TargetKind.MENTION_REPLY,
        EventKind.MESSAGE: TargetKind.MESSAGE,
    }
    return Target(kind=kinds[kind], post_id=post_id, message_id=message_id, author_uid=author_uid)
