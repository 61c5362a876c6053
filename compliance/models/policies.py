"""How this workspace uses each rule, and what would change if it used one otherwise."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compliance.models.days import HasDays, InForce
from workspaces.models import Member
from workspaces.tenancy import TenantManager, TenantModel


class Policy(HasDays):
    """How this workspace uses one rule: on or off, with which parameters, where, from when until when.

    Appended, never edited: the newest in force that covers a post wins. A phrase's policy stands beside the others
    until one that `replaces` it.
    """

    rule = models.CharField(_("rule"), max_length=60)
    on = models.BooleanField(_("in use"), default=True)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    places = models.JSONField(_("places"), default=list, blank=True)  # ISO country codes; empty: everywhere
    networks = models.JSONField(_("networks"), default=list, blank=True)  # slugs; empty: all
    brands = models.JSONField(_("brands"), default=list, blank=True)  # empty: all
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    reason = models.TextField(_("reason"), blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    # A policy outlives the membership of who set it.
    set_by = models.ForeignKey(Member, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    set_by_name = models.CharField(max_length=160, blank=True)
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


class DryRun(TenantModel):
    """A policy tried on the last posts before it takes effect. `policy` are its fields; nothing else is written.

    `changes`: for each post whose outcome would change: what, its title and link, before, after, and the rules.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting to begin")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    rule = models.CharField(max_length=60)
    policy = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    stopped = models.PositiveIntegerField(default=0)
    allowed = models.PositiveIntegerField(default=0)
    changes = models.JSONField(default=list)
    asked_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="no_more_is_tried_than_there_is"),
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(state="queued"), name="dry_run_queued")]

    def __str__(self) -> str:
        return f"dry run {self.pk} of {self.rule}"
