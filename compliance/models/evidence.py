"""The sealed chain of evidence: what went out, how readers saw it, and on which records."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.tenancy import TenantModel


class Evidence(TenantModel):
    """One link of a workspace's chain: numbered, dated and chained by the database, never changed or removed.

    Its digest covers the digest of its body, so the body can be thrown away when its time is over and the chain
    still verifies.
    """

    class Kind(models.TextChoices):
        PUBLICATION = "publication", _("Publication")
        RENDERING = "rendering", _("Preview")
        SIGNATURE = "signature", _("Signature")
        PACK = "pack", _("Evidence pack")
        TOMBSTONE = "tombstone", _("Deleted when its time was over")

    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    subject = models.CharField(max_length=120)  # like "publication:7"; also in the body
    endorser_number = models.PositiveBigIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    body_sha256 = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta(TenantModel.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="evidence_numbers_have_no_twins"),
        ]
        indexes = [
            models.Index(fields=["workspace", "subject"], name="evidence_by_subject"),
            models.Index(fields=["workspace", "endorser_number", "at"], name="evidence_by_endorser"),
            models.Index(fields=["workspace", "kind", "at"], name="evidence_by_time"),
        ]

    def __str__(self) -> str:
        return f"evidence {self.number} ({self.subject})"


class EvidenceBody(TenantModel):
    """What a link seals, byte for byte. Only retention removes it, never while a legal hold is in force."""

    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, related_name="body")
    text = models.TextField()

    def __str__(self) -> str:
        return f"body of {self.evidence_id}"


class EvidenceHead(TenantModel):
    """Where a workspace's chain ends: the lock that orders links, and what shows that a tail was cut."""

    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace"], name="a_workspace_has_one_evidence_head")]

    def __str__(self) -> str:
        return f"evidence head {self.number}"


class EvidenceFile(TenantModel):
    """A picture or page that belongs to a link: `sha256` stands in the link's body. Goes when the body goes."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=60)
    mime = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    key = models.CharField(max_length=300)  # in the storage

    class Meta(TenantModel.Meta):
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.name} of {self.evidence_id}"


class EvidenceWork(TenantModel):
    """How far the background work on a workspace's chain has come: links drawn, and links anchored outside."""

    drawn = models.PositiveBigIntegerField(default=0)
    anchored = models.PositiveBigIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True)  # when the audit trail last heard of the chain's end

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace"], name="a_workspace_has_one_line_of_evidence_work")]

    def __str__(self) -> str:
        return f"drawn to {self.drawn}, anchored to {self.anchored}"
