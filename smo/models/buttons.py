"""Saved sets of share buttons: a name, and every version of how they looked."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from smo.rules.buttons import Design
from workspaces.tenancy import TenantModel


class ButtonSet(TenantModel):
    """Share buttons under a name; `number` says which version is in use."""

    name = models.CharField(max_length=80)
    number = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    away_at = models.DateTimeField(null=True, blank=True)  # put away: what is on pages goes on working

    class Meta(TenantModel.Meta):
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"], condition=Q(away_at__isnull=True), name="a_set_of_buttons_has_its_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ButtonVersion(TenantModel):
    """One version of a set, as it was saved. `links`: a button's slug -> the tracked link that is shared by it."""

    button_set = models.ForeignKey(ButtonSet, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    kept = models.JSONField()
    links = models.JSONField(default=dict)
    by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["button_set", "number"], name="a_version_of_buttons_has_its_number")
        ]

    def __str__(self) -> str:
        return f"{self.button_set_id} v{self.number}"

    @property
    def design(self) -> Design:
        """How it looked."""
        return Design.from_json(self.kept)
