"""What is known of a publication that a person posts by hand: who was asked, who has it, and what they said."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publishing.models.publication import Publication
from workspaces.models import Member
from workspaces.tenancy import TenantModel


class Handover(TenantModel):
    """One publication on its way by hand. `round` grows whenever it is handed out anew: earlier links end with it."""

    class Seen(models.TextChoices):
        """Whether the address that a person brought opens."""

        UNASKED = "", _("Not looked at")
        SEEN = "seen", _("Seen there")
        NOT_SEEN = "not_seen", _("Not seen there")

    publication = models.OneToOneField(Publication, on_delete=models.CASCADE, related_name="handover")
    round = models.PositiveSmallIntegerField(default=0)
    warned_for = models.DateTimeField(null=True, blank=True)  # the due time that somebody was warned of
    next_at = models.DateTimeField(null=True, blank=True)  # when the clock looks at it again
    # Who was asked, and how pressingly.
    asked = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    asked_name = models.CharField(max_length=160, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(default=0)
    # Who has the words in hand.
    holder = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    holder_name = models.CharField(max_length=160, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    # What they said; it can be taken back for some seconds.
    said_url = models.URLField(max_length=1000, blank=True)
    said_id = models.CharField(max_length=200, blank=True)
    said_by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    said_by_name = models.CharField(max_length=160, blank=True)
    said_at = models.DateTimeField(null=True, blank=True)
    seen = models.CharField(max_length=8, choices=Seen.choices, blank=True, default=Seen.UNASKED)
    picture = models.CharField(max_length=200, blank=True)  # the storage key of a picture of it, as evidence
    picture_sha256 = models.CharField(max_length=64, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(said_at__isnull=True) | (~Q(said_id="") & ~Q(said_url="")), name="done_names_the_post"
            ),
            models.CheckConstraint(
                condition=Q(said_at__isnull=True) | Q(held_at__isnull=False), name="only_what_was_taken_is_done"
            ),
        ]

    def __str__(self) -> str:
        return f"handover {self.round} of publication {self.publication_id}"
