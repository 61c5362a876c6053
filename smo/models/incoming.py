"""Feeds of others that the workspace watches, and what appeared in them."""

from __future__ import annotations

import secrets
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from workspaces.models import Member
from workspaces.tenancy import TenantManager, TenantModel, TenantQuerySet


def unguessable() -> str:
    """Where a hub finds us: nobody else knows it."""
    return secrets.token_urlsafe(24)


class Source(TenantModel):
    """One feed that is watched. `address` is the feed itself; `page` what the person gave. `due_at` null: it rests."""

    class Kind(models.TextChoices):
        RSS = "rss", _("RSS")
        ATOM = "atom", _("Atom")
        JSON = "json", _("JSON Feed")
        OWN_LIST = "wp", _("The site’s own list")
        PODCAST = "podcast", _("Podcast")
        SITEMAP = "sitemap", _("Site map")

    class Hub(models.TextChoices):
        NONE = "", _("None")
        ASKED = "asked", _("Asked")
        ACTIVE = "active", _("Tells us")
        REFUSED = "refused", _("Refused")

    name = models.CharField(_("name"), max_length=200)
    page = models.CharField(max_length=1000, blank=True)
    address = models.CharField(max_length=1000)
    kind = models.CharField(max_length=10, choices=Kind.choices, blank=True)
    added_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    first = models.PositiveSmallIntegerField(default=0)  # how many of the first look's newest count as new
    # What passes: words, people, categories and languages; an empty list lets everything pass.
    include = models.JSONField(default=list, blank=True)
    exclude = models.JSONField(default=list, blank=True)
    authors = models.JSONField(default=list, blank=True)
    categories = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    # How well it is read.
    etag = models.CharField(max_length=300, blank=True)
    modified = models.CharField(max_length=100, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveIntegerField(default=30)  # how often it is looked at
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    failing_since = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=300, blank=True)
    # The hub that tells of changes.
    hub = models.CharField(max_length=1000, blank=True)
    topic = models.CharField(max_length=1000, blank=True)
    hub_state = models.CharField(max_length=8, choices=Hub.choices, blank=True)
    hub_token = models.CharField(max_length=64, default=unguessable, unique=True)
    hub_sealed = models.BinaryField(default=b"")  # the secret that its messages are signed with
    hub_asked_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "address"], name="a_feed_is_watched_once"),
            models.CheckConstraint(condition=~Q(address=""), name="a_watched_feed_has_an_address"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="feed_to_look_at")]

    def __str__(self) -> str:
        return self.name or self.address

    @property
    def health(self) -> str:
        """watched, troubled, new (never looked at) or paused."""
        if self.due_at is None:
            return "paused"
        if self.failures:
            return "troubled"
        return "watched" if self.looked_at else "new"


class ItemQuerySet(TenantQuerySet["Item"]):
    """Reads on items, as sentences."""

    def waiting(self) -> Self:
        """New ones, the oldest first: what something is to be made of."""
        return self.filter(state=Item.State.NEW).order_by("published_at", "pk")


class Item(TenantModel):
    """One article, episode or video of a watched feed. `key` names its address however it is shared."""

    class State(models.TextChoices):
        NEW = "new", _("New")
        TAKEN = "taken", _("Taken")  # something was made of it
        LEFT = "left", _("Left out")  # by a person
        OLD = "old", _("Was there before")
        FILTERED = "filtered", _("Filtered out")
        DOUBLE = "double", _("Already seen elsewhere")

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="items")
    guid = models.CharField(max_length=500)
    key = models.CharField(max_length=500)
    print = models.CharField(max_length=64, blank=True)  # of its words; empty: too few to tell
    url = models.CharField(max_length=1000)
    title = models.CharField(max_length=300, blank=True)
    summary = models.TextField(blank=True)
    author = models.CharField(max_length=200, blank=True)
    tags = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=16, blank=True)
    image = models.CharField(max_length=1000, blank=True)
    published_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    why = models.CharField(max_length=200, blank=True)  # a sentence to be translated

    objects = TenantManager.from_queryset(ItemQuerySet)()  # type: ignore[misc,assignment]  # with verbs of its own

    class Meta(TenantModel.Meta):
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "guid"], name="an_item_is_seen_once"),
            models.UniqueConstraint(
                fields=["workspace", "key"],
                condition=~Q(state__in=["double", "filtered"]),
                name="an_article_counts_once",
            ),
            models.UniqueConstraint(
                fields=["workspace", "print"],
                condition=~Q(state__in=["double", "filtered"]) & ~Q(print=""),
                name="the_same_words_count_once",
            ),
        ]
        indexes = [
            models.Index(F("workspace"), F("published_at"), condition=Q(state="new"), name="item_waiting"),
            models.Index(F("source"), F("published_at").desc(), name="item_by_time"),
        ]

    def __str__(self) -> str:
        return self.title or self.url
