"""Who writes to us: a person, and who that is on each network."""

from __future__ import annotations

from django.db import models

from workspaces.tenancy import TenantModel


class Contact(TenantModel):
    """A person we talk to, over one network or several."""

    name = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Identity(TenantModel):
    """Who a contact is on one network. `uid` is the network's own, stable id."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="identities")
    network = models.CharField(max_length=40)
    uid = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    handle = models.CharField(max_length=200, blank=True)
    avatar_url = models.CharField(max_length=1000, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "network", "uid"], name="one_identity_per_network_uid"),
        ]

    def __str__(self) -> str:
        return self.name
