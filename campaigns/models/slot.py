"""When an account usually posts: a weekday and a time."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from networks.models import Account
from workspaces.tenancy import TenantModel


class Slot(TenantModel):
    """One place in an account's week that the queue fills. `zone` empty: the workspace's."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    at = models.TimeField()
    zone = models.CharField(max_length=64, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["weekday", "at"]
        constraints = [
            models.UniqueConstraint(fields=["account", "weekday", "at"], name="a_slot_is_there_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="a_week_has_seven_days"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.at:%H:%M}"
