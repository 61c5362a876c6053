"""The brake: what stands still just now, since when, why, and who pulled it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from networks.models import Account
from workspaces.models import Member
from workspaces.tenancy import TenantModel


class Brake(TenantModel):
    """One pull of the brake, from the moment it was pulled until it was let go. Open ones stop every claim."""

    class Scope(models.TextChoices):
        WORKSPACE = "workspace", _("Everything")
        ACCOUNT = "account", _("One channel")
        LOT = "lot", _("One campaign")

    class After(models.TextChoices):
        """What becomes of what was due while it was pulled."""

        RULE = "rule", _("Send it now; what is too late follows the workspace's rule")
        SHIFT = "shift", _("Move everything later by as long as the pause lasted")
        ASK = "ask", _("Ask me about each")
        SKIP = "skip", _("Do not send it")

    scope = models.CharField(max_length=10, choices=Scope.choices)
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    lot = models.CharField(max_length=60, blank=True)  # the publications' own; which campaign, the desk knows
    name = models.CharField(max_length=200)  # what stands still, as people call it
    reason = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField()
    by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    after = models.CharField(max_length=8, choices=After.choices, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "scope", "account", "lot"],
                condition=Q(released_at__isnull=True),
                nulls_distinct=False,
                name="a_brake_is_pulled_once",
            ),
            models.CheckConstraint(
                condition=Q(scope="workspace", account__isnull=True, lot="")
                | Q(scope="account", account__isnull=False, lot="")
                | (Q(scope="lot", account__isnull=True) & ~Q(lot="")),
                name="a_brake_stops_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.name}"
