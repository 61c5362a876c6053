"""The brake: stop everything that an account or a workspace would send, at once, and let it go on."""

from __future__ import annotations

from django.db import transaction

from networks.actions import pause, resume
from networks.models import Account
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member, Workspace


def pause_account(account: Account, *, by: Member | None) -> Account:
    """Nothing leaves by this account until it is resumed. What is under way just now is finished."""
    touch(account.workspace_id, "publishing")
    return pause(account, by=by)


def resume_account(account: Account, *, by: Member | None) -> Account:
    """Publishing goes on; what became too late meanwhile asks a person first."""
    touch(account.workspace_id, "publishing")
    return resume(account, by=by)


def pause_workspace(workspace: Workspace, *, by: Member | None) -> Workspace:
    """Nothing leaves this workspace until it is resumed. What is under way just now is finished."""
    return _brake_all(workspace, paused=True, by=by)


def resume_workspace(workspace: Workspace, *, by: Member | None) -> Workspace:
    """Publishing goes on; what became too late meanwhile asks a person first."""
    return _brake_all(workspace, paused=False, by=by)


@transaction.atomic
def _brake_all(workspace: Workspace, *, paused: bool, by: Member | None) -> Workspace:
    workspace.publishing_paused = paused
    workspace.save(update_fields=["publishing_paused"])
    record(
        workspace.pk,
        by=by,
        verb="pause_workspace" if paused else "resume_workspace",
        thing=f"workspace:{workspace.pk}",
    )
    touch(workspace.pk, "publishing")
    return workspace
