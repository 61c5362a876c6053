"""What endorsers are asked by a link: to confirm a brief, or to stand by what they say; and their signatures."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from compliance.models.records import Endorser
from workspaces.models import Member
from workspaces.tenancy import TenantModel

STATEMENTS = {
    "understood": _("I have read this and will disclose as it says."),
    "used": _("I have used it myself."),
    "honest": _("What I say are my honest views."),
    "current": _("I still use it, and would say the same today."),
}


class Letter(TenantModel):
    """A brief or a request for an attestation, sent to an endorser as a signed link that lapses. `says` is frozen."""

    class Kind(models.TextChoices):
        BRIEF = "brief", _("Brief")
        ATTESTATION = "attestation", _("Attestation")

    endorser = models.ForeignKey(Endorser, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    brand = models.CharField(max_length=120)
    language = models.CharField(max_length=8)
    statements = models.JSONField(default=list)  # codes of STATEMENTS that are to be signed
    says = models.JSONField(default=dict)  # what the page shows: sections, as they were when it was sent
    note = models.TextField(blank=True)  # the marketer's own words
    email = models.EmailField(blank=True)
    nonce = models.CharField(max_length=32)  # part of the link: another one makes old links lead nowhere
    sent_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_by_name = models.CharField(max_length=160, blank=True)
    sent_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["-pk"]
        indexes = [models.Index(fields=["workspace", "endorser"], name="letter_by_endorser")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} to {self.endorser_id}"

    def open(self, now: datetime) -> bool:
        """Whether its link still leads somewhere."""
        return self.withdrawn_at is None and now < self.expires_at


class Signature(TenantModel):
    """An endorser's word under a letter: by what name, when, to which statements. Appended, never changed."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="signatures")
    endorser = models.ForeignKey(Endorser, on_delete=models.PROTECT, related_name="signatures")
    brand = models.CharField(max_length=120)
    statements = models.JSONField(default=list)
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)  # SHA-256 of what the page showed
    at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.name} under letter {self.letter_id}"
