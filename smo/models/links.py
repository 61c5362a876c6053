"""Short links that count: on whose domain they are, where they lead and led, and what tags they add."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from smo.protocol import Utm
from workspaces.models import Member
from workspaces.tenancy import TenantManager, TenantModel, TenantQuerySet

PREFIX = "/l/"
"""Below the app's own address: where the links of workspaces without a domain are."""


class Domain(TenantModel):
    """A host of the workspace's own that its short links are on, once it showed that the host is its own."""

    class Way(models.TextChoices):
        DNS = "dns", _("A TXT record")
        FILE = "file", _("A file on the site")

    host = models.CharField(max_length=253)  # lower case, as browsers send it
    token = models.CharField(max_length=40)
    way = models.CharField(max_length=4, choices=Way.choices, default=Way.DNS)
    main = models.BooleanField(default=False)  # new links are made here
    verified_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=40, blank=True)  # a word: missing, other, unreachable
    added_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["host"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "host"], name="a_domain_is_added_once"),
            models.UniqueConstraint(
                fields=["host"], condition=Q(verified_at__isnull=False), name="a_domain_belongs_to_one_workspace"
            ),
            models.UniqueConstraint(fields=["workspace"], condition=Q(main=True), name="one_main_domain"),
            models.CheckConstraint(
                condition=Q(main=False) | Q(verified_at__isnull=False), name="the_main_domain_is_verified"
            ),
        ]

    def __str__(self) -> str:
        return self.host


class UtmPreset(TenantModel):
    """Tags with a name. `channels` says what differs on a network: {slug: {"source": "..."}}."""

    name = models.CharField(_("name"), max_length=80)
    source = models.CharField(_("source"), max_length=80, blank=True)  # may hold {network} and {campaign}
    medium = models.CharField(_("medium"), max_length=80, blank=True)
    campaign = models.CharField(_("campaign"), max_length=80, blank=True)
    term = models.CharField(_("term"), max_length=80, blank=True)
    content = models.CharField(_("content"), max_length=80, blank=True)
    channels = models.JSONField(default=dict, blank=True)
    main = models.BooleanField(default=False)  # posts take it when their campaign says nothing else

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="a_preset_name_is_used_once"),
            models.UniqueConstraint(fields=["workspace"], condition=Q(main=True), name="one_main_preset"),
        ]

    def __str__(self) -> str:
        return self.name


class LinkSetting(TenantModel):
    """What a workspace decided about its links; without a row nothing is tracked unasked."""

    track = models.BooleanField(default=False)  # addresses in posts become tracked links

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace"], name="one_link_setting_per_workspace")]

    def __str__(self) -> str:
        return f"track {self.track}"


class TrackedLinkQuerySet(TenantQuerySet["TrackedLink"]):
    """Links, asked for in sentences."""

    def in_use(self) -> Self:
        return self.filter(archived=False)

    def broken(self) -> Self:
        return self.filter(broken_since__isnull=False)


class TrackedLink(TenantModel):
    """One short address and where it leads. `url` is the address as written, `target` the same with its tags.

    `campaign`, `post` and `variant` are numbers of the floors above, kept as labels; `key` names the same link again
    for the same address in the same place of a post.
    """

    class Flag(models.TextChoices):
        NONE = "", _("Not flagged")
        LOOKS = "looks", _("Looks suspicious")
        MOVED = "moved", _("Leads to another site now")
        PERSON = "person", _("Flagged by hand")
        CLEARED = "cleared", _("Looked at and let through")

    domain = models.ForeignKey(Domain, null=True, blank=True, on_delete=models.PROTECT, related_name="links")
    code = models.CharField(max_length=60)
    url = models.CharField(max_length=2000)
    target = models.CharField(max_length=2400)
    utm = models.JSONField(default=dict, blank=True)
    title = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=64, blank=True)
    campaign = models.BigIntegerField(null=True, blank=True)
    post = models.BigIntegerField(null=True, blank=True)
    variant = models.BigIntegerField(null=True, blank=True)
    network = models.CharField(max_length=40, blank=True)
    edited = models.BooleanField(default=False)  # a person chose its target: sealing anew leaves it alone
    expires_at = models.DateTimeField(null=True, blank=True)
    expired_url = models.CharField(max_length=2000, blank=True)  # empty: visitors read that it is over
    flag = models.CharField(max_length=8, choices=Flag.choices, default=Flag.NONE, blank=True)
    archived = models.BooleanField(default=False)  # off the list; it goes on leading where it led
    checked_at = models.DateTimeField(null=True, blank=True)
    lands_on = models.CharField(max_length=253, blank=True)  # the host that its target ended on when first looked at
    doubts = models.PositiveSmallIntegerField(default=0)  # looks in a row that failed, perhaps by the moment's fault
    broken_since = models.DateTimeField(null=True, blank=True)
    broken_why = models.CharField(max_length=40, blank=True)  # as networks.fetch says it, or "status 404"
    made_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = TenantManager.from_queryset(TrackedLinkQuerySet)()  # type: ignore[misc,assignment]  # with verbs of its own

    class Meta(TenantModel.Meta):
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=Q(domain__isnull=True), name="a_code_is_used_once"),
            models.UniqueConstraint(fields=["domain", "code"], name="a_code_is_used_once_on_a_domain"),
            models.UniqueConstraint(
                fields=["workspace", "key"], condition=~Q(key=""), name="the_same_address_has_one_link"
            ),
            models.CheckConstraint(
                condition=Q(broken_since__isnull=False) | Q(broken_why=""), name="what_is_not_broken_has_no_reason"
            ),
        ]
        indexes = [
            models.Index(F("workspace"), F("id").desc(), name="link_newest_first"),
            models.Index(
                fields=["workspace", "campaign"], condition=Q(campaign__isnull=False), name="link_of_campaign"
            ),
            models.Index(fields=["workspace", "post"], condition=Q(post__isnull=False), name="link_of_post"),
            models.Index(fields=["changed_at"], name="link_changed"),
            models.Index(F("checked_at").asc(nulls_first=True), name="link_to_check", condition=Q(archived=False)),
        ]

    def __str__(self) -> str:
        return self.short

    @property
    def short(self) -> str:
        """The address that people see. Causes a query when its domain was not read along."""
        return f"https://{self.domain.host}/{self.code}" if self.domain else f"{settings.PUBLIC_URL}{PREFIX}{self.code}"

    @property
    def is_over(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def tags(self) -> Utm:
        return Utm(**self.utm)


class TargetChange(TenantModel):
    """Where a link led before, and who changed it: appended, never changed."""

    link = models.ForeignKey(TrackedLink, on_delete=models.DO_NOTHING, related_name="changes")
    before = models.CharField(max_length=2400)
    after = models.CharField(max_length=2400)
    by = models.ForeignKey(Member, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    by_name = models.CharField(max_length=160)
    at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}"
