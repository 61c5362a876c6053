"""What customs said about a text, and what its officers decided."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compliance.models.records import Endorser
from compliance.protocol import Outcome
from workspaces.models import Member
from workspaces.tenancy import TenantModel


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


class Case(TenantModel):
    """A text that waits for a person's word. `key` names what waits (one open case each); `link` is its page."""

    class Status(models.TextChoices):
        OPEN = "open", _("To review")
        WAITING = "waiting", _("Waiting for a fix")
        DECIDED = "decided", _("Decided")
        LAPSED = "lapsed", _("Replaced by a newer text")

    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="cases")
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    content = models.JSONField()
    network = models.CharField(max_length=40)
    account_name = models.CharField(max_length=200, blank=True)
    link = models.CharField(max_length=500, blank=True)
    endorser = models.ForeignKey(Endorser, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    author = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "key"], condition=Q(status="open"), name="one_open_case_for_each_text"
            ),
        ]
        indexes = [models.Index(F("workspace"), F("status"), F("due_at"), name="case_by_time_to_live")]

    def __str__(self) -> str:
        return f"CR-{self.pk}"


class Decision(TenantModel):
    """An officer's word on a verdict that asked for a person. Appended, never edited; a later one takes its place."""

    class Choice(models.TextChoices):
        APPROVE = "approve", _("Approved")
        ASK = "ask", _("Asked for a fix")
        REJECT = "reject", _("Rejected")

    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="decisions")
    choice = models.CharField(max_length=8, choices=Choice.choices)
    reason = models.TextField(blank=True)
    message = models.TextField(blank=True)
    # A decision outlives the membership of who took it.
    by = models.ForeignKey(Member, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    by_name = models.CharField(max_length=160, blank=True)
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.choice} verdict {self.verdict_id}"
