"""A content plan that was read from a file: looked at first, taken whole or not at all, and undone in one go."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.models import Member
from workspaces.tenancy import TenantModel


class Plan(TenantModel):
    """One uploaded plan. `rows` are the parsed lines with their errors; `done` of `total` tells the progress."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("Preview")
        RUNNING = "running", _("Importing")
        IMPORTED = "imported", _("Imported")
        CANCELLED = "cancelled", _("Cancelled")
        UNDONE = "undone", _("Undone")
        FAILED = "failed", _("Failed")

    filename = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PREVIEW)
    rows = models.JSONField(default=list)
    report = models.JSONField(default=list)  # rows that were kept as drafts, each with its reason
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    uploaded_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.filename} ({self.state})"
