"""What a network lets a business do with what customers say: its acts, and how long it may answer in private."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from networks.protocol.limits import Fact
from networks.protocol.senders import Sender


class Act(StrEnum):
    HIDE = "hide"  # from the other readers, and show it again
    REMOVE = "remove"  # take away what another said under our post
    LIKE = "like"
    MESSAGE = "message"  # answer a public comment in private


@dataclass(frozen=True, slots=True)
class ReplyWindow:
    """How long after the customer's last private word an answer may go, and under which option of the content.

    Windows follow one another; `then` says for the agent what is left when the last one has closed.
    """

    lasts: timedelta
    option: str
    then: str
    fact: Fact


@runtime_checkable
class Acts(Protocol):
    """A network that says which acts it allows; one that moderates and does not say allows hiding and removing."""

    acts: frozenset[Act]


@runtime_checkable
class Windows(Protocol):
    """A network that closes a private conversation some time after the customer's last word."""

    reply_windows: tuple[ReplyWindow, ...]


@runtime_checkable
class Likes(Protocol):
    def like(self, sender: Sender, message_id: str, *, liked: bool) -> None:
        """Like a comment as the account, or take the like back. Safe to call twice."""
        ...
