"""What the workspace published, as its own feeds tell it to the world, and the feeds it has opened."""

from __future__ import annotations

import secrets
from typing import Self
from uuid import uuid4

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from networks.models import Account
from workspaces.tenancy import TenantManager, TenantModel, TenantQuerySet

ADDRESS = r"^[A-Za-z0-9][A-Za-z0-9_-]{2,59}$"


class EntryQuerySet(TenantQuerySet["Entry"]):
    """Reads on entries, as sentences."""

    def shown(self) -> Self:
        """Those that are live on their network: what a feed may tell."""
        return self.filter(withdrawn_at__isnull=True)

    def of_feed(self, feed: Feed) -> Self:
        """What belongs to `feed`, shown or not: of its campaign, of its network, or everything."""
        wanted = Q()
        if feed.campaign is not None:
            wanted &= Q(campaign=feed.campaign)
        if feed.network:
            wanted &= Q(network=feed.network)
        return self.filter(wanted)

    def in_feed(self, feed: Feed) -> Self:
        """What `feed` tells."""
        return self.of_feed(feed).shown()


class Entry(TenantModel):
    """One post that went live. Whoever published it writes it with the receipt, and withdraws it when it is gone.

    `publication` and `campaign` are plain numbers of those above.
    """

    class Gone(models.TextChoices):
        DELETED = "deleted", _("Deleted")
        UNSEEN = "unseen", _("Not on the network any more")

    uid = models.UUIDField(default=uuid4, unique=True)  # what readers know it by, for good
    publication = models.PositiveBigIntegerField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    network = models.CharField(max_length=40)
    campaign = models.PositiveBigIntegerField(null=True, blank=True)
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    link = models.CharField(max_length=1000, blank=True)  # what it leads to
    url = models.CharField(max_length=1000, blank=True)  # where it is live
    language = models.CharField(max_length=8, blank=True)
    media = models.JSONField(default=list, blank=True)  # as the sealed content names them
    published_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_for = models.CharField(max_length=8, choices=Gone.choices, blank=True)

    objects = TenantManager.from_queryset(EntryQuerySet)()  # type: ignore[misc,assignment]  # with verbs of its own

    class Meta(TenantModel.Meta):
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "publication"], name="a_publication_is_told_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_for="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_for=""),
                name="what_is_withdrawn_says_why",
            ),
        ]
        indexes = [
            models.Index(
                F("workspace"),
                F("published_at").desc(),
                condition=Q(withdrawn_at__isnull=True),
                name="entry_shown",
            ),
            models.Index(fields=["workspace", "changed_at"], name="entry_changed"),
        ]

    def __str__(self) -> str:
        return self.title or self.text[:60]


def unguessable() -> str:
    """An address nobody finds by trying."""
    return "f-" + secrets.token_urlsafe(18)


class Feed(TenantModel):
    """One feed of what was published, in every format. Closed until somebody opens it. `address` is its public name."""

    title = models.CharField(_("title"), max_length=120)
    about = models.CharField(_("what it is about"), max_length=300, blank=True)
    campaign = models.PositiveBigIntegerField(null=True, blank=True)
    network = models.CharField(max_length=40, blank=True)
    address = models.CharField(
        _("address"),
        max_length=60,
        default=unguessable,
        unique=True,
        validators=[RegexValidator(ADDRESS, _("At least three letters, digits or dashes."))],
    )
    is_open = models.BooleanField(_("open"), default=False)
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)  # what it is called, where it stands
    # What the hub was told last, and when it is to be told again.
    told_print = models.CharField(max_length=64, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    tell_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["campaign", "network", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "campaign", "network"],
                nulls_distinct=False,
                name="a_feed_is_there_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title
