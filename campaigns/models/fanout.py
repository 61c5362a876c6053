"""An article that the other channels are told about, day by day, once it is live."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.post import Post, Variant
from networks.models import Account
from workspaces.models import Member
from workspaces.tenancy import TenantModel


class FanOut(TenantModel):
    """A post and the status updates that follow it. They need its address, so they wait until it is live there."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for the article's address")
        PLANNED = "planned", _("Planned")
        UNDONE = "undone", _("Undone")

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="fan_outs")
    variant = models.ForeignKey(Variant, null=True, on_delete=models.SET_NULL, related_name="+")  # whose address it is
    by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    at = models.TimeField()  # wall time in `zone`
    zone = models.CharField(max_length=64)
    first_days = models.PositiveSmallIntegerField(default=0)
    gap_days = models.PositiveSmallIntegerField(default=2)
    link = models.URLField(max_length=1000, blank=True)  # the article's address, once it has one
    look_at = models.DateTimeField(null=True, blank=True)  # when the clock looks at it next; null: never
    reason = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=~Q(state="undone"), name="an_article_is_told_about_once"
            ),
            models.CheckConstraint(condition=~Q(state="planned") | ~Q(link=""), name="what_is_planned_has_an_address"),
        ]
        indexes = [models.Index(fields=["look_at"], condition=Q(look_at__isnull=False), name="fan_out_to_look_at")]

    def __str__(self) -> str:
        return f"{self.post_id} → {self.state}"


class FanTurn(TenantModel):
    """One status update of a fan-out: its channel, its words with names to be filled in, and the post it became."""

    fan_out = models.ForeignKey(FanOut, on_delete=models.CASCADE, related_name="turns")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()
    template = models.TextField()
    post = models.OneToOneField(Post, null=True, on_delete=models.SET_NULL, related_name="fan_turn")
    reason = models.CharField(max_length=500, blank=True)  # why it stayed a draft

    class Meta(TenantModel.Meta):
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["fan_out", "order"], name="each_turn_has_its_own_place")]

    def __str__(self) -> str:
        return f"{self.fan_out_id}.{self.order}"
