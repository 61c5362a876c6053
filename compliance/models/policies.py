"""How this workspace uses each rule."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compliance.models.days import HasDays, InForce
from workspaces.models import Member
from workspaces.tenancy import TenantManager, TenantModel


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
