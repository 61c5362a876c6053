"""Posts as the API takes and shows them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from campaigns.models import Campaign, FanOut, FanTurn, MediaAsset, Occurrence, Post, Series, Slot, Variant
from campaigns.protocol import Draft, Obstacle, Version
from compliance.models import Endorser
from networks.models import Account
from publishing.models import Brake


class VersionSerializer(serializers.Serializer[Any]):  # Any: it only reads
    """What one account shows; what is left out is as shared."""

    account = serializers.IntegerField()
    text = serializers.CharField(required=False, allow_null=True, trim_whitespace=False)
    title = serializers.CharField(required=False, allow_null=True, max_length=300)
    media = serializers.ListField(child=serializers.IntegerField(), required=False, allow_null=True)
    options = serializers.DictField(required=False)
    first_comment = serializers.CharField(required=False, allow_blank=True)


class DraftSerializer(serializers.Serializer[Any]):  # Any: it only reads
    """A post to be written. `local_at` is wall time without a zone, in `zone` (IANA; the workspace's when left out)."""

    text = serializers.CharField(allow_blank=True, default="", trim_whitespace=False, max_length=200_000)
    title = serializers.CharField(allow_blank=True, default="", max_length=300)
    link = serializers.URLField(allow_blank=True, default="", max_length=1000)
    language = serializers.CharField(allow_blank=True, default="", max_length=8)
    campaign = serializers.IntegerField(allow_null=True, default=None)
    endorser = serializers.IntegerField(allow_null=True, default=None)
    local_at = serializers.DateTimeField(allow_null=True, default=None, default_timezone=None)
    zone = serializers.CharField(allow_blank=True, default="", max_length=64)
    media = serializers.ListField(child=serializers.IntegerField(), default=list)
    accounts = serializers.ListField(child=serializers.IntegerField(), default=list)
    versions = VersionSerializer(many=True, default=list)
    thread = serializers.ListField(
        child=serializers.CharField(trim_whitespace=False),
        default=list,
        max_length=24,
        help_text="texts that continue it",
    )
    comment_minutes = serializers.IntegerField(
        default=0, min_value=0, max_value=7 * 24 * 60, help_text="how long after the post its first comment follows"
    )
    track_links = serializers.BooleanField(
        allow_null=True,
        default=None,
        help_text="make its addresses tracked links; null: as its campaign has it",
    )
    queue = serializers.BooleanField(default=False, help_text="schedule it for the next free slot of its channels")
    schedule = serializers.BooleanField(
        default=False, help_text="hand it over at once, through the same gate as a page"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:  # Any: DRF's own
        """Everything that is named must be in this workspace."""
        wanted = [*attrs["accounts"], *(one["account"] for one in attrs["versions"])]
        self._there(Account, wanted, "accounts")
        self._there(MediaAsset, attrs["media"], "media")
        self._there(Campaign, [attrs["campaign"]] if attrs["campaign"] else [], "campaign")
        self._there(Endorser, [attrs["endorser"]] if attrs["endorser"] else [], "endorser")
        if attrs["schedule"] and attrs["local_at"] is None:
            raise serializers.ValidationError({"local_at": "A post is scheduled for a time."})
        return attrs

    def _there(self, model: Any, wanted: list[int], field: str) -> None:  # Any: one of four tenant models
        missing = set(wanted) - set(model.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        if missing:
            raise serializers.ValidationError({field: f"not in this workspace: {sorted(missing)}"})

    def draft(self, zone: str) -> Draft:
        """What was sent, as a draft; valid data only. `zone`: the workspace's."""
        given = self.validated_data
        own = {one["account"]: one for one in given["versions"]}
        local = given["local_at"]
        return Draft(
            text=given["text"],
            title=given["title"],
            link=given["link"],
            language=given["language"],
            campaign_id=given["campaign"],
            endorser_id=given["endorser"],
            local_at=local.replace(tzinfo=None) if local else None,
            zone=given["zone"] or zone,
            media=tuple(given["media"]),
            versions=tuple(_version(pk, own.get(pk, {})) for pk in dict.fromkeys([*given["accounts"], *own])),
            thread=tuple(given["thread"]),
            comment_minutes=given["comment_minutes"],
            track_links=given["track_links"],
        )


def _version(account_id: int, own: dict[str, Any]) -> Version:  # Any: validated values
    media = own.get("media")
    return Version(
        account_id=account_id,
        own_text=own.get("text"),
        own_title=own.get("title"),
        own_media=None if media is None else tuple(media),
        options=own.get("options", {}),
        first_comment=own.get("first_comment", ""),
    )


class PlacingSerializer(serializers.Serializer[Any]):  # Any: it only reads
    """When a post goes out: wall time without a zone, in `zone` (the post's or the workspace's when left out)."""

    local_at = serializers.DateTimeField(default_timezone=None)
    zone = serializers.CharField(allow_blank=True, default="", max_length=64)


class VariantSerializer(serializers.ModelSerializer[Variant]):
    network = serializers.CharField(source="account.network")
    text = serializers.CharField()
    state = serializers.CharField(source="publication.state", default="")
    reason = serializers.CharField(source="publication.reason", default="")
    url = serializers.CharField(source="publication.url", default="")

    class Meta:
        model = Variant
        fields = ("account", "network", "text", "options", "first_comment", "publication", "state", "reason", "url")


class PostSerializer(serializers.ModelSerializer[Post]):
    """`state` is read from its publications; `due_at` is UTC, `local_at` the wall time in `zone`."""

    state = serializers.CharField()
    local_at = serializers.DateTimeField(default_timezone=None, format="%Y-%m-%dT%H:%M")
    variants = VariantSerializer(many=True)

    class Meta:
        model = Post
        fields = (
            "id",
            "state",
            "text",
            "title",
            "link",
            "language",
            "campaign",
            "endorser",
            "local_at",
            "zone",
            "due_at",
            "queued",
            "thread",
            "comment_minutes",
            "version",
            "variants",
        )


class MediaSerializer(serializers.ModelSerializer[MediaAsset]):
    class Meta:
        model = MediaAsset
        fields = ("id", "kind", "mime", "sha256", "size", "width", "height", "seconds", "filename", "alt")


def obstacle_as_json(obstacle: Obstacle) -> dict[str, Any]:  # Any: JSON values
    """What must be mended, for a program."""
    return {
        "field": obstacle.field,
        "reason": obstacle.reason,
        "account": obstacle.account_id,
        "account_name": obstacle.account,
        "code": obstacle.code,
        "next_free": obstacle.next_free,
    }


class SlotSerializer(serializers.ModelSerializer[Slot]):
    """`weekday` 0 is Monday; `at` is wall time in `zone` (empty: the workspace's)."""

    class Meta:
        model = Slot
        fields = ("id", "weekday", "at", "zone")
        read_only_fields = ("id", "zone")


class OrderSerializer(serializers.Serializer[Any]):  # Any: it only reads
    """Every queued post's id, in the new order."""

    posts = serializers.ListField(child=serializers.IntegerField())


class BulkSerializer(serializers.Serializer[Any]):  # Any: it only reads
    """`how`: later, day or spread, with what each needs."""

    posts = serializers.ListField(child=serializers.IntegerField(), max_length=500)
    how = serializers.ChoiceField(choices=["later", "day", "spread"])
    minutes = serializers.IntegerField(required=False)
    day = serializers.DateField(required=False)
    first = serializers.CharField(required=False)
    last = serializers.CharField(required=False)


class SeriesSerializer(serializers.ModelSerializer[Series]):
    """`posts`: the drafts it repeats (one for recurring). Times are wall times in `zone`."""

    posts = serializers.SerializerMethodField()

    class Meta:
        model = Series
        fields = (
            "id",
            "name",
            "kind",
            "state",
            "every",
            "interval",
            "weekdays",
            "nth",
            "monthday",
            "at",
            "zone",
            "gap_days",
            "starts_on",
            "ends_on",
            "count",
            "skips",
            "reason",
            "posts",
        )

    def get_posts(self, series: Series) -> list[int]:
        return [one.post_id for one in series.models.all()]


class OccurrenceSerializer(serializers.ModelSerializer[Occurrence]):
    class Meta:
        model = Occurrence
        fields = ("day", "state", "post", "edited", "reason")


class BrakeSerializer(serializers.ModelSerializer[Brake]):
    class Meta:
        model = Brake
        fields = ("id", "scope", "account", "lot", "name", "reason", "since")


class PullSerializer(serializers.Serializer[Any]):  # Any: it only reads
    """`account` or `campaign`, or neither: everything in the workspace."""

    account = serializers.IntegerField(required=False)
    campaign = serializers.IntegerField(required=False)
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=300)


class LetGoSerializer(serializers.Serializer[Any]):  # Any: it only reads
    """`after`: rule, shift, ask or skip."""

    after = serializers.ChoiceField(choices=Brake.After.choices)


class FanTurnSerializer(serializers.ModelSerializer[FanTurn]):
    """`template`: words with {title}, {excerpt} and {link}; `post`: what it became once the article was live."""

    class Meta:
        model = FanTurn
        fields = ("account", "template", "post", "reason")
        read_only_fields = ("post", "reason")


class FanOutSerializer(serializers.ModelSerializer[FanOut]):
    """`at` is wall time in `zone`; `link`: the article's address, once it has one."""

    turns = FanTurnSerializer(many=True)

    class Meta:
        model = FanOut
        fields = ("id", "state", "at", "zone", "first_days", "gap_days", "link", "reason", "turns")
        read_only_fields = ("state", "zone", "link", "reason")
        extra_kwargs = {"gap_days": {"min_value": 1, "max_value": 60}, "first_days": {"max_value": 60}}
