"""What a person does with a publication that has not been sent: queue it, change it, move it, hold it, drop it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest, Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from compliance.models import Endorser, Verdict
from networks.models import Account
from networks.protocol import Content, Target
from publishing.actions.gate import clear
from publishing.actions.move import move
from publishing.models import WAITING, Handover, Publication
from publishing.protocol import NotPossible, Stopped
from publishing.rules import FROZEN
from workspaces.actions import record
from workspaces.models import Member

State = Publication.State
Hold = Publication.Hold
NOT_GOING_OUT = (State.REFUSED, State.MISSED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Setting:
    """What customs judge words by: who speaks, for which brands, and what readers find beside them."""

    endorser: Endorser | None = None
    brands: Collection[str] = ()
    around: Mapping[str, str] = field(default_factory=dict)
    lot: str = ""  # which brake stops it, besides its account's and its workspace's


def enqueue(
    content: Content,
    *,
    account: Account,
    due_at: datetime,
    by: Member | None,
    local_at: datetime | None = None,
    zone: str = "",
    endorser: Endorser | None = None,
    brands: Collection[str] = (),
    around: Mapping[str, str] | None = None,
    parent: Publication | None = None,
    target: Target | None = None,
    approved: bool = True,
    lot: str = "",
    after_parent: timedelta = timedelta(0),
) -> Publication:
    """Queue `content` for `account` at `due_at` (UTC); `local_at` and `zone` say what the person meant.

    `parent`: what it continues or comments on; it leaves only after that is live (`after_parent` later), and takes its
    address from there when `target` names no post. `target`: what it answers. `approved` False: it waits for
    somebody's approval (`release`). `lot`: the brake's. Raises Blocked or NeedsReview; then only the verdict stays.
    """
    kind = target.kind if target else None
    verdict = clear(content, account=account, endorser=endorser, kind=kind, brands=brands, around=around)
    with transaction.atomic():
        publication: Publication = Publication.objects.create(
            account=account,
            content=content.as_json(),
            fingerprint=content.fingerprint,
            verdict=verdict,
            state=State.SCHEDULED if approved else State.AWAITING_APPROVAL,
            due_at=due_at,
            local_at=local_at,
            zone=zone,
            queued_by=by,
            by_hand=account.by_hand,
            lot=lot,
            endorser=endorser,
            brands=list(brands),
            around=dict(around or {}),
            parent=parent,
            after_parent=after_parent,
            target_kind=kind or "",
            target_post_id=target.post_id if target else "",
            target_message_id=target.message_id if target else "",
            target_author_uid=target.author_uid if target else "",
        )
        _note(publication, by, "enqueue", due_at=due_at.isoformat())
        return _waiting_for(parent, publication)


def _waiting_for(parent: Publication | None, child: Publication) -> Publication:
    """Held where `parent` did not go out; nobody refuses it before this transaction ends, or `child` is missed."""
    if parent is None or child.state != State.SCHEDULED:
        return child
    above = Publication.objects.select_for_update().get(pk=parent.pk)
    if above.state in NOT_GOING_OUT or (above.state == State.HELD and above.held_for == Hold.PARENT):
        hold_child(child)
    return child


@transaction.atomic
def replace_content(
    publication: Publication, content: Content, *, by: Member | None, setting: Setting | None = None
) -> Publication:
    """Seal other words instead; the old clearance lapses and the new words are screened at once.

    `setting` None: what they are judged by stays as it was. What is stopped is held with the reason (no error is
    raised). What was held for customs and passes now is scheduled again; a refused or missed one waits for `release`.
    Raises NotPossible once it may have been sent.
    """
    _still_here(publication)
    changed = _set(publication, setting) if setting else {}
    if content.fingerprint == publication.fingerprint and not changed:
        return publication
    sealed = {"content": content.as_json(), "fingerprint": content.fingerprint, **changed}
    verdict, stopped = screened(publication, content)
    if stopped is None:
        to = State.SCHEDULED if publication.held_for == Hold.CUSTOMS else State(publication.state)
        kept = {"held_for": publication.held_for} if to == State.HELD else {"reason": ""}
        move(publication, to, verdict=verdict, hinted_at=None, **sealed, **kept)
    elif publication.state in {State.SCHEDULED, State.HANDED, State.HELD}:
        move(publication, State.HELD, **sealed, **_stopped(stopped))
    else:
        move(publication, State(publication.state), verdict_id=stopped.verdict_id, **sealed)
    _note(publication, by, "replace_content", held=publication.state == State.HELD)
    return publication


@transaction.atomic
def reschedule(
    publication: Publication,
    *,
    due_at: datetime,
    by: Member | None,
    local_at: datetime | None = None,
    zone: str = "",
    after_parent: timedelta | None = None,
) -> Publication:
    """Give it another time. A missed one, or one asked of a person, is scheduled again.

    Raises NotPossible once it may have been sent.
    """
    if publication.state not in {*WAITING, State.MISSED}:
        raise NotPossible(_("It can no longer be moved."))
    before = publication.due_at
    times: dict[str, Any] = {"due_at": due_at, "local_at": local_at, "zone": zone}  # Any: a field's value
    times |= {"hinted_at": None, "not_before": None}
    if after_parent is not None:
        times["after_parent"] = after_parent
    _ask_anew(publication)
    if publication.state in {State.MISSED, State.HANDED}:
        _to_scheduled(publication, **times)
    else:
        move(publication, State(publication.state), **times, held_for=publication.held_for)
    _note(publication, by, "reschedule", before=before.isoformat(), after=due_at.isoformat())
    return publication


@transaction.atomic
def publish_now(publication: Publication, *, by: Member | None) -> Publication:
    """Due at once, if customs let it pass; held with the reason if not. Raises NotPossible when it may be live."""
    _to_scheduled(publication, due_at=Now(), local_at=None)
    _note(publication, by, "publish_now")
    return publication


@transaction.atomic
def release(publication: Publication, *, by: Member | None) -> Publication:
    """Let a held, missed, refused, cancelled or unapproved one go; at once when its time is over.

    Screened again: what customs stop is (still) held, with the reason. Raises NotPossible once it may have been sent.
    """
    _to_scheduled(publication, due_at=Greatest(F("due_at"), Now()))
    _note(publication, by, "release")
    return publication


@transaction.atomic
def hold(publication: Publication, *, reason: str, by: Member | None, held_for: Hold = Hold.PERSON) -> Publication:
    """Stop it until it is released; `reason` is for the marketer. Raises NotPossible when it may be live."""
    _still_here(publication)
    move(publication, State.HELD, held_for=held_for, reason=reason[:500])
    _note(publication, by, "hold", reason=reason)
    return publication


@transaction.atomic
def cancel(publication: Publication, *, by: Member | None) -> Publication:
    """Do not send it; what continues it is cancelled as well. `release` brings it back."""
    if publication.state == State.NEEDS_ATTENTION:
        raise NotPossible(_("Say first whether it is live."))
    _still_here(publication)
    move(publication, State.CANCELLED, reason="")
    for child in publication.children.filter(state__in=WAITING):
        cancel(child, by=by)
    _note(publication, by, "cancel")
    return publication


@transaction.atomic
def release_account(account: Account, *, by: Member | None) -> int:
    """Schedule again what was held because `account` had to be reconnected. Returns how many.

    What became too late meanwhile asks a person instead of going out. Safe to call twice.
    """
    waiting = Publication.objects.on(account).filter(state=State.HELD, held_for=Hold.ACCOUNT)
    released: int = waiting.update(state=State.SCHEDULED, held_for="", reason="", hinted_at=None, not_before=None)
    if released:
        record(account.workspace_id, by=by, verb="release_account", thing=f"account:{account.pk}", released=released)
    return released


def hold_children(publication: Publication) -> None:
    """What continues a post that did not go out waits for a person, and so does what continues that."""
    for child in publication.children.filter(state=State.SCHEDULED):
        hold_child(child)
        hold_children(child)


def hold_child(child: Publication) -> None:
    """It continues a post that did not go out."""
    move(child, State.HELD, held_for=Hold.PARENT, reason=gettext_noop("The post it continues did not go out."))


def release_children(publication: Publication) -> None:
    """What waited for this post, now live, goes on."""
    for child in publication.children.filter(state=State.HELD, held_for=Hold.PARENT):
        move(child, State.SCHEDULED, reason="")


def _set(publication: Publication, setting: Setting) -> dict[str, Any]:  # Any: a field's value
    """Put `setting` on the object in hand; what differs from before, by field."""
    wanted = {
        "endorser": setting.endorser,
        "brands": list(setting.brands),
        "around": dict(setting.around),
        "lot": setting.lot,
    }
    changed = {name: value for name, value in wanted.items() if getattr(publication, name) != value}
    for name, value in changed.items():
        setattr(publication, name, value)
    return changed


def _still_here(publication: Publication) -> None:
    """A person's verbs end where sending begins: what may be live is settled by evidence alone."""
    if publication.state in FROZEN:
        raise NotPossible(_("It is already on its way and cannot be changed here any more."))


