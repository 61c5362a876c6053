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
    """A person who speaks about a brand: a creator, an employee, a customer. The database keeps every version."""

    class Audience(models.TextChoices):
        """How old most of those are who follow them."""

        CHILDREN = "under_13", _("Under 13")
        TEENS = "13_17", _("13 to 17")
        YOUNG = "18_24", _("18 to 24")
        ADULTS = "25_44", _("25 to 44")
        OLDER = "45_up", _("45 and older")
        MIXED = "mixed", _("All ages")

    name = models.CharField(max_length=120)
    handles = models.JSONField(default=dict, blank=True)  # network slug -> handle
    place = models.CharField(max_length=2, blank=True)  # ISO country code
    language = models.CharField(max_length=8, blank=True)
    email = models.EmailField(blank=True)  # where they are asked to mend a post
    audience_age = models.CharField(max_length=8, choices=Audience.choices, blank=True, db_default="")
    audience_places = models.JSONField(
        default=list, blank=True, db_default=models.Value([], models.JSONField())
    )  # ISO country codes
    notes = models.TextField(blank=True, db_default="")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_by_name = models.CharField(max_length=160, blank=True, db_default="")
    version = models.PositiveIntegerField(default=1, editable=False, db_default=1)  # counted by the database

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["workspace", "name"], name="endorser_by_name")]

    def __str__(self) -> str:
        return self.name


class Document(TenantModel):
    """One file that proves something: a contract, a trial, a certificate. Only ever downloaded, never shown inline."""

    file = models.FileField(max_length=300)  # its key is chosen by the verb that keeps it
    filename = models.CharField(max_length=200)
    mime = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    # A file outlives the membership of who kept it.
    kept_by = models.ForeignKey(Member, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    kept_by_name = models.CharField(max_length=160, blank=True)
    kept_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.filename


class Connection(HasDays):
    """A material connection: what a brand gave to an endorser, or is to them. Amended, the database keeps both."""

    endorser = models.ForeignKey(Endorser, on_delete=models.CASCADE, related_name="connections")
    brand = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=[(kind.value, words) for kind, words in KIND_WORDS.items()])
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    evidence = models.TextField(blank=True)
    contract = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_by_name = models.CharField(max_length=160, blank=True, db_default="")
    recorded_at = models.DateTimeField(auto_now_add=True)
    amended_because = models.CharField(max_length=300, blank=True, db_default="")
    version = models.PositiveIntegerField(default=1, editable=False, db_default=1)  # counted by the database

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

    class Kind(models.TextChoices):
        """What sort of evidence it is, the strongest first."""

        TRIAL = "trial", _("Human trial of this very product")
        STUDY = "study", _("Human study of an ingredient")
        LABORATORY = "laboratory", _("Laboratory or animal test")
        SURVEY = "survey", _("Survey of users")
        FIGURES = "figures", _("Sales or market figures")
        CERTIFICATE = "certificate", _("Certificate or official approval")
        EXPERT = "expert", _("Expert's statement")
        ORIGIN = "origin", _("Proof of origin or make")
        OTHER = "other", _("Something else")

    brand = models.CharField(_("brand"), max_length=120, blank=True)
    claim = models.CharField(_("claim"), max_length=300)
    kind = models.CharField(
        _("kind of evidence"), max_length=12, choices=Kind.choices, default=Kind.OTHER, db_default="other"
    )
    evidence = models.TextField(_("evidence"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    documents = models.ManyToManyField(Document, through="Exhibit", related_name="+")
    recorded_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_by_name = models.CharField(max_length=160, blank=True, db_default="")
    recorded_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False, db_default=1)  # counted by the database

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


class Exhibit(TenantModel):
    """One file of the evidence for one claim."""

    substantiation = models.ForeignKey(Substantiation, on_delete=models.CASCADE, related_name="exhibits")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.document_id} for {self.substantiation_id}"


class RecordVersion(TenantModel):
    """One version of a record as it stood: written by the database itself whenever a record changes, never changed."""

    class Kind(models.TextChoices):
        ENDORSER = "endorser", _("Endorser")
        CONNECTION = "connection", _("Connection")
        SUBSTANTIATION = "substantiation", _("Evidence for a claim")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    record = models.PositiveBigIntegerField()
    number = models.PositiveIntegerField()
    what = models.JSONField()
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "kind", "record", "number"], name="a_version_is_kept_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record} version {self.number}"
