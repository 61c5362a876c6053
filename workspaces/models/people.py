"""People, the workspaces they share, and who may do what in them."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

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
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()  # type: ignore[misc,assignment]  # made by e-mail address, not by username

    def __str__(self) -> str:
        return self.name or self.email


class Workspace(models.Model):
    """One brand's or agency's house. Its own row is not walled: it holds a name and settings, reached by membership."""

    class LateRule(models.TextChoices):
        """What becomes of a post that is later than `max_lateness_minutes`."""

        ASK = "ask", _("Ask somebody first")
        SEND = "send", _("Send it all the same")
        SKIP = "skip", _("Leave it out")

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    zone = models.CharField(max_length=64, default="UTC")  # IANA
    places = models.JSONField(default=list)  # ISO country codes that its posts are judged under
    requires_approval = models.BooleanField(default=False)
    max_lateness_minutes = models.PositiveIntegerField(default=360)
    late_rule = models.CharField(max_length=4, choices=LateRule.choices, default=LateRule.ASK)
    publishing_paused = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    def day(self, moment: datetime) -> date:
        """The day on its calendars at `moment`: what is on record from a day on begins at midnight here."""
        return moment.astimezone(ZoneInfo(self.zone)).date()


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


class Invitation(TenantModel):
    """An address asked to join, in a role, until it lapses. Only a digest of its token is kept."""

    email = models.EmailField()
    role = models.CharField(max_length=20, choices=[(r.value, r.label) for r in Role])
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "email"],
                condition=models.Q(accepted_at__isnull=True),
                name="an_address_has_one_open_invitation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"


class ApiKey(TenantModel):
    """A key that acts for one member through the API. Only a digest is kept; `prefix` helps people recognise it."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class DataKey(TenantModel):
    """The key that seals one workspace's secrets, itself sealed by the key-encryption key named `kek`."""

    generation = models.PositiveIntegerField(default=1)
    kek = models.CharField(max_length=40)
    sealed = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "generation"], name="one_data_key_per_generation"),
        ]

    def __str__(self) -> str:
        return f"data key {self.generation} under {self.kek}"


class AuditHead(TenantModel):
    """Where a workspace's audit chain ends: the lock that orders entries, and what shows that a tail was cut."""

    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace"], name="a_workspace_has_one_audit_head")]

    def __str__(self) -> str:
        return f"audit head {self.number}"


class AuditEntry(TenantModel):
    """One thing somebody did: appended, chained to the one before, never changed or removed."""

    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Member, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    by_name = models.CharField(max_length=160)
    verb = models.CharField(max_length=60)
    thing = models.CharField(max_length=120)
    facts = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta(TenantModel.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="audit_numbers_have_no_twins"),
        ]
        indexes = [models.Index(fields=["workspace", "thing"], name="audit_by_thing")]

    def __str__(self) -> str:
        return f"{self.number} {self.by_name} {self.verb} {self.thing}"
