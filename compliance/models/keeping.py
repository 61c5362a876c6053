"""How long evidence is kept, what stops its deletion, who looked at it, and the packs made of it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workspaces.models import Member
from workspaces.tenancy import Row, TenantManager, TenantModel, TenantQuerySet

EVIDENCE_DAYS = 7 * 365 + 2


class Keeping(TenantModel):
    """A workspace's own answer to how long records are kept and when people are reminded. In days."""

    evidence_days = models.PositiveIntegerField(_("Keep evidence for (days)"), default=EVIDENCE_DAYS)
    notice_days = models.PositiveIntegerField(_("Tell before evidence for a claim ends (days)"), default=30)
    letter_days = models.PositiveIntegerField(_("Links to endorsers are good for (days)"), default=30)
    reminder_days = models.PositiveIntegerField(_("Remind an endorser every (days)"), default=3)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace"], name="a_workspace_has_one_answer_on_keeping"),
            models.CheckConstraint(condition=Q(evidence_days__gte=30), name="evidence_is_kept_for_a_month_at_least"),
            models.CheckConstraint(
                condition=Q(letter_days__gte=1) & Q(letter_days__lte=365), name="a_link_lapses_within_a_year"
            ),
            models.CheckConstraint(condition=Q(reminder_days__gte=1), name="nobody_is_reminded_twice_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_days} days"


class Holds(TenantQuerySet[Row]):
    """Legal holds, asked for in sentences."""

    def in_force(self, now: datetime) -> models.QuerySet[Row]:
        """Those that stop deletion at `now`."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=now.date()), lifted_at__isnull=True)


class LegalHold(TenantModel):
    """Stops the deletion of evidence: all of it, an endorser's, or one publication's. Lifted, never removed."""

    endorser_number = models.PositiveBigIntegerField(null=True, blank=True)
    subject = models.CharField(max_length=120, blank=True)  # like "publication:7"
    reason = models.CharField(_("Why"), max_length=500)
    until = models.DateField(_("Until"), null=True, blank=True)
    set_by = models.ForeignKey(Member, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    set_by_name = models.CharField(max_length=160)
    set_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by_name = models.CharField(max_length=160, blank=True)
    lifted_because = models.CharField(max_length=500, blank=True)

    objects = TenantManager.from_queryset(Holds)()  # type: ignore[misc,assignment]  # with a verb of its own

    class Meta(TenantModel.Meta):
        ordering = [F("lifted_at").asc(nulls_first=True), "-pk"]

    def __str__(self) -> str:
        return f"hold {self.pk}: {self.reason}"

    def holds(self, day: date) -> bool:
        """Whether it stops deletion on `day`."""
        return self.lifted_at is None and (self.until is None or day <= self.until)


class Look(TenantModel):
    """Somebody looked at evidence, a pack or a contract: who, at what, when and how. Appended, never changed."""

    class Way(models.TextChoices):
        PAGE = "page", _("Read")
        DOWNLOAD = "download", _("Downloaded")
        API = "api", _("Read through the API")

    thing = models.CharField(max_length=120)  # like "evidence:12", "pack:3", "document:5"
    way = models.CharField(max_length=8, choices=Way.choices)
    by = models.ForeignKey(Member, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    by_name = models.CharField(max_length=160)
    at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["-pk"]
        indexes = [models.Index(fields=["workspace", "thing"], name="look_by_thing")]

    def __str__(self) -> str:
        return f"{self.by_name} {self.way} {self.thing}"


class Pack(TenantModel):
    """Evidence in one file, made in the background. The chain up to link `through`; `done` of `total` tells how far."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    title = models.CharField(max_length=200)
    subjects = models.JSONField(default=list)  # like ["publication:7"]; empty: no matter which
    endorser_number = models.PositiveBigIntegerField(null=True, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=8, default="en")
    through = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    file = models.FileField(max_length=300, blank=True)  # its key is chosen by the verb that keeps it
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    problem = models.TextField(blank=True)
    asked_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_by_name = models.CharField(max_length=160, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title


class ConnectionImport(TenantModel):
    """Connections read from a CSV file: looked at first, then put on record row by row or thrown away."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("Preview")
        IMPORTED = "imported", _("Imported")
        REJECTED = "rejected", _("Thrown away")

    filename = models.CharField(max_length=200)
    rows = models.JSONField(default=list)  # each: line, values, errors, note
    state = models.CharField(max_length=8, choices=State.choices, default=State.PREVIEW)
    by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.filename
