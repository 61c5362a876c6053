"""The one place where a publication's state is written: compare, set, and count the rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from networks.protocol import Receipt
from publishing.actions import window
from publishing.actions.tell import tell
from publishing.models import Attempt, Publication
from publishing.protocol import NotPossible, Overtaken
from publishing.rules import LEGAL
from workspaces.live import touch
from workspaces.tenancy import current_workspace_id

State = Publication.State
CLAIMING = 0x6272616B  # the advisory lock of a workspace: claims hold it shared, whoever pulls a brake alone


def move(publication: Publication, to: State, **changes: Any) -> Publication:  # Any: a field's value
    """Take `publication` from the state and fence it was read with to `to`, writing `changes` along.

    Raises NotPossible when no such step exists, Overtaken when somebody else moved it meanwhile. The object in hand
    is brought up to date. Whoever must act on it is told.
    """
    arrives = to != publication.state
    move_quietly(publication, to, **changes)
    if arrives:
        tell(publication)
    return publication


def move_quietly(publication: Publication, to: State, **changes: Any) -> Publication:  # Any: a field's value
    """The same, and nobody is told: whoever asked for it knows."""
    if to != publication.state and to not in LEGAL[publication.state]:
        raise NotPossible(f"{publication.get_state_display()} -> {State(to).label}")
    if to != State.HELD:
        changes.setdefault("held_for", "")
    mine = Publication.objects.filter(
        pk=publication.pk, state=publication.state, fence=publication.fence, fingerprint=publication.fingerprint
    )
    if publication.state == State.RECONCILING and to != State.PUBLISHED:
        # Two looks that overlap would count one moment as two: only the last begun says that it is absent.
        mine = mine.filter(looked_at=publication.looked_at)
    written = mine.update(state=to, **changes)
    if written != 1:
        raise Overtaken(f"publication {publication.pk} is no longer {publication.state}")
    _bring_up_to_date(publication, {"state": State(to), **changes})
    if to == State.PUBLISHED:
        window.show([publication])
    elif to == State.DELETED_REMOTE:
        window.take_out(publication)
    touch(publication.workspace_id, "publishing")
    return publication


TAKE = """
UPDATE publishing_publication p
SET state = 'publishing', held_for = '', fence = p.fence + 1, lease_until = now() + make_interval(secs => %s),
    verdict_id = v.verdict, target_post_id = v.target, attempts_made = p.attempts_made + 1, hinted_at = NULL,
    questioned_at = NULL, absent_at = NULL, absences = 0, looks = 0, hint = ''
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::text[])
    AS v(id, fence, fingerprint, verdict, target)
WHERE p.workspace_id = %s AND p.id = v.id AND p.state = 'scheduled' AND p.fence = v.fence
    AND p.fingerprint = v.fingerprint
"""
BEGIN = """
INSERT INTO publishing_attempt (workspace_id, publication_id, fence, fingerprint, verdict_id, result, started_at,
    error_code, reason, detail)
SELECT p.workspace_id, p.id, p.fence, p.fingerprint, p.verdict_id, 'sending', %s, '', '', ''
FROM publishing_publication p WHERE p.workspace_id = %s AND p.id = ANY(%s)
"""


def take_together(publications: Sequence[Publication], seconds: float, now: datetime) -> None:
    """Claim scheduled publications of the entered workspace, each for `seconds`, and write their attempts.

    Raises Overtaken, and takes none, when one of them was moved meanwhile.
    """
    here = current_workspace_id()
    columns = zip(
        *((one.pk, one.fence, one.fingerprint, one.verdict_id, one.target_post_id) for one in publications), strict=True
    )
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [seconds, *map(list, columns), here])
        if cursor.rowcount != len(publications):
            raise Overtaken(f"{len(publications) - cursor.rowcount} of {len(publications)} are no longer scheduled")
        cursor.execute(BEGIN, [now, here, [one.pk for one in publications]])
    for one in publications:
        started = {"state": State.PUBLISHING, "fence": one.fence + 1, "attempts_made": one.attempts_made + 1}
        began = {"questioned_at": None, "absent_at": None, "absences": 0, "looks": 0, "hint": "", "hinted_at": None}
        _bring_up_to_date(one, {**started, **began, "held_for": "", "lease_until": Now()})
    touch(here, "publishing")


SUCCEED = """
UPDATE publishing_attempt a SET result = 'succeeded', ended_at = now()
FROM unnest(%s::bigint[], %s::bigint[]) AS v(id, fence)
WHERE a.workspace_id = %s AND a.publication_id = v.id AND a.fence = v.fence AND a.result = 'sending'
"""
DELIVER = """
UPDATE publishing_publication p
SET state = 'published', held_for = '', remote_id = v.remote_id, url = v.url, published_at = now(), lease_until = NULL,
    not_before = NULL, reason = '', detail = ''
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[])
    AS v(id, fence, fingerprint, remote_id, url)
WHERE p.workspace_id = %s AND p.id = v.id AND p.state = 'publishing' AND p.fence = v.fence
    AND p.fingerprint = v.fingerprint
"""


def deliver_together(delivered: Sequence[tuple[Publication, Receipt]]) -> None:
    """Publications under their own send are live: settle their attempts and keep their receipts.

    Raises Overtaken, and writes none, when one of them is no longer ours; IntegrityError for a post of another one.
    """
    ids, fences = [one.pk for one, _ in delivered], [one.fence for one, _ in delivered]
    prints = [one.fingerprint for one, _ in delivered]
    receipts = [[receipt.remote_id for _, receipt in delivered], [receipt.url[:1000] for _, receipt in delivered]]
    here = current_workspace_id()
    with connection.cursor() as cursor:
        cursor.execute(SUCCEED, [ids, fences, here])
        cursor.execute(DELIVER, [ids, fences, prints, *receipts, here])
        if cursor.rowcount != len(delivered):
            raise Overtaken(f"{len(delivered) - cursor.rowcount} of {len(delivered)} receipts came after the lease")
    for one, receipt in delivered:
        kept = {"remote_id": receipt.remote_id, "url": receipt.url[:1000], "published_at": Now()}
        freed = {"held_for": "", "lease_until": None, "not_before": None, "reason": "", "detail": ""}
        _bring_up_to_date(one, {"state": State.PUBLISHED, **kept, **freed})
    window.show([one for one, _ in delivered])
    touch(here, "publishing")


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
