"""One sealed content for one account and one time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from compliance.models import Endorser, Verdict
from networks.models import Account
from networks.protocol import Content, Target, TargetKind
from publishing.models.brake import Brake
from workspaces.models import Member
from workspaces.tenancy import TenantManager, TenantModel, TenantQuerySet


class PublicationQuerySet(TenantQuerySet["Publication"]):
    """Publications, asked for in sentences."""

    def on(self, account: Account) -> Self:
        return self.filter(account=account)

    def between(self, start: datetime, end: datetime) -> Self:
        """Due from `start` (inclusive) until `end`, in the order of their times."""
        return self.filter(due_at__gte=start, due_at__lt=end).order_by("due_at", "id")

    def waiting(self) -> Self:
        """Not sent yet, and still meant to be."""
        return self.filter(state__in=WAITING)

    def in_question(self) -> Self:
        return self.filter(state=Publication.State.RECONCILING)

    def live(self) -> Self:
        return self.filter(state=Publication.State.PUBLISHED)

    def for_a_person(self) -> Self:
        """Those that go no further until somebody decides, the most pressing first."""
        return self.filter(state__in=FOR_A_PERSON).order_by("due_at", "id")

    def continued_while_held(self) -> Self:
        """Those that something held waits for."""
        held = Q(children__state=Publication.State.HELD, children__held_for=Publication.Hold.PARENT)
        return self.filter(held).distinct()

    def for_display(self) -> Self:
        """With what a list shows, so that a row costs no query."""
        return self.select_related("account").prefetch_related("attempts")


class Publication(TenantModel):
    """A sealed content, an account and a time: exactly one post, and a receipt."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        AWAITING_APPROVAL = "awaiting_approval", _("Needs approval")
        SCHEDULED = "scheduled", _("Scheduled")
        HANDED = "handed", _("With a person")
        PUBLISHING = "publishing", _("Publishing")
        RECONCILING = "reconciling", _("Checking")
        PUBLISHED = "published", _("Published")
        REFUSED = "refused", _("Refused")
        NEEDS_ATTENTION = "needs_attention", _("Needs attention")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")
        MISSED = "missed", _("Missed")
        DELETED_REMOTE = "deleted_remote", _("Deleted on the network")

    class Hold(models.TextChoices):
        """What a held publication waits for."""

        CUSTOMS = "customs", _("the compliance check")
        ACCOUNT = "account", _("the account to be reconnected")
        PARENT = "parent", _("the post it continues")
        PERSON = "person", _("a person")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=20, choices=State.choices, default=State.SCHEDULED)
    held_for = models.CharField(max_length=12, choices=Hold.choices, blank=True)
    reason = models.CharField(max_length=500, blank=True)  # for a marketer: why it is where it is
    detail = models.TextField(blank=True)  # the network's own words, for support
    # When: PostgreSQL's clock decides what is due; local_at and zone say what the person meant.
    due_at = models.DateTimeField()
    local_at = models.DateTimeField(null=True, blank=True)
    by_hand = models.BooleanField(default=False, db_default=False)  # as its account: a person posts it
    zone = models.CharField(max_length=64, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    # Who holds it.
    fence = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    hinted_at = models.DateTimeField(null=True, blank=True)
    # When nobody knows whether it is live: since when, how often we looked, and an id the network named.
    questioned_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    looks = models.PositiveSmallIntegerField(default=0)
    hint = models.CharField(max_length=200, blank=True)
    absent_at = models.DateTimeField(null=True, blank=True)
    absences = models.PositiveSmallIntegerField(default=0)  # complete listings without it, since the last send
    attempts_made = models.PositiveSmallIntegerField(default=0)
    # What it answers or continues.
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    after_parent = models.DurationField(default=timedelta, db_default=Value(timedelta()))  # at least so long after it
    target_kind = models.CharField(max_length=16, blank=True, choices=[(k.value, k.value) for k in TargetKind])
    target_post_id = models.CharField(max_length=200, blank=True)
    target_message_id = models.CharField(max_length=200, blank=True)
    target_author_uid = models.CharField(max_length=200, blank=True)
    queued_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    lot = models.CharField(max_length=60, blank=True, default="", db_default="")  # a campaign: the brake stops it whole
    # What customs need, and what they said about these bytes.
    endorser = models.ForeignKey(Endorser, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    brands = models.JSONField(default=list, blank=True)  # whose products it praises; empty: all the endorser is tied to
    around = models.JSONField(default=dict, blank=True)  # what else is known of it: what is spoken, overlaid, ...
    verdict = models.ForeignKey(Verdict, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # The receipt.
    remote_id = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 - null until it is live
    url = models.URLField(max_length=1000, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager.from_queryset(PublicationQuerySet)()  # type: ignore[misc,assignment]  # with verbs of its own

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
            models.CheckConstraint(
                condition=~Q(state="held") | ~Q(held_for=""),
                name="held_means_it_waits_for_something",
            ),
        ]
        indexes = [
            models.Index(Greatest("due_at", "not_before"), condition=Q(state="scheduled"), name="publication_ready"),
            # The sweep walks from workspace to workspace on this one, so that a full queue delays nobody else.
            models.Index(
                F("workspace"),
                Greatest("due_at", "not_before"),
                condition=Q(state="scheduled"),
                name="publication_ready_fairly",
            ),
            models.Index(fields=["hinted_at"], condition=Q(state="scheduled"), name="publication_hinted"),
            models.Index(fields=["lease_until"], condition=Q(state="publishing"), name="publication_leased"),
            models.Index(fields=["not_before"], condition=Q(state="reconciling"), name="publication_in_question"),
            models.Index(fields=["account"], condition=Q(state="held"), name="publication_held"),
            models.Index(
                fields=["due_at"],
                condition=Q(by_hand=True, state__in=("scheduled", "handed", "publishing")),
                name="publication_by_hand",
            ),
            models.Index(fields=["workspace", "due_at"], name="publication_by_time"),
            models.Index(fields=["published_at"], condition=Q(state="published"), name="publication_live_since"),
            models.Index(
                fields=["workspace", "due_at"],
                condition=Q(state__in=("needs_attention", "refused", "missed", "held")),
                name="publication_for_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"publication {self.pk} ({self.state})"

    @staticmethod
    def unbraked() -> Q:
        """Nobody has pulled a brake that stops it: a condition of the claim itself, inside its SQL."""
        pulled = Brake.objects.filter(released_at__isnull=True, lot=OuterRef("lot"), scope=Brake.Scope.LOT)
        running = Q(workspace__publishing_paused=False, account__paused=False)
        return running & (Q(lot="") | ~Q(Exists(pulled)))

    @property
    def sealed(self) -> Content:
        """What a reader will see."""
        return Content.from_json(self.content)

    @property
    def target(self) -> Target | None:
        """What it answers or continues; None for a post of its own."""
        if not self.target_kind:
            return None
        return Target(
            kind=TargetKind(self.target_kind),
            post_id=self.target_post_id,
            message_id=self.target_message_id,
            author_uid=self.target_author_uid,
        )


WAITING = (
    Publication.State.DRAFT,
    Publication.State.AWAITING_APPROVAL,
    Publication.State.SCHEDULED,
    Publication.State.HANDED,
    Publication.State.HELD,
)


FOR_A_PERSON = (
    Publication.State.NEEDS_ATTENTION,
    Publication.State.REFUSED,
    Publication.State.MISSED,
    Publication.State.HELD,
)
