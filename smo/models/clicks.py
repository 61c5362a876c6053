"""What is kept of clicks: numbers by day, and until the day ends who was there already, as nobody can read it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from smo.models.links import TrackedLink
from workspaces.tenancy import TenantModel


class DaySalt(models.Model):
    """What visitors' hashes are salted with for one day of one time zone; thrown away once the day is over."""

    zone = models.CharField(max_length=64)
    day = models.DateField()
    salt = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["zone", "day"], name="one_salt_a_day")]

    def __str__(self) -> str:
        return f"{self.day} in {self.zone}"


class LinkDay(TenantModel):
    """One link's clicks on one day of its workspace. `visitors` came for the first time that day, `again` once more;

    `unhashed` asked not to be tracked: they are in `clicks` and in nothing else. `bots` are in no other number.
    """

    link = models.ForeignKey(TrackedLink, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    clicks = models.PositiveBigIntegerField(default=0)
    visitors = models.PositiveBigIntegerField(default=0)
    again = models.PositiveBigIntegerField(default=0)
    unhashed = models.PositiveBigIntegerField(default=0)
    bots = models.PositiveBigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["link", "day"], name="a_link_has_one_row_a_day")]
        indexes = [models.Index(fields=["workspace", "day"], name="link_days_of_a_workspace")]

    def __str__(self) -> str:
        return f"{self.link_id} on {self.day}: {self.clicks}"


class LinkSplit(TenantModel):
    """A day's clicks by where they came from and on what."""

    class Kind(models.TextChoices):
        REFERRER = "referrer", _("Referring site")
        NETWORK = "network", _("Network")
        DEVICE = "device", _("Device")

    link = models.ForeignKey(TrackedLink, on_delete=models.CASCADE, related_name="splits")
    day = models.DateField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=120, blank=True)  # a host, a slug, or phone | tablet | computer | other
    clicks = models.PositiveBigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["link", "day", "kind", "name"], name="a_split_has_one_row_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.clicks}"


class SeenToday(TenantModel):
    """That somebody clicked a link today already: a hash whose salt goes with the day, and this row with it."""

    link = models.ForeignKey(TrackedLink, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    digest = models.CharField(max_length=22)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["link", "day", "digest"], name="seen_once_a_day")]
        indexes = [models.Index(fields=["day"], name="seen_by_day")]

    def __str__(self) -> str:
        return f"somebody on {self.day}"


class SpoolTaken(TenantModel):
    """How far a file of clicks is in the numbers: read twice, it counts once."""

    name = models.CharField(max_length=80)
    upto = models.PositiveBigIntegerField(default=0)  # bytes
    taken_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="a_spool_is_taken_once")]

    def __str__(self) -> str:
        return self.name
