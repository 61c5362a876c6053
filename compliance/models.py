"""Who praises what for which brand, what they got for it, and what customs said about each text."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from compliance.protocol import ConnectionKind, Outcome
from workspaces.models import Member
from workspaces.tenancy import TenantModel


class Endorser(TenantModel):
    """A person who speaks about a brand: a creator, an employee, a customer."""

    name = models.CharField(max_length=120)
    handles = models.JSONField(default=dict, blank=True)  # network slug -> handle
    place = models.CharField(max_length=2, blank=True)  # ISO country code
    language = models.CharField(max_length=8, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Connection(TenantModel):
    """A material connection: what a brand gave to an endorser, or is to them."""

    endorser = models.ForeignKey(Endorser, on_delete=models.CASCADE, related_name="connections")
    brand = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in ConnectionKind])
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    evidence = models.TextField(blank=True)
    recorded_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.kind} from {self.brand}"


class Verdict(TenantModel):
    """What customs said about one content under one context. Never changed: other bytes ask for another verdict."""

    fingerprint = models.CharField(max_length=64)
    context_digest = models.CharField(max_length=64)
    rules_version = models.CharField(max_length=64)
    network = models.CharField(max_length=40)
    outcome = models.CharField(max_length=8, choices=[(o.value, o.value) for o in Outcome])
    findings = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "fingerprint", "network", "context_digest", "rules_version"],
                name="one_verdict_per_content_and_context",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.fingerprint[:8]}"


class Decision(TenantModel):
    """An officer's word on a verdict that asked for a person. Appended, never edited."""

    class Choice(models.TextChoices):
        APPROVE = "approve", _("Approved")
        ASK = "ask", _("Asked for a fix")
        REJECT = "reject", _("Rejected")

    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="decisions")
    choice = models.CharField(max_length=8, choices=Choice.choices)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.choice} verdict {self.verdict_id}"
