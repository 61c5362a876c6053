"""A campaign: why a group of posts is written, for whom, until when, and how its links are counted."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from compliance.models import Endorser
from workspaces.tenancy import TenantModel


class Campaign(TenantModel):
    """A goal with dates. `brand` is whose product it praises: material connections are looked up by it."""

    name = models.CharField(_("name"), max_length=120)
    goal = models.CharField(_("goal"), max_length=200, blank=True)
    brief = models.TextField(_("brief"), blank=True)
    brand = models.CharField(_("brand"), max_length=120, blank=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    colour = models.CharField(
        _("colour"), max_length=7, default="#0B6E66", validators=[RegexValidator(r"^#[0-9A-Fa-f]{6}$")]
    )
    utm_source = models.CharField(_("UTM source"), max_length=80, blank=True)  # empty: the network's name
    utm_medium = models.CharField(_("UTM medium"), max_length=80, default="social")
    utm_campaign = models.CharField(_("UTM campaign"), max_length=80, blank=True)
    endorser = models.ForeignKey(
        Endorser, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("endorser")
    )
    track_links = models.BooleanField(  # null: as the workspace has it
        _("tracked links"), null=True, blank=True
    )
    archived = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="a_campaign_name_is_used_once"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="a_campaign_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tag(self) -> str:
        """The campaign's name in a tracked link."""
        return self.utm_campaign or slugify(self.name)
