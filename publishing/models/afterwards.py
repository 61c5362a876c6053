"""What happens to a post once it is live: its words are changed, and it is measured."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from compliance.models import Verdict
from networks.protocol import Content
from publishing.models.publication import Publication
from workspaces.models import Member
from workspaces.tenancy import TenantModel


class Correction(TenantModel):
    """Other words for a post that is live: they passed the gate again, and this is what became of them."""

    class State(models.TextChoices):
        SENDING = "sending", _("Being changed")
        DONE = "done", _("Changed on the network")
        REFUSED = "refused", _("Not changed")
        UNKNOWN = "unknown", _("Not known whether it was changed")

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="corrections")
    content = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.SENDING)
    reason = models.CharField(max_length=500, blank=True)
    detail = models.TextField(blank=True)
    by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication"], condition=Q(state="sending"), name="one_correction_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"correction of {self.publication_id}: {self.state}"

    @property
    def sealed(self) -> Content:
        """The words and pictures as they are to be."""
        return Content.from_json(self.content)


class Outcome(TenantModel):
    """How a post did, measured once, a day or so after it went live; null where the network does not tell."""

    publication = models.OneToOneField(Publication, on_delete=models.CASCADE, related_name="outcome")
    measured_at = models.DateTimeField()
    views = models.PositiveBigIntegerField(null=True)
    likes = models.PositiveBigIntegerField(null=True)
    comments = models.PositiveBigIntegerField(null=True)
    shares = models.PositiveBigIntegerField(null=True)
    clicks = models.PositiveBigIntegerField(null=True)

    def __str__(self) -> str:
        return f"outcome of {self.publication_id}"

    @property
    def reactions(self) -> int:
        """What readers did: likes, comments, shares and clicks together."""
        return sum(number or 0 for number in (self.likes, self.comments, self.shares, self.clicks))
