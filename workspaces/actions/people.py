"""What people do with a workspace: found it, invite, join, change roles, make keys; and the line each act leaves."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from workspaces.chain import digest_of, token_digest
from workspaces.models import ApiKey, AuditEntry, AuditHead, Invitation, Member, User, Workspace
from workspaces.permissions import Role
from workspaces.tenancy import entered

INVITATION_DAYS = 7


class NotAllowed(Exception):
    """The act is refused; the text says why, for the person."""


def record(workspace_id: int, *, by: Member | None, verb: str, thing: str, **facts: Any) -> AuditEntry:
    """Append one line to the workspace's audit trail, inside the transaction of the verb it tells of.

    Any: facts are JSON values (dates and decimals become text). Entries of one workspace queue behind each other
    until commit, so call it last.
    """
    head, _created = AuditHead.objects.select_for_update().get_or_create(workspace_id=workspace_id)
    plain = json.loads(json.dumps(facts, cls=DjangoJSONEncoder))
    entry = AuditEntry(
        workspace_id=workspace_id,
        number=head.number + 1,
        at=timezone.now(),
        by=by,
        by_name=str(by.user) if by else "Gardu",
        verb=verb,
        thing=thing,
        facts=plain,
        previous=head.digest,
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    AuditHead.objects.filter(pk=head.pk).update(number=entry.number, digest=entry.digest)
    return entry


def found_workspace(*, name: str, zone: str, places: list[str], by: User) -> Workspace:
    """A new workspace with `by` as its owner. Its slug is made from the name and never collides."""
    base = slugify(name)[:40] or "workspace"
    slug = base
    while Workspace.objects.filter(slug=slug).exists():
        slug = f"{base}-{secrets.token_hex(2)}"
    with transaction.atomic():
        workspace = Workspace.objects.create(name=name, slug=slug, zone=zone, places=places)
        with entered(workspace.pk, user_id=by.pk):
            owner = Member.objects.create(workspace=workspace, user=by, role=Role.OWNER)
            record(workspace.pk, by=owner, verb="founded", thing=f"workspace:{workspace.pk}", name=name)
    return workspace


def invite(*, email: str, role: Role, by: Member) -> tuple[Invitation, str]:
    """An invitation and the token its link carries; the token is told once. A second one replaces the first.

    Raises NotAllowed when the address is already a member, or when only an owner may give that role.
    """
    email = email.strip().lower()
    if Member.objects.filter(user__email=email).exists():
        raise NotAllowed(_("%(email)s is already a member.") % {"email": email})
    _check_may_give(role, by)
    token = secrets.token_urlsafe(32)
    Invitation.objects.filter(email=email, accepted_at__isnull=True).delete()
    invitation = Invitation.objects.create(
        email=email,
        role=role,
        token_digest=token_digest(token),
        invited_by=by,
        expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
    )
    record(by.workspace_id, by=by, verb="invited", thing=f"invitation:{invitation.pk}", email=email, role=role)
    return invitation, token


def withdraw_invitation(invitation: Invitation, *, by: Member) -> None:
    """The invitation's link leads nowhere from now on."""
    record(by.workspace_id, by=by, verb="withdrew", thing=f"invitation:{invitation.pk}", email=invitation.email)
    invitation.delete()


def join(*, token: str, by: User) -> Member:
    """`by` becomes a member as the invitation says. Raises NotAllowed when it lapsed, was used, or is not for `by`."""
    workspace_id = _invited_to(token)
    with entered(workspace_id, user_id=by.pk):
        invitation = Invitation.objects.select_for_update().get(token_digest=token_digest(token))
        if invitation.email != by.email.lower():
            raise NotAllowed(
                _("This invitation is for %(email)s. Sign in with that address.") % {"email": invitation.email}
            )
        if invitation.accepted_at is not None or invitation.expires_at < timezone.now():
            raise NotAllowed(_("This invitation has lapsed. Ask for a new one."))
        member, _created = Member.objects.get_or_create(user=by, defaults={"role": invitation.role})
        invitation.accepted_at = timezone.now()
        invitation.save(update_fields=["accepted_at"])
        record(workspace_id, by=member, verb="joined", thing=f"member:{member.pk}", role=member.role)
    return member


def change_role(member: Member, *, role: Role, by: Member) -> Member:
    """Give `member` another role. Raises NotAllowed for an owner's roles by anybody else, or for the last owner."""
    _check_may_give(role, by)
    _check_may_give(Role(member.role), by)
    _check_an_owner_stays(member, becomes=role)
    before = member.role
    member.role = role
    member.save(update_fields=["role"])
    record(by.workspace_id, by=by, verb="changed role", thing=f"member:{member.pk}", before=before, after=role)
    return member


def remove_member(member: Member, *, by: Member) -> None:
    """Take a person out of the workspace. Raises NotAllowed for the last owner, or an owner by anybody else."""
    _check_may_give(Role(member.role), by)
    _check_an_owner_stays(member, becomes=None)
    record(by.workspace_id, by=by, verb="removed", thing=f"member:{member.pk}", email=member.user.email)
    member.delete()


def make_api_key(*, name: str, by: Member) -> tuple[ApiKey, str]:
    """A key that acts as `by`, and its text; the text is told once."""
    text = f"gardu_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(member=by, name=name, prefix=text[:12], digest=token_digest(text))
    record(by.workspace_id, by=by, verb="made", thing=f"api key:{key.pk}", name=name)
    return key, text


def key_used(key: ApiKey) -> None:
    """Remember when a key was last used, at most once a minute."""
    now = timezone.now()
    if key.used_at is None or now - key.used_at > timedelta(minutes=1):
        with entered(key.workspace_id):
            ApiKey.objects.filter(pk=key.pk).update(used_at=now)


def reads(user: User, language: str | None) -> None:
    """Remember the language in which `user` reads pages, for what is written to them. One query when it changed."""
    if language and language != (user.language or settings.LANGUAGE_CODE):
        user.language = language
        user.save(update_fields=["language"])


def revoke_api_key(key: ApiKey, *, by: Member) -> ApiKey:
    """The key opens nothing from now on. Safe to call twice."""
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        record(by.workspace_id, by=by, verb="revoked", thing=f"api key:{key.pk}", name=key.name)
    return key


def change_settings(workspace: Workspace, *, by: Member, **changes: Any) -> Workspace:
    """Change a workspace's own settings. Any: the model's field values."""
    before = {field: getattr(workspace, field) for field in changes}
    for field, value in changes.items():
        setattr(workspace, field, value)
    workspace.save(update_fields=list(changes))
    record(
        workspace.pk, by=by, verb="changed settings", thing=f"workspace:{workspace.pk}", before=before, after=changes
    )
    return workspace


def _check_may_give(role: Role, by: Member) -> None:
    if role == Role.OWNER and not by.may("own_workspace"):
        raise NotAllowed(_("Only an owner may do this with an owner."))


def _check_an_owner_stays(member: Member, *, becomes: Role | None) -> None:
    if member.role != Role.OWNER or becomes == Role.OWNER:
        return
    owners = list(Member.objects.select_for_update().filter(role=Role.OWNER).values_list("pk", flat=True))
    if owners == [member.pk]:
        raise NotAllowed(_("A workspace needs an owner. Make somebody else an owner first."))


def _invited_to(token: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id FROM workspace_of_invitation(%s)", [token_digest(token)])
        row = cursor.fetchone()
    if row is None:
        raise NotAllowed(_("This invitation does not exist. Ask for a new one."))
    return int(row[0])
