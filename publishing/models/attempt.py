"""Each try at sending leaves a line."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from compliance.models import Verdict
from publishing.models.publication import Publication
from workspaces.tenancy import TenantModel


class Attempt(TenantModel):
    """One try at sending: written before a byte leaves, settled once, never changed after."""

    class Result(models.TextChoices):
        SENDING = "sending", _("Sending")
        UNKNOWN = "unknown", _("Unknown")
        SUCCEEDED = "succeeded", _("Succeeded")
        REFUSED = "refused", _("Refused")
        LATER = "later", _("To be tried later")
        ABSENT = "absent", _("Proved absent")
        RECONNECT = "reconnect", _("Account needs reconnecting")

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="attempts")
    fence = models.PositiveBigIntegerField()
    fingerprint = models.CharField(max_length=64)
    verdict = models.ForeignKey(Verdict, null=True, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=12, choices=Result.choices, default=Result.SENDING)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=500, blank=True)  # for a marketer
    detail = models.TextField(blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["publication"],
                condition=Q(result__in=["sending", "unknown"]),
                name="one_open_attempt_per_publication",
            ),
            models.UniqueConstraint(
                fields=["publication"], condition=Q(result="succeeded"), name="a_publication_succeeds_once"
            ),
            models.UniqueConstraint(fields=["publication", "fence"], name="one_attempt_per_fence"),
        ]
        indexes = [BrinIndex(fields=["started_at"], name="attempt_lately")]

    def __str__(self) -> str:
        return f"attempt {self.fence} of publication {self.publication_id}: {self.result}"
