"""What is on record: endorsers, what ties them to a brand, and the evidence for claims."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compliance.models.days import HasDays, InForce
from compliance.protocol import ConnectionKind
from workspaces.models import Member
from workspaces.tenancy import TenantManager, TenantModel

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


class Endorser(TenantModel):
    """A person who speaks about a brand: a creator, an employee, a customer."""

    name = models.CharField(max_length=120)
    handles = models.JSONField(default=dict, blank=True)  # network slug -> handle
    place = models.CharField(max_length=2, blank=True)  # ISO country code
    language = models.CharField(max_length=8, blank=True)
    email = models.EmailField(blank=True)  # where they are asked to mend a post
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