def _to_scheduled(publication: Publication, **changes: Any) -> None:  # Any: a field's value
    _still_here(publication)
    _ask_anew(publication)
    verdict, stopped = screened(publication, publication.sealed)
    if stopped is not None:
        move(publication, State.HELD, **changes, **_stopped(stopped))
        return
    fresh = {"hinted_at": None, "not_before": None, "reason": "", "detail": ""}
    move(publication, State.SCHEDULED, verdict=verdict, **{**fresh, **changes})


def _ask_anew(publication: Publication) -> None:
    """Whoever posts it by hand is warned of its new time."""
    if publication.by_hand:
        Handover.objects.filter(publication=publication).update(next_at=None)


def screened(
    publication: Publication, content: Content, *, on: date | None = None
) -> tuple[Verdict | None, Stopped | None]:
    """The passing verdict on `content` under what is on record for `publication` today (`on`), or what stops it.

    Raises nothing that would undo the verdict: also a failing one is kept.
    """
    target = publication.target
    try:
        verdict = clear(
            content,
            account=publication.account,
            endorser=publication.endorser,
            kind=target.kind if target else None,
            brands=publication.brands,
            around=publication.around,
            on=on,
        )
    except Stopped as stopped:
        return None, stopped
    return verdict, None


def _stopped(stopped: Stopped) -> dict[str, Any]:  # Any: a field's value
    return {"verdict_id": stopped.verdict_id, "held_for": Hold.CUSTOMS, "reason": stopped.reason[:500]}


def _note(publication: Publication, by: Member | None, verb: str, **facts: Any) -> None:  # Any: JSON values
    record(publication.workspace_id, by=by, verb=verb, thing=f"publication:{publication.pk}", **facts)
