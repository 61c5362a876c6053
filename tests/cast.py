"""The people of the tests: Alice owns, Bob edits, Dewi answers, Omar watches the law, Charlie is a stranger."""

from __future__ import annotations

from dataclasses import dataclass

from workspaces.actions import found_workspace
from workspaces.models import Member, User, Workspace
from workspaces.permissions import Role
from workspaces.tenancy import entered

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True, slots=True)
class Cast:
    """One workspace and its people; `charlie` belongs to another one."""

    workspace: Workspace
    alice: Member
    bob: Member
    dewi: Member
    omar: Member
    charlie: User
    elsewhere: Workspace


def person(name: str) -> User:
    return User.objects.create_user(f"{name.lower()}@example.test", PASSWORD, name=name)


def gather(name: str = "Warung Uji") -> Cast:
    """The whole cast in a fresh workspace."""
    alice, charlie = person("Alice"), person("Charlie")
    workspace = found_workspace(name=name, zone="Asia/Jakarta", places=["ID", "US"], by=alice)
    elsewhere = found_workspace(name="Elsewhere", zone="UTC", places=["US"], by=charlie)
    with entered(workspace.pk):
        return Cast(
            workspace=workspace,
            alice=Member.objects.select_related("user", "workspace").get(user=alice),
            bob=Member.objects.create(user=person("Bob"), role=Role.MARKETER),
            dewi=Member.objects.create(user=person("Dewi"), role=Role.AGENT),
            omar=Member.objects.create(user=person("Omar"), role=Role.OFFICER),
            charlie=charlie,
            elsewhere=elsewhere,
        )
