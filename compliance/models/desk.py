"""How a workspace's officers work: how soon they decide, who gets what, and what they write to authors."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.tenancy import TenantModel


class DeskTerms(TenantModel):
    """What the desk promises: a word so long before the slot, and who hears of it when the time runs out."""

    decide_before_minutes = models.PositiveIntegerField(
        _("Decide before the slot (minutes)"),
        default=120,
        help_text=_("How long before its slot a post should have an officer's word."),
    )
    warn_minutes = models.PositiveIntegerField(
        _("Warn before that (minutes)"),
        default=30,
        help_text=_("A second officer is told when no more than this is left; everybody when it is over."),
    )
    in_turn = models.BooleanField(
        _("Give new cases to the officers in turn"),
        default=False,
        help_text=_("Whoever has the fewest open cases gets the next one, never a text of their own."),
    )
    override_days = models.PositiveSmallIntegerField(
        _("An override lasts at most (days)"),
        default=30,
        help_text=_("No override of a block may be asked for a longer time."),
    )

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace"], name="a_desk_has_one_set_of_terms")]

    def __str__(self) -> str:
        return f"{self.decide_before_minutes} minutes before the slot"


class ReasonText(TenantModel):
    """What an author is told for one reason in one language, where the workspace says it in its own words."""

    reason = models.CharField(max_length=60)
    language = models.CharField(max_length=8)
    text = models.TextField()

    class Meta(TenantModel.Meta):
        ordering = ["reason", "language"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "reason", "language"], name="a_reason_is_worded_once")
        ]

    def __str__(self) -> str:
        return f"{self.reason} ({self.language})"
