"""What a network told us, kept as it came."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from networks.models import Account
from workspaces.tenancy import TenantModel


class InboundEvent(TenantModel):
    """One thing a network told us, kept as it came before anybody understands it: never lost, never twice."""

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        PROCESSED = "processed", _("Processed")
        FAILED = "failed", _("Failed")
        PARKED = "parked", _("Parked")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=250)
    payload = models.JSONField()  # the event in the shared vocabulary, with the network's own JSON in `raw`
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    received_at = models.DateTimeField(auto_now_add=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    processed_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="an_event_is_kept_once")]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(state__in=["received", "failed"]), name="event_to_do"),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.state})"
