"""What endorsers publish themselves: where we look, what was seen there, and what was asked of them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compliance.models.cases import Case, Verdict
from compliance.models.records import Connection, Endorser
from workspaces.models import Member
from workspaces.tenancy import TenantManager, TenantModel, TenantQuerySet


class Source(TenantModel):
    """One place where an endorser publishes: a handle that a network's interface shows, or a feed."""

    class Kind(models.TextChoices):
        API = "api", _("Network")
        FEED = "feed", _("Feed")

    endorser = models.ForeignKey(Endorser, on_delete=models.CASCADE, related_name="sources")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    network = models.CharField(max_length=40, blank=True)  # slug; empty: a feed of some other site
    handle = models.CharField(max_length=120, blank=True)
    uid = models.CharField(max_length=200, blank=True)  # the network's own id of the handle, once looked up
    address = models.CharField(max_length=1000, blank=True)  # of the feed
    etag = models.CharField(max_length=300, blank=True)
    modified = models.CharField(max_length=100, blank=True)  # the feed's Last-Modified, as it was told
    newest_at = models.DateTimeField(null=True, blank=True)  # the newest post seen: the high-water mark
    due_at = models.DateTimeField(null=True, blank=True)  # when to look again; null: not watched
    looked_at = models.DateTimeField(null=True, blank=True)  # the last look that worked
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    trouble = models.CharField(max_length=300, blank=True)
    added_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["kind", "network", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["endorser", "kind", "network", "handle", "address"], name="a_source_is_watched_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="api", address="") & ~Q(network="") & ~Q(handle="") | Q(kind="feed") & ~Q(address=""),
                name="a_source_says_where_it_is",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="source_to_look_at")]

    def __str__(self) -> str:
        return f"@{self.handle}" if self.kind == self.Kind.API else self.address

    @property
    def health(self) -> str:
        """watched, troubled, new (never looked at) or paused."""
        if self.due_at is None:
            return "paused"
        if self.failures:
            return "troubled"
        return "watched" if self.looked_at else "new"


class SightingQuerySet(TenantQuerySet["Sighting"]):
    """Posts that were seen, asked for in sentences."""

    def about_a_brand(self) -> Self:
        """Those that speak of a brand the endorser is tied to: the ones that need a disclosure."""
        return self.filter(about=True)

    def unsettled(self) -> Self:
        """Those that somebody must still do something about."""
        return self.filter(state__in=Sighting.UNSETTLED)


class Sighting(TenantModel):
    """One post of an endorser, however often and by whichever way it was seen. `key` names it the same each time."""

    class State(models.TextChoices):
        FINE = "fine", _("In order")
        REVIEW = "review", _("Needs a person")
        MISSING = "missing", _("Must be fixed")
        ASKED = "asked", _("Asked to fix")
        ESCALATED = "escalated", _("Escalated")
        FIXED = "fixed", _("Fixed")
        REMOVED = "removed", _("Removed")
        REFUSED = "refused", _("Refused")
        SILENT = "silent", _("No answer")
        DISMISSED = "dismissed", _("Found in order")

    class Label(models.TextChoices):
        UNKNOWN = "unknown", _("Not told")
        ON = "on", _("On")
        OFF = "off", _("Off")

    UNSETTLED = (State.REVIEW, State.MISSING, State.ASKED, State.ESCALATED)
    CLOSED = (State.FIXED, State.REMOVED, State.REFUSED, State.SILENT, State.DISMISSED)

    endorser = models.ForeignKey(Endorser, on_delete=models.PROTECT, related_name="sightings")
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    network = models.CharField(max_length=40, blank=True)  # slug; empty: some other site
    key = models.CharField(max_length=500)
    remote_id = models.CharField(max_length=200, blank=True)  # as the network's look-up wants it; empty: none
    url = models.CharField(max_length=1000, blank=True)
    handle = models.CharField(max_length=120, blank=True)
    surface = models.CharField(max_length=10, default="post")
    posted_at = models.DateTimeField()
    first_seen_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # the last time it was there
    look_at = models.DateTimeField(null=True, blank=True)  # when to look again; null: no more
    gone_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices)
    about = models.BooleanField(default=False)
    disclosed_at_first = models.BooleanField(null=True)  # null: nothing had to be disclosed then
    brands = models.JSONField(default=list, blank=True)
    label = models.CharField(max_length=7, choices=Label.choices, default=Label.UNKNOWN)
    verdict = models.ForeignKey(Verdict, null=True, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)
    asks = models.PositiveSmallIntegerField(default=0)
    remind_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager.from_queryset(SightingQuerySet)()  # type: ignore[misc,assignment]  # with verbs of its own

    class Meta(TenantModel.Meta):
        ordering = ["-posted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "network", "key"], name="a_post_is_one_sighting"),
            models.CheckConstraint(
                condition=Q(asked_at__isnull=True, asks=0) | Q(asked_at__isnull=False, asks__gt=0),
                name="asked_means_there_is_an_ask",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["fixed", "removed", "refused", "silent", "dismissed"])
                | Q(closed_at__isnull=False),
                name="an_outcome_has_its_time",
            ),
        ]
        indexes = [
            models.Index(F("workspace"), F("state"), F("posted_at").desc(), name="sighting_by_state"),
            models.Index(F("workspace"), F("posted_at").desc(), name="sighting_by_day"),
            models.Index(fields=["look_at"], condition=Q(look_at__isnull=False), name="sighting_to_look_at"),
            models.Index(
                fields=["case"], condition=Q(state__in=["missing", "review"]), name="sighting_waits_for_the_desk"
            ),
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="sighting_to_remind"),
        ]

    def __str__(self) -> str:
        return f"S-{self.pk}"

    @property
    def case_key(self) -> str:
        """Under which its case stands at the desk."""
        return f"sighting:{self.pk}"


