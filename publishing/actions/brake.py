"""The brake: stop everything that a campaign, an account or a workspace would send, at once, and let it go on."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import OperationalError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from networks.actions import pause, resume
from networks.models import Account
from publishing.actions.move import CLAIMING, move_quietly
from publishing.actions.queue import cancel, hold_children
from publishing.models import Brake, Publication
from publishing.protocol import Overtaken
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member, Workspace
from workspaces.tenancy import current_workspace_id

logger = logging.getLogger(__name__)
State = Publication.State
CLAIMS_WAITED_FOR = "3s"
Scope = Brake.Scope
After = Brake.After


@transaction.atomic
def pause_account(account: Account, *, by: Member | None, reason: str = "") -> Account:
    """Nothing leaves by this account until it is resumed. What is under way just now is finished."""
    _after_claims_under_way(account.workspace_id)
    paused = pause(account, by=by)
    _pull(Scope.ACCOUNT, name=account.name, by=by, reason=reason, account=account)
    return paused


def resume_account(account: Account, *, by: Member | None, after: After = After.RULE) -> Account:
    """Publishing goes on; `after` says what becomes of what was due meanwhile."""
    resumed = resume(account, by=by)
    _let_go(Brake.objects.filter(scope=Scope.ACCOUNT, account=account), by=by, after=after)
    return resumed


@transaction.atomic
def pause_workspace(workspace: Workspace, *, by: Member | None, reason: str = "") -> Workspace:
    """Nothing leaves this workspace until it is resumed. What is under way just now is finished."""
    _after_claims_under_way(workspace.pk)
    _brake_all(workspace, paused=True, by=by)
    _pull(Scope.WORKSPACE, name=workspace.name, by=by, reason=reason)
    return workspace


def resume_workspace(workspace: Workspace, *, by: Member | None, after: After = After.RULE) -> Workspace:
    """Publishing goes on; `after` says what becomes of what was due meanwhile."""
    _brake_all(workspace, paused=False, by=by)
    _let_go(Brake.objects.filter(scope=Scope.WORKSPACE), by=by, after=after)
    return workspace


@transaction.atomic
def pause_lot(lot: str, *, name: str, by: Member | None, reason: str = "") -> Brake:
    """Nothing of this lot (a campaign's publications) leaves until it is resumed."""
    _after_claims_under_way(current_workspace_id())
    return _pull(Scope.LOT, name=name, by=by, reason=reason, lot=lot)


def resume_lot(lot: str, *, by: Member | None, after: After = After.RULE) -> None:
    """Its publications go on; `after` says what becomes of what was due meanwhile."""
    _let_go(Brake.objects.filter(scope=Scope.LOT, lot=lot), by=by, after=after)


def stopped_by(brake: Brake) -> QuerySet[Publication]:
    """What has not been sent and stands still because of `brake`."""
    waiting: QuerySet[Publication] = Publication.objects.all().waiting()
    match Scope(brake.scope):
        case Scope.ACCOUNT:
            return waiting.filter(account=brake.account)
        case Scope.LOT:
            return waiting.filter(lot=brake.lot)
        case Scope.WORKSPACE:
            return waiting


def due_meanwhile(brake: Brake, now: datetime) -> QuerySet[Publication]:
    """What would have left while `brake` was pulled; what continues another post goes with that."""
    own = Q(parent__isnull=True) | Q(parent__state=State.PUBLISHED)
    return stopped_by(brake).filter(own, state=State.SCHEDULED, due_at__lte=now).order_by("due_at", "id")


def _after_claims_under_way(workspace_id: int) -> None:
    """Wait until no claim of the workspace is half way: whoever claims after this transaction sees the brake pulled.

    A claim holds this lock shared. One that stands still (its worker is frozen) is not waited for: the brake must work.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{CLAIMS_WAITED_FOR}'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [CLAIMING, workspace_id % 2**31])
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")  # the transaction goes on
    except OperationalError:
        logger.warning("workspace %s: the brake is pulled while a claim is half way", workspace_id)


@transaction.atomic
def _pull(
    scope: Brake.Scope, *, name: str, by: Member | None, reason: str, account: Account | None = None, lot: str = ""
) -> Brake:
    """Pull it, once; whoever comes second finds it pulled."""
    since = timezone.now()
    brake, new = Brake.objects.get_or_create(
        scope=scope,
        account=account,
        lot=lot,
        released_at=None,
        defaults={"name": name[:200], "reason": reason[:300], "since": since, "by": by},
    )
    if new:
        _note(brake, by, "pulled the brake", scope=scope, name=name, reason=reason)
    return brake


@transaction.atomic
def _let_go(brakes: QuerySet[Brake], *, by: Member | None, after: After) -> None:
    """Let the open ones go. What asks or is left out is settled before the first claim can see it free."""
    for brake in brakes.filter(released_at__isnull=True).select_for_update(of=("self",)):
        now = timezone.now()
        touched = _settle(brake, after, now, by) if after in {After.ASK, After.SKIP} else 0
        brake.released_at, brake.released_by, brake.after = now, by, after
        brake.save(update_fields=["released_at", "released_by", "after"])
        _note(brake, by, "let the brake go", name=brake.name, after=after, settled=touched)


def _settle(brake: Brake, after: After, now: datetime, by: Member | None) -> int:
    touched = 0
    for publication in due_meanwhile(brake, now):
        try:
            if after == After.SKIP:
                cancel(publication, by=by)
            else:
                reason = gettext_noop("Publishing was paused when it was due.")
                move_quietly(publication, State.MISSED, reason=reason)
                hold_children(publication)
        except Overtaken:
            continue
        touched += 1
    return touched


@transaction.atomic
def _brake_all(workspace: Workspace, *, paused: bool, by: Member | None) -> None:
    workspace.publishing_paused = paused
    workspace.save(update_fields=["publishing_paused"])
    record(
        workspace.pk,
        by=by,
        verb="pause_workspace" if paused else "resume_workspace",
        thing=f"workspace:{workspace.pk}",
    )
    touch(workspace.pk, "publishing")


def _note(brake: Brake, by: Member | None, verb: str, **facts: object) -> None:
    touch(brake.workspace_id, "publishing")
    touch(brake.workspace_id, "brake")
    record(brake.workspace_id, by=by, verb=verb, thing=f"brake:{brake.pk}", **facts)
