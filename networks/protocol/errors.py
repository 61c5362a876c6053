"""Errors, named by what to do next."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import ClassVar


class Pauses(StrEnum):
    """Whom a network asks to be quiet for a while."""

    ACCOUNT = "account"
    APP = "app"  # every account of this network: the budget is our registration's


class NetworkError(Exception):
    """Anything a network call can end in: `reason` is for a marketer, `detail` the network's own, for support."""

    next_step: ClassVar[str] = ""

    def __init__(self, reason: str, *, detail: str = "", code: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail
        self.code = code


class Refused(NetworkError):
    """The network will never take this content as it is: a person must change it."""

    next_step = "change"


class TryLater(NetworkError):
    """Certainly not live, and worth another try after `after` (None: our own backoff).

    `pauses`: whose budget is used up, so that nothing else of it need be tried before.
    """

    next_step = "wait"

    def __init__(
        self,
        reason: str,
        *,
        after: timedelta | None = None,
        detail: str = "",
        code: str = "",
        pauses: Pauses | None = None,
    ) -> None:
        super().__init__(reason, detail=detail, code=code)
        self.after = after
        self.pauses = pauses


class Reconnect(NetworkError):
    """Certainly not live; the account's authority is gone and only a person can give it again."""

    next_step = "reconnect"


class Unsure(NetworkError):
    """It may be live. Look; never send again before looking. `hint` is an id the network named, to be verified."""

    next_step = "look"

    def __init__(self, reason: str, *, hint: str = "", detail: str = "", code: str = "") -> None:
        super().__init__(reason, detail=detail, code=code)
        self.hint = hint


class BadSignature(Exception):
    """A webhook that was not signed with our secret."""


class NotOurs(Exception):
    """A consent that ended without authority: declined, wrong state, no account. The text is for the person."""
