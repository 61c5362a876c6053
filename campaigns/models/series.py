"""Posts that come again: a rule or a rotation, and each time it fell due."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.post import Post
from campaigns.rules.recurring import Every, Rule
from workspaces.models import Member
from workspaces.tenancy import TenantModel


class Series(TenantModel):
    """What comes again. Recurring: one post by a rule. Evergreen: several posts in turn, in the queue's free slots."""

    class Kind(models.TextChoices):
        RECURRING = "recurring", _("Recurring")
        EVERGREEN = "evergreen", _("Evergreen")

    class State(models.TextChoices):
        ACTIVE = "active", _("Running")
        PAUSED = "paused", _("Paused")
        ENDED = "ended", _("Ended")

    class Step(models.TextChoices):
        DAY = "day", _("Day")
        WEEK = "week", _("Week")
        MONTH = "month", _("Month")

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.RECURRING)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    every = models.CharField(max_length=6, choices=Step.choices, default=Step.WEEK)
    interval = models.PositiveSmallIntegerField(default=1)
    weekdays = models.JSONField(default=list, blank=True)
    monthday = models.PositiveSmallIntegerField(default=0)
    nth = models.SmallIntegerField(default=0)
    at = models.TimeField(null=True, blank=True)  # recurring: the wall time; evergreen takes the slots' times
    zone = models.CharField(max_length=64)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    count = models.PositiveSmallIntegerField(default=0)
    skips = models.JSONField(default=list, blank=True)  # ISO dates
    gap_days = models.PositiveSmallIntegerField(default=30)  # evergreen: at least so long before a post comes again
    made_until = models.DateField(null=True, blank=True)  # every day up to here has its occurrence
    look_at = models.DateTimeField(null=True, blank=True)  # when the clock looks at it next; null: never
    reason = models.CharField(max_length=300, blank=True)  # why it stands still, for a marketer
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(interval__gte=1), name="a_series_goes_forward"),
            models.CheckConstraint(
                condition=Q(kind="evergreen") | Q(at__isnull=False), name="a_recurring_series_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="a_series_ends_after_it_starts",
            ),
        ]
        indexes = [models.Index(fields=["look_at"], condition=Q(look_at__isnull=False), name="series_to_look_at")]

    def __str__(self) -> str:
        return self.name

    @property
    def rule(self) -> Rule:
        """When it falls; a recurring one."""
        assert self.at is not None  # the constraint says so
        return Rule(
            every=Every(self.every),
            at=self.at,
            zone=self.zone,
            starts_on=self.starts_on,
            interval=self.interval,
            weekdays=tuple(self.weekdays),
            monthday=self.monthday,
            nth=self.nth,
            ends_on=self.ends_on,
            count=self.count,
            skips=frozenset(date.fromisoformat(day) for day in self.skips),
        )


class SeriesPost(TenantModel):
    """One post that a series repeats: its model, which itself is never sent."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="models")
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="in_series")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.post_id} in {self.series_id}"


class Occurrence(TenantModel):
    """One time that a series fell due: at most one a day and series, whoever looks, however often."""

    class State(models.TextChoices):
        MADE = "made", _("Planned")
        STOPPED = "stopped", _("Stopped")  # the gate said no: it is a draft, with the reason
        SKIPPED = "skipped", _("Left out")

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="occurrences")
    day = models.DateField()  # the wall day in the series' zone
    model = models.ForeignKey(Post, null=True, on_delete=models.SET_NULL, related_name="+")
    post = models.OneToOneField(Post, null=True, on_delete=models.SET_NULL, related_name="occurrence")
    state = models.CharField(max_length=8, choices=State.choices, default=State.MADE)
    edited = models.BooleanField(default=False)  # somebody changed this one: the series leaves it alone
    reason = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["series", "day"], name="a_series_falls_once_a_day")]

    def __str__(self) -> str:
        return f"{self.series_id} on {self.day}"


class Batch(TenantModel):
    """Many posts moved at once, and where each was before: one press puts them back."""

    label = models.CharField(max_length=200)
    moves: Any = models.JSONField(default=list)  # [{"post", "before": [local, zone] or null, "after": [local, zone]}]
    by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.label
