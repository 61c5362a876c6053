"""The post office's books: one publication is one sealed content for one account, and each attempt leaves a line."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compliance.models import Endorser, Verdict
from networks.models import Account
from networks.protocol import TargetKind
from workspaces.tenancy import TenantModel


class Publication(TenantModel):
    """A sealed content, an account and a time: exactly one post, and a receipt."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        AWAITING_APPROVAL = "awaiting_approval", _("Needs approval")
        SCHEDULED = "scheduled", _("Scheduled")
        PUBLISHING = "publishing", _("Publishing")
        RECONCILING = "reconciling", _("Checking")
        PUBLISHED = "published", _("Published")
        REFUSED = "refused", _("Refused")
        NEEDS_ATTENTION = "needs_attention", _("Needs attention")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")
        MISSED = "missed", _("Missed")
        DELETED_REMOTE = "deleted_remote", _("Deleted on the network")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=20, choices=State.choices, default=State.SCHEDULED)
    reason = models.CharField(max_length=500, blank=True)  # for a marketer: why it is where it is
    detail = models.TextField(blank=True)  # the network's own words, for support
    # When: PostgreSQL's clock decides what is due; local_at and zone say what the person meant.
    due_at = models.DateTimeField()
    local_at = models.DateTimeField(null=True, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    # Who holds it.
    fence = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    hinted_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    absences = models.PositiveSmallIntegerField(default=0)  # complete listings without it, since the last send
    attempts_made = models.PositiveSmallIntegerField(default=0)
    # What it answers or continues.
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    target_kind = models.CharField(max_length=16, blank=True, choices=[(k.value, k.value) for k in TargetKind])
    target_post_id = models.CharField(max_length=200, blank=True)
    target_message_id = models.CharField(max_length=200, blank=True)
    target_author_uid = models.CharField(max_length=200, blank=True)
    # What customs need, and what they said about these bytes.
    endorser = models.ForeignKey(Endorser, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    verdict = models.ForeignKey(Verdict, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # The receipt.
    remote_id = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 - null until it is live
    url = models.URLField(max_length=1000, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["account", "remote_id"],
                condition=Q(remote_id__isnull=False),
                name="a_remote_post_has_one_publication",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "deleted_remote"]) | Q(remote_id__isnull=False),
                name="published_means_it_has_a_remote_id",
            ),
            models.CheckConstraint(
                condition=Q(remote_id__isnull=True) | Q(state__in=["published", "deleted_remote"]),
                name="a_remote_id_means_it_was_published",
            ),
            models.CheckConstraint(
                condition=~Q(state="publishing") | Q(lease_until__isnull=False),
                name="publishing_means_it_has_a_lease",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="scheduled"), name="publication_due"),
            models.Index(fields=["lease_until"], condition=Q(state="publishing"), name="publication_leased"),
            models.Index(fields=["looked_at"], condition=Q(state="reconciling"), name="publication_in_question"),
            models.Index(F("workspace"), F("due_at"), name="publication_by_time"),
        ]

    def __str__(self) -> str:
        return f"publication {self.pk} ({self.state})"


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

    def __str__(self) -> str:
        return f"attempt {self.fence} of publication {self.publication_id}: {self.result}"
