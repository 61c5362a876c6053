"""Who praises what for which brand, what they got for it, and what customs said about each text."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compliance.protocol import ConnectionKind, Outcome
from workspaces.models import Member
from workspaces.tenancy import Row, TenantManager, TenantModel, TenantQuerySet

KIND_WORDS = {
    ConnectionKind.PAYMENT: _("Payment"),
    ConnectionKind.FREE_PRODUCT: _("Free product"),
    ConnectionKind.DISCOUNT: _("Discount"),
    ConnectionKind.LOAN: _("Loan"),
    ConnectionKind.TRIP: _("Trip or hospitality"),
    ConnectionKind.COMMISSION: _("Commission"),
    ConnectionKind.CONSULTANCY: _("Consultancy or agency work"),
    ConnectionKind.EMPLOYMENT: _("Employment"),
    ConnectionKind.FAMILY: _("Family or friendship"),
    ConnectionKind.OWNERSHIP: _("Ownership"),
    ConnectionKind.SWEEPSTAKES: _("Entry in a prize draw"),
    ConnectionKind.EARLY_ACCESS: _("Early access"),
}


class InForce(TenantQuerySet[Row]):
    """Rows that hold from one day until another."""

    def on(self, day: date) -> Self:
        """Those in force on `day`; an open end never ends."""
        return self.filter(starts_on__lte=day).exclude(ends_on__lt=day)


class HasDays(TenantModel):
    """A row with a first and perhaps a last day."""

    class Meta(TenantModel.Meta):
        abstract = True

    starts_on: models.DateField[date, date]
    ends_on: models.DateField[date | None, date | None]

    def in_force(self, day: date) -> bool:
        """Whether it holds on `day`."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Endorser(TenantModel):
    """A person who speaks about a brand: a creator, an employee, a customer."""

    name = models.CharField(max_length=120)
    handles = models.JSONField(default=dict, blank=True)  # network slug -> handle
    place = models.CharField(max_length=2, blank=True)  # ISO country code
    language = models.CharField(max_length=8, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Connection(HasDays):
    """A material connection: what a brand gave to an endorser, or is to them."""

    endorser = models.ForeignKey(Endorser, on_delete=models.CASCADE, related_name="connections")
    brand = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=[(kind.value, words) for kind, words in KIND_WORDS.items()])
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    evidence = models.TextField(blank=True)
    recorded_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager.from_queryset(InForce)()  # type: ignore[misc,assignment]  # with a verb of its own

    class Meta(TenantModel.Meta):
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="a_connection_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.brand}"


class Substantiation(HasDays):
    """The evidence a brand holds for one claim, and the day it stops being good for it."""

    brand = models.CharField(_("brand"), max_length=120, blank=True)
    claim = models.CharField(_("claim"), max_length=300)
    evidence = models.TextField(_("evidence"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    recorded_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager.from_queryset(InForce)()  # type: ignore[misc,assignment]  # with a verb of its own

    class Meta(TenantModel.Meta):
        ordering = ["claim"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="evidence_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.claim


class Policy(HasDays):
    """How this workspace uses one rule: on or off, with which parameters, where, from when until when."""

    rule = models.CharField(_("rule"), max_length=60)
    on = models.BooleanField(_("in use"), default=True)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    places = models.JSONField(_("places"), default=list, blank=True)  # ISO country codes; empty: everywhere
    reason = models.TextField(_("reason"), blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    set_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager.from_queryset(InForce)()  # type: ignore[misc,assignment]  # with a verb of its own

    class Meta(TenantModel.Meta):
        ordering = ["rule", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="a_policy_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {'on' if self.on else 'off'}"


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
