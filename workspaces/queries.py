"""Who belongs where."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import connection

from workspaces import chain
from workspaces.chain import digest_of, token_digest
from workspaces.models import ApiKey, AuditEntry, AuditHead, Member, User, Workspace
from workspaces.permissions import PERMISSIONS
from workspaces.tenancy import entered


def member_here(user: AbstractBaseUser | AnonymousUser) -> Member | None:
    """The member that `user` is in the workspace entered, or None for a stranger. One query."""
    member: Member | None = Member.objects.filter(user=user).first() if isinstance(user, User) else None
    if member is not None and isinstance(user, User):
        member.user = user
    return member


def members_who_may(permission: str) -> list[Member]:
    """The members of the workspace entered whose role holds `permission`, with their people. One query."""
    holders = Member.objects.filter(role__in=[str(role) for role in PERMISSIONS[permission]], user__is_active=True)
    return list(holders.select_related("user").order_by("pk"))


def mails_due(batch: int) -> list[tuple[int, int]]:
    """(notice id, workspace id) of what is to be mailed by now, over all workspaces."""
    return _pairs("SELECT id, workspace_id FROM mails_due(%s)", batch)


def deliveries_due(batch: int) -> list[tuple[int, int]]:
    """(delivery id, workspace id) of webhook messages that are due, over all workspaces."""
    return _pairs("SELECT id, workspace_id FROM deliveries_due(%s)", batch)


def _pairs(sql: str, batch: int) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [batch])
        return [(row[0], row[1]) for row in cursor.fetchall()]


def workspaces_of(user: User) -> list[Workspace]:
    """The workspaces `user` belongs to, by name. One query through the narrow function `workspaces_of_user`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id FROM workspaces_of_user(%s)", [user.pk])
        ids = [row[0] for row in cursor.fetchall()]
    return list(Workspace.objects.filter(pk__in=ids).order_by("name"))


def member_of_key(text: str) -> tuple[Member, ApiKey] | tuple[None, None]:
    """The member an API key acts as, and the key; (None, None) when it opens nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key_id, workspace_id FROM owner_of_api_key(%s)", [token_digest(text)])
        row = cursor.fetchone()
    if row is None:
        return None, None
    with entered(row[1]):
        key = ApiKey.objects.select_related("member__user", "workspace").get(pk=row[0])
    return key.member, key


def broken_links(workspace_id: int) -> list[str]:
    """What is wrong with the workspace's audit chain, in order; empty when every link holds. Reads the whole chain."""
    wrong: list[str] = []
    with entered(workspace_id):
        head = AuditHead.objects.first()
        previous, expected = chain.START, 1
        for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=2000):
            if entry.number != expected:
                wrong.append(f"entries {expected} to {entry.number - 1} are missing")
            elif entry.previous != previous:
                wrong.append(f"entry {entry.number} does not follow the one before it")
            if digest_of(entry) != entry.digest:
                wrong.append(f"entry {entry.number} was changed after it was written")
            previous, expected = entry.digest, entry.number + 1
        if head is not None and (head.number, head.digest) != (expected - 1, previous):
            wrong.append(f"the chain ends at {expected - 1}, but {head.number} entries were written")
    return wrong
