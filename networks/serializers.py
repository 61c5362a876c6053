"""An account as the API shows it."""

from __future__ import annotations

from rest_framework import serializers

from networks import registry
from networks.models import Account, Duty, OwnNetwork


class AccountSerializer(serializers.ModelSerializer[Account]):
    """Never a credential; `network_name` as its people write it."""

    network_name = serializers.SerializerMethodField()

    class Meta:
        model = Account
        fields = (
            "id",
            "network",
            "network_name",
            "uid",
            "name",
            "handle",
            "avatar_url",
            "health",
            "health_reason",
            "paused",
            "expires_at",
            "connected_at",
            "by_hand",
        )

    def get_network_name(self, account: Account) -> str:
        return registry.get(account.network).name if registry.known(account.network) else account.network


class ChargeSerializer(serializers.ModelSerializer[Duty]):
    """Who posts on a channel by hand. Times in the workspace's zone; `days`: ISO weekdays, Monday is 1."""

    class Meta:
        model = Duty
        fields = ("keeper", "deputy", "begins", "ends", "days", "keeper_away_until", "deputy_away_until")
        extra_kwargs = {name: {"required": False} for name in fields}


class ByHandSerializer(serializers.Serializer[None]):
    """A channel that people post to: its network's slug, its name, and who is in charge."""

    network = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=200)
    handle = serializers.CharField(max_length=200, required=False, allow_blank=True)
    duty = ChargeSerializer(required=False)


class OwnNetworkSerializer(serializers.ModelSerializer[OwnNetwork]):
    """A network that the workspace describes itself. Sizes in bytes; `{handle}` and one `*` in the addresses."""

    slug = serializers.CharField(read_only=True)
    place = serializers.CharField(max_length=500)

    class Meta:
        model = OwnNetwork
        fields = (
            "id",
            "slug",
            "name",
            "text",
            "counting",
            "fold_characters",
            "title",
            "images",
            "image_bytes",
            "videos",
            "video_bytes",
            "alt",
            "place",
            "pattern",
            "note",
            "initials",
            "colour",
            "retired_at",
        )
        read_only_fields = ("id", "retired_at")
        validators: list[object] = []  # the verb says what is wrong, in words
