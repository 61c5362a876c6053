"""What the workspace's own site told: who landed there from which post, and what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workspaces.models import Member
from workspaces.tenancy import TenantModel


class Site(TenantModel):
    """A site that tells of visits. Its key stands in its pages for everyone to read: it opens nothing."""

    host = models.CharField(max_length=253)
    key = models.CharField(max_length=24, unique=True)
    told_at = models.DateTimeField(null=True, blank=True)  # when it was last heard of
    paused = models.BooleanField(default=False)
    added_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["host"]
        constraints = [models.UniqueConstraint(fields=["workspace", "host"], name="a_site_is_added_once")]

    def __str__(self) -> str:
        return self.host


class Labels(models.Model):
    """Where a visit came from. `campaign` and `post` are numbers of the floors above; 0 where there is none."""

    link = models.BigIntegerField(default=0)
    campaign = models.BigIntegerField(default=0)
    post = models.BigIntegerField(default=0)
    network = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=120, blank=True)  # utm_source, else the referring host
    medium = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=120, blank=True)  # utm_campaign, as the address said it

    class Meta:
        abstract = True


LABELS = ("link", "campaign", "post", "network", "source", "medium", "name")


class VisitDay(TenantModel, Labels):
    """Landings of one day from one place, counted."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    visits = models.PositiveBigIntegerField(default=0)
    visitors = models.PositiveBigIntegerField(default=0)  # landed for the first time that day
    again = models.PositiveBigIntegerField(default=0)
    unhashed = models.PositiveBigIntegerField(default=0)  # asked not to be tracked

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["site", "day", *LABELS], name="a_place_has_one_row_a_day")]
        indexes = [models.Index(fields=["workspace", "day"], name="visit_days_of_a_workspace")]

    def __str__(self) -> str:
        return f"{self.visits} on {self.day}"


class Touch(TenantModel, Labels):
    """One landing of somebody today: what a conversion later that day is credited to. Goes with the day."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    digest = models.CharField(max_length=22)  # of the visitor, salted by the day
    click = models.CharField(max_length=12, blank=True)  # the click it came by, counted once
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["site", "click"], condition=~Q(click=""), name="a_click_lands_once")
        ]
        indexes = [
            models.Index(fields=["site", "day", "digest"], name="touches_of_somebody"),
            models.Index(fields=["day"], name="touches_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.source} on {self.day}"


class Conversion(TenantModel):
    """Something a visit led to: an order, a sign-up. `key` is the site's own word for it: told twice, it is one."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="conversions")
    key = models.CharField(max_length=80)
    goal = models.CharField(max_length=60, blank=True)
    value = models.DecimalField(max_digits=16, decimal_places=4, default=0)
    currency = models.CharField(max_length=3, blank=True)
    day = models.DateField()
    at = models.DateTimeField()
    touches = models.PositiveSmallIntegerField(default=0)  # how many landings it is credited to

    class Meta(TenantModel.Meta):
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["site", "key"], name="a_conversion_counts_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="a_conversion_takes_nothing_away"),
            models.CheckConstraint(condition=Q(value=0) | ~Q(currency=""), name="a_value_has_a_currency"),
        ]
        indexes = [models.Index(fields=["workspace", "day"], name="conversions_by_day")]

    def __str__(self) -> str:
        return f"{self.goal} {self.value} {self.currency}".strip()


class Credit(TenantModel, Labels):
    """One landing's part in a conversion under one way of sharing. A way's credits sum to the value exactly."""

    class Model(models.TextChoices):
        FIRST = "first", _("First touch")
        LAST = "last", _("Last touch")
        LINEAR = "linear", _("Shared evenly")

    conversion = models.ForeignKey(Conversion, on_delete=models.CASCADE, related_name="credits")
    model = models.CharField(max_length=6, choices=Model.choices)
    day = models.DateField()
    currency = models.CharField(max_length=3, blank=True)
    value = models.DecimalField(max_digits=16, decimal_places=4)
    part = models.DecimalField(max_digits=9, decimal_places=8)  # of the one conversion

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["workspace", "model", "day"], name="credits_by_day")]

    def __str__(self) -> str:
        return f"{self.model}: {self.value} {self.currency}"
