"""People, the workspaces they share, and who may do what in them."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.permissions import PERMISSIONS, Role
from workspaces.tenancy import TenantModel


class UserManager(BaseUserManager["User"]):
    """Makes people who sign in by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> User:
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})


class User(AbstractUser):
    """A person. The e-mail address is the name to sign in with."""

    username = None  # type: ignore[assignment]  # the address takes its place
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    zone = models.CharField(max_length=64, blank=True)  # IANA; empty: the workspace's
    language = models.CharField(max_length=8, blank=True)
    theme = models.CharField(max_length=8, blank=True)  # light | dark | empty: the system's

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []
    objects = UserManager()  # type: ignore[misc,assignment]  # made by e-mail address, not by username

    def __str__(self) -> str:
        return self.name or self.email


class Workspace(models.Model):
    """One brand's or agency's house. Its own row is not walled: it holds a name and settings, reached by membership."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    zone = models.CharField(max_length=64, default="UTC")  # IANA
    places = models.JSONField(default=list)  # ISO country codes that its posts are judged under
    requires_approval = models.BooleanField(default=False)
    max_lateness_minutes = models.PositiveIntegerField(default=360)
    publishing_paused = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Member(TenantModel):
    """A person in a workspace, and the role that says what they may do."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(r.value, r.label) for r in Role])
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="a_person_joins_a_workspace_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"

    def may(self, permission: str) -> bool:
        """Whether this member's role holds `permission`. Raises KeyError for a permission nobody defined."""
        return Role(self.role) in PERMISSIONS[permission]