class SeenVersion(TenantModel):
    """What one post said at one moment, or that it was gone. Appended, never edited: it is evidence."""

    class Way(models.TextChoices):
        API = "api", _("Network")
        FEED = "feed", _("Feed")
        PAGE = "page", _("Public page")
        HAND = "hand", _("Typed by hand")

    sighting = models.ForeignKey(Sighting, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    gone = models.BooleanField(default=False)
    content = models.JSONField(default=dict)
    label = models.CharField(max_length=7, choices=Sighting.Label.choices, default=Sighting.Label.UNKNOWN)
    way = models.CharField(max_length=4, choices=Way.choices)
    url = models.CharField(max_length=1000, blank=True)
    evidence = models.JSONField(default=dict, blank=True)  # what was read, as it came, at most 16 KB
    digest = models.CharField(max_length=64)  # SHA-256 over the content, the label and the evidence
    verdict = models.ForeignKey(Verdict, null=True, on_delete=models.PROTECT, related_name="+")
    # Who typed it in outlives their membership here.
    by = models.ForeignKey(Member, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    by_name = models.CharField(max_length=160, blank=True)
    seen_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["sighting", "number"], name="versions_are_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.sighting} v{self.number}"


class Match(TenantModel):
    """A connection that was in force on the day of a post, and of whose brand the post speaks."""

    sighting = models.ForeignKey(Sighting, on_delete=models.CASCADE, related_name="matches")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    brand = models.CharField(max_length=120)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["sighting", "connection"], name="a_connection_matches_a_post_once"),
        ]

    def __str__(self) -> str:
        return self.brand


class Ask(TenantModel):
    """One message that asks an endorser to mend a post, exactly as it went out."""

    class Kind(models.TextChoices):
        FIRST = "first", _("Request")
        REMINDER = "reminder", _("Reminder")

    class Way(models.TextChoices):
        MAIL = "mail", _("By e-mail")
        COPIED = "copied", _("Copied into a message")

    class Mail(models.TextChoices):
        NONE = "none", _("Not mailed")
        DUE = "due", _("To be mailed")
        SENT = "sent", _("Mailed")
        FAILED = "failed", _("The mail did not go out")

    sighting = models.ForeignKey(Sighting, on_delete=models.CASCADE, related_name="sent")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    way = models.CharField(max_length=6, choices=Way.choices)
    to = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    codes = models.JSONField(default=list, blank=True)  # the rules it is about
    by = models.ForeignKey(Member, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    by_name = models.CharField(max_length=160, blank=True)
    made_at = models.DateTimeField()
    mail = models.CharField(max_length=6, choices=Mail.choices, default=Mail.NONE)
    mail_due_at = models.DateTimeField(null=True, blank=True)
    mail_tries = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        ordering = ["pk"]
        indexes = [models.Index(fields=["mail_due_at"], condition=Q(mail_due_at__isnull=False), name="ask_to_mail")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.sighting_id}"
