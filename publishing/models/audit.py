"""What the auditor found when it held the networks against our own books."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from networks.models import Account
from publishing.models.publication import Publication
from workspaces.models import Member
from workspaces.tenancy import TenantModel


class Audit(TenantModel):
    """How far the look at one account has come, and when the next one is due."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="audit")
    next_at = models.DateTimeField(db_index=True)
    began_at = models.DateTimeField(null=True, blank=True)  # the look under way, or the last one
    finished_at = models.DateTimeField(null=True, blank=True)
    since = models.DateTimeField(null=True, blank=True)
    complete = models.BooleanField(default=False)  # whether the network showed everything since then
    posts = models.PositiveIntegerField(default=0)
    publications = models.PositiveIntegerField(default=0)
    below_after = models.PositiveBigIntegerField(default=0)  # comments and thread parts up to here are looked at
    trouble = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"audit of account {self.account_id}"


class Sighting(TenantModel):
    """An audit saw this publication on its network: when it is not there later, somebody removed it."""

    publication = models.OneToOneField(Publication, on_delete=models.CASCADE, related_name="sighting")
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"sighting of {self.publication_id}"


class Discrepancy(TenantModel):
    """One post that is not on its network as it is in our books."""

    class Kind(models.TextChoices):
        DOUBLED = "doubled", _("Posted twice")
        MISSING = "missing", _("Never seen on the network")
        UNRECORDED = "unrecorded", _("Live, but not on record as live")
        REMOVED = "removed", _("Removed on the network")
        EDITED = "edited", _("Changed on the network")
        FOREIGN = "foreign", _("Not sent from here")

    class State(models.TextChoices):
        SUSPECTED = "suspected", _("To be looked at again")
        OPEN = "open", _("Open")
        SETTLED = "settled", _("Settled")
        OVER = "over", _("Put right by itself")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    publication = models.ForeignKey(
        Publication, null=True, blank=True, on_delete=models.CASCADE, related_name="discrepancies"
    )
    remote_id = models.CharField(max_length=200)
    url = models.URLField(max_length=1000, blank=True)
    text = models.TextField(blank=True)  # what readers see
    posted_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField()
    last_found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    word = models.CharField(max_length=40, blank=True)  # how it was settled

    class Meta(TenantModel.Meta):
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "remote_id"], name="a_discrepancy_is_told_once"),
            models.CheckConstraint(
                condition=Q(kind="foreign", publication__isnull=True)
                | (~Q(kind="foreign") & Q(publication__isnull=False)),
                name="only_foreign_posts_have_no_publication",
            ),
        ]
        indexes = [models.Index(fields=["workspace", "kind"], condition=Q(state="open"), name="discrepancy_open")]

    def __str__(self) -> str:
        return f"{self.kind} {self.remote_id}"
