"""The one place where a publication's state is written: compare, set, and count the rows."""

from __future__ import annotations

from typing import Any

from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from publishing.actions.tell import tell
from publishing.models import Attempt, Publication
from publishing.protocol import NotPossible, Overtaken
from publishing.rules import LEGAL
from workspaces.live import touch

State = Publication.State


def move(publication: Publication, to: State, **changes: Any) -> Publication:  # Any: a field's value
    """Take `publication` from the state and fence it was read with to `to`, writing `changes` along.

    Raises NotPossible when no such step exists, Overtaken when somebody else moved it meanwhile. The object in hand
    is brought up to date.
    """
    if to != publication.state and to not in LEGAL[publication.state]:
        raise NotPossible(f"{publication.get_state_display()} -> {State(to).label}")
    if to != State.HELD:
        changes.setdefault("held_for", "")
    arrives = to != publication.state
    written = Publication.objects.filter(
        pk=publication.pk, state=publication.state, fence=publication.fence, fingerprint=publication.fingerprint
    ).update(state=to, **changes)
    if written != 1:
        raise Overtaken(f"publication {publication.pk} is no longer {publication.state}")
    _bring_up_to_date(publication, {"state": State(to), **changes})
    touch(publication.workspace_id, "publishing")
    if arrives:
        tell(publication)
    return publication


def _bring_up_to_date(publication: Publication, written: dict[str, Any]) -> None:  # Any: a field's value
    """What PostgreSQL worked out itself (now(), fence + 1) is read when it is next asked for."""
    for name, value in written.items():
        if isinstance(value, Combinable):
            publication.__dict__.pop(name, None)
        else:
            setattr(publication, name, value)


def close_attempt(
    publication: Publication, result: Attempt.Result, *, code: str = "", reason: str = "", detail: str = ""
) -> None:
    """Settle the open attempt of `publication`; call it before `move`, which undoes it for whoever was overtaken.

    While publishing that is the send under its own fence, later the one in doubt. What went wrong on the way stays on
    it when nothing new is said.
    """
    said = {"error_code": code[:80]} if code else {}
    said |= {"reason": reason[:500]} if reason else {}
    said |= {"detail": detail[:4000]} if detail else {}
    mine: dict[str, Any] = {"result": Attempt.Result.UNKNOWN}  # Any: a field's value
    if publication.state == State.PUBLISHING:
        mine = {"result": Attempt.Result.SENDING, "fence": publication.fence}
    Attempt.objects.filter(publication=publication, **mine).update(result=result, ended_at=Now(), **said)
