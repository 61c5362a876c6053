"""A publication as the API shows it."""

from __future__ import annotations

from rest_framework import serializers

from publishing.models import Attempt, Publication


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    class Meta:
        model = Attempt
        fields = ("fence", "result", "started_at", "ended_at", "error_code", "reason")


class PublicationSerializer(serializers.ModelSerializer[Publication]):
    """Times in UTC; `local_at` and `zone` are what the person meant. `attempts`: every send, oldest first."""

    network = serializers.CharField(source="account.network")
    attempts = AttemptSerializer(many=True)

    class Meta:
        model = Publication
        fields = (
            "id",
            "account",
            "network",
            "content",
            "fingerprint",
            "state",
            "held_for",
            "reason",
            "due_at",
            "local_at",
            "zone",
            "not_before",
            "parent",
            "remote_id",
            "url",
            "published_at",
            "created_at",
            "attempts",
        )
