"""Who belongs where."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import connection

from workspaces.models import Member, User, Workspace
from workspaces.tenancy import entered


def membership(user: AbstractBaseUser | AnonymousUser, slug: str) -> Member | None:
    """The member that `user` is in the workspace called `slug`, or None for a stranger. Two queries."""
    if not isinstance(user, User):
        return None
    workspace = Workspace.objects.filter(slug=slug).first()
    if workspace is None:
        return None
    with entered(workspace.pk, user_id=user.pk):
        member = Member.objects.filter(user=user).first()
    if member is not None:
        member.workspace = workspace
        member.user = user
    return member


def workspaces_of(user: User) -> list[Workspace]:
    """The workspaces `user` belongs to, by name. One query through the narrow function `workspaces_of_user`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id FROM workspaces_of_user(%s)", [user.pk])
        ids = [row[0] for row in cursor.fetchall()]
    return list(Workspace.objects.filter(pk__in=ids).order_by("name"))
