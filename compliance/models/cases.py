"""What customs said about a text, and what its officers decided."""

from __future__ import annotations

from datetime import datetime, timedelta

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
    """A text that waits for a person's word. `key` names what waits (one open case each); `link` is its page.

    `due_at` is its slot, `decide_by` when the desk promised a word. `tend_at`: when the clock must look at it next.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("To review")
        SECOND = "second", _("Waiting for a second officer")
        WAITING = "waiting", _("Waiting for a fix")
        DECIDED = "decided", _("Decided")
        LAPSED = "lapsed", _("Replaced by a newer text")

    class Alarm(models.IntegerChoices):
        """What the officers were told about its time."""

        NONE = 0, _("in time")
        NEAR = 1, _("due soon")
        MISSED = 2, _("late")

    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="cases")
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    content = models.JSONField()
    network = models.CharField(max_length=40)
    account_name = models.CharField(max_length=200, blank=True)
    link = models.CharField(max_length=500, blank=True)
    endorser = models.ForeignKey(Endorser, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    author = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    assignee = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
    decide_by = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    alarm = models.PositiveSmallIntegerField(choices=Alarm.choices, default=Alarm.NONE)
    tend_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True)  # its slot passed before anybody decided
    told_at = models.DateTimeField(null=True, blank=True)  # its author was told of the decision
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "key"], condition=Q(status="open"), name="one_open_case_for_each_text"
            ),
        ]
        indexes = [
            models.Index(F("workspace"), F("status"), F("due_at"), name="case_by_time_to_live"),
            models.Index(fields=["tend_at"], condition=Q(tend_at__isnull=False), name="case_to_tend"),
            models.Index(F("workspace"), F("key"), name="case_by_key"),
        ]

    def __str__(self) -> str:
        return f"CR-{self.pk}"


class Decision(TenantModel):
    """An officer's word on a verdict. Appended, never edited; a later one takes its place.

    It takes effect `undo_seconds` after it was taken, by the database's clock; until then whoever took it may append
    a withdrawal. An override lets a stopped text pass until `expires_at`, once a second officer consents.
    """

    class Choice(models.TextChoices):
        APPROVE = "approve", _("Approved")
        ASK = "ask", _("Asked for a fix")
        REJECT = "reject", _("Rejected")
        OVERRIDE = "override", _("Asked for an override")
        CONSENT = "consent", _("Consented to the override")
        DECLINE = "decline", _("Declined the override")
        WITHDRAW = "withdraw", _("Took it back")

    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="decisions")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions")
    choice = models.CharField(max_length=8, choices=Choice.choices)
    answers = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="answered_by")
    reasons = models.JSONField(default=list, blank=True)  # the chips: rules' codes and the desk's own reasons
    reason = models.TextField(blank=True)
    message = models.TextField(blank=True)
    undo_seconds = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True)
    # A decision outlives the membership of who took it.
    by = models.ForeignKey(Member, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    by_name = models.CharField(max_length=160, blank=True)
    # Both are the database's own, whatever is written: no clock but its own moves a decision.
    decided_at = models.DateTimeField(auto_now_add=True)
    takes_effect_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(choice="override") | (Q(expires_at__isnull=False) & ~Q(reason="")),
                name="an_override_has_a_reason_and_an_end",
            ),
            models.CheckConstraint(
                condition=Q(choice__in=["withdraw", "consent", "decline"], answers__isnull=False)
                | (~Q(choice__in=["withdraw", "consent", "decline"]) & Q(answers__isnull=True)),
                name="what_answers_a_decision_names_it",
            ),
            models.UniqueConstraint(
                fields=["answers"], condition=Q(choice="withdraw"), name="a_decision_is_taken_back_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.choice} verdict {self.verdict_id}"

    @property
    def may_be_undone_until(self) -> datetime:
        """When it can no longer be taken back; the database has the last word."""
        return self.decided_at + timedelta(seconds=self.undo_seconds)
