"""The shape of compliance in JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from compliance.models import Connection, Endorser
from networks import registry

ModelSerializer = serializers.ModelSerializer


class EndorserSerializer(ModelSerializer[Endorser]):
    class Meta:
        model = Endorser
        fields = (
            "id",
            "name",
            "handles",
            "place",
            "language",
            "audience_age",
            "audience_places",
            "email",
            "notes",
            "version",
        )
        read_only_fields = ("version",)

    def validate_handles(self, value: Any) -> dict[str, str]:  # Any: whatever the caller sent
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise serializers.ValidationError("A map from network to handle.")
        return value


class ConnectionSerializer(ModelSerializer[Connection]):
    class Meta:
        model = Connection
        fields = ("id", "brand", "kind", "value", "currency", "starts_on", "ends_on", "evidence", "recorded_at")
        read_only_fields = ("recorded_at",)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:  # Any: DRF's own type
        if attrs.get("ends_on") and attrs["ends_on"] < attrs["starts_on"]:
            raise serializers.ValidationError({"ends_on": "It cannot end before it starts."})
        return attrs


class ScreenSerializer(serializers.Serializer[Any]):  # Any: there is no model behind it
    """A text to be judged as it would be on publishing; nothing is kept of it but the verdict."""

    text = serializers.CharField(allow_blank=True, max_length=20_000)
    title = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)
    link = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)
    language = serializers.CharField(required=False, allow_blank=True, default="", max_length=8)
    network = serializers.CharField(max_length=40)
    endorser = serializers.IntegerField(required=False, allow_null=True, default=None)
    brands = serializers.ListField(child=serializers.CharField(max_length=120), required=False, default=list)
    surface = serializers.ChoiceField(["post", "comment", "reply", "story", "live"], required=False, default="post")
    options = serializers.DictField(required=False, default=dict)

    def validate_endorser(self, value: int | None) -> Endorser | None:
        found = Endorser.objects.filter(pk=value).first() if value is not None else None
        if value is not None and found is None:
            raise serializers.ValidationError("No endorser has this number here.")
        return found

    def validate_network(self, value: str) -> str:
        if not registry.known(value):
            raise serializers.ValidationError(f"There are: {', '.join(registry.slugs())}.")
        return value

    def validate_options(self, value: dict[str, Any]) -> dict[str, str | bool | int]:  # Any: the caller's JSON
        if not all(isinstance(one, str | bool | int) for one in value.values()):
            raise serializers.ValidationError("Options are texts, numbers or yes and no.")
        return value
