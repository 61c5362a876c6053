"""The accounts a workspace publishes to, and how well each is connected."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.tenancy import TenantModel


class Account(TenantModel):
    """One account, page or channel at one network. `network` is the network's slug, `uid` its own id there."""

    class Health(models.TextChoices):
        CONNECTED = "connected", _("Connected")
        RECONNECT = "reconnect", _("Needs reconnecting")
        DISCONNECTED = "disconnected", _("Disconnected")

    network = models.CharField(max_length=40)
    uid = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    handle = models.CharField(max_length=200, blank=True)
    avatar_url = models.URLField(max_length=1000, blank=True)
    health = models.CharField(max_length=16, choices=Health.choices, default=Health.CONNECTED)
    health_reason = models.CharField(max_length=500, blank=True)
    sealed = models.BinaryField(default=b"")  # credentials under the workspace's data key
    expires_at = models.DateTimeField(null=True, blank=True)
    refreshed_at = models.DateTimeField(null=True, blank=True)
    paused = models.BooleanField(default=False)
    heard_at = models.DateTimeField(null=True, blank=True)  # the newest event seen, for the alarm and the poll
    connected_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "network", "uid"], name="an_account_is_connected_once"),
        ]
        indexes = [models.Index(fields=["network", "uid"], name="account_by_uid")]

    def __str__(self) -> str:
        return f"{self.name} ({self.network})"
