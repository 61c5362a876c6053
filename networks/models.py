"""The accounts a workspace publishes to, and how well each is connected."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from networks import registry
from networks.protocol import Counting, Fact, Limits, OwnFacts
from workspaces.models import Member
from workspaces.tenancy import TenantManager, TenantModel, TenantQuerySet

COUNTED = [
    (Counting.GRAPHEMES.value, _("Characters as people see them")),
    (Counting.CHARACTERS.value, _("Characters as browsers count them")),
    (Counting.BYTES.value, _("Bytes (UTF-8)")),
]
# White letters are read on each of these (4.5 : 1 and more).
COLOURS = ("#0b6e66", "#1f56cc", "#5a3fd0", "#a0185c", "#be1f2d", "#8f5600", "#1b7a3c", "#43534e", "#12211f")


class AccountQuerySet(TenantQuerySet["Account"]):
    """Accounts of one workspace, as sentences."""

    def usable(self) -> Self:
        """Accounts that can be published to now: connected and not paused."""
        return self.filter(health=Account.Health.CONNECTED, paused=False)

    def listed(self) -> Self:
        """Accounts a page shows: all but the disconnected ones, by network and name."""
        return self.exclude(health=Account.Health.DISCONNECTED).order_by("network", "name", "pk")


class Account(TenantModel):
    """One account, page or channel at one network. `network` is the network's slug, `uid` its own id there."""

    class Health(models.TextChoices):
        CONNECTED = "connected", _("Connected")
        RECONNECT = "reconnect", _("Needs reconnecting")
        DISCONNECTED = "disconnected", _("Disconnected")

    network = models.CharField(max_length=40)
    uid = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    handle = models.CharField(max_length=200, blank=True)
    avatar_url = models.URLField(max_length=1000, blank=True)
    health = models.CharField(max_length=16, choices=Health.choices, default=Health.CONNECTED)
    health_reason = models.CharField(max_length=500, blank=True)
    sealed = models.BinaryField(default=b"")  # credentials under the workspace's data key
    expires_at = models.DateTimeField(null=True, blank=True)
    refresh_at = models.DateTimeField(null=True, blank=True)  # when to renew, ahead of expiry and with jitter
    subscribe_at = models.DateTimeField(null=True, blank=True)  # when to ask for its events; null: asked, or no push
    refreshed_at = models.DateTimeField(null=True, blank=True)
    paused = models.BooleanField(default=False)
    by_hand = models.BooleanField(default=False, db_default=False)  # people post there, not we; for the account's life
    heard_at = models.DateTimeField(null=True, blank=True)  # the newest event seen, for the alarm and the poll
    connected_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager.from_queryset(AccountQuerySet)()  # type: ignore[misc,assignment]  # with verbs of its own

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "network", "uid"], name="an_account_is_connected_once"),
        ]
        indexes = [
            models.Index(fields=["network", "uid"], name="account_by_uid"),
            models.Index(fields=["refresh_at"], condition=Q(refresh_at__isnull=False), name="account_to_refresh"),
            models.Index(fields=["subscribe_at"], condition=Q(subscribe_at__isnull=False), name="account_to_subscribe"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.network})"


class Duty(TenantModel):
    """Who posts by hand on one account, when they do, and who stands in for them."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="duty")
    keeper = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    deputy = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    begins = models.TimeField(default=time(0))  # in the workspace's zone
    ends = models.TimeField(default=time(23, 59))
    days = models.CharField(max_length=7, default="1234567")  # ISO weekdays, Monday is 1
    keeper_away_until = models.DateField(null=True, blank=True)  # the first day they are back
    deputy_away_until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"duty on account {self.account_id}"

    def asked(self, local: datetime) -> Member | None:
        """Who is asked at the wall time `local`: the keeper, else the deputy; None when neither is there."""
        if str(local.isoweekday()) not in self.days or not self._hours(local.time()):
            return None
        return next(
            (person for person, away in self._people() if person and (away is None or away <= local.date())), None
        )

    def others(self, first: Member | None) -> list[Member]:
        """The one in charge who was not asked first, for a reminder."""
        return [person for person, _away in self._people() if person and person != first]

    def _people(self) -> tuple[tuple[Member | None, date | None], ...]:
        return (self.keeper, self.keeper_away_until), (self.deputy, self.deputy_away_until)

    def _hours(self, at: time) -> bool:
        if self.begins <= self.ends:
            return self.begins <= at <= self.ends
        return at >= self.begins or at <= self.ends  # over midnight


class OwnNetwork(TenantModel):
    """A network without an API, as a workspace describes it. Zero means "none of these"; lengths as `counting` says."""

    name = models.CharField(max_length=60)
    text = models.PositiveIntegerField(default=500)
    counting = models.CharField(max_length=12, choices=COUNTED, default=Counting.GRAPHEMES.value)
    fold_characters = models.PositiveIntegerField(default=0)
    title = models.PositiveIntegerField(default=0)
    images = models.PositiveSmallIntegerField(default=1)
    image_bytes = models.PositiveBigIntegerField(default=5 * 1024 * 1024)
    videos = models.PositiveSmallIntegerField(default=0)
    video_bytes = models.PositiveBigIntegerField(default=100 * 1024 * 1024)
    alt = models.PositiveIntegerField(default=0)
    place = models.URLField(max_length=500)
    pattern = models.CharField(max_length=500)
    note = models.CharField(max_length=300, blank=True)  # what whoever posts there should know
    initials = models.CharField(max_length=2, blank=True)
    colour = models.CharField(max_length=7, choices=[(one, one) for one in COLOURS], default=COLOURS[0])
    icon = models.TextField(blank=True)  # a PNG of 48 pixels, in base64
    retired_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"], condition=Q(retired_at__isnull=True), name="an_own_network_has_one_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def slug(self) -> str:
        """What it is called where networks are named."""
        return registry.own_slug(self.pk)

    @property
    def facts(self) -> OwnFacts:
        """As the registry casts it."""
        source = Fact("said by the workspace", self.made_at.date().isoformat(), sure=False)
        limits = Limits(
            text=self.text,
            counting=Counting(self.counting),
            fold_characters=self.fold_characters,
            title=self.title,
            images=self.images,
            image_bytes=self.image_bytes,
            image_types=("image/jpeg", "image/png", "image/webp") if self.images else (),
            alt=self.alt,
            videos=self.videos,
            video_bytes=self.video_bytes if self.videos else 0,
            video_types=("video/mp4", "video/quicktime") if self.videos else (),
            mixes_images_and_video=True,
            facts=dict.fromkeys(("text", "counting", "fold_characters", "images", "videos"), source),
        )
        badge = {"initials": self.initials or self.name[:1], "colour": self.colour, "icon": self.icon}
        retired = self.retired_at is not None
        return OwnFacts(self.slug, self.name, limits, self.place, self.pattern, self.note, retired=retired, **badge)


class Consent(TenantModel):
    """A person on the way to a network and back: who asked, from which session, and what only we may know.

    `state` travels through the browser; only its SHA-256 is kept. `sealed` holds the PKCE verifier, and afterwards
    the accounts to choose from.
    """

    network = models.CharField(max_length=40)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")  # to be reconnected
    state_digest = models.CharField(max_length=64, unique=True)
    session_digest = models.CharField(max_length=64)
    redirect_uri = models.CharField(max_length=500)
    sealed = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"consent {self.pk} at {self.network}"
