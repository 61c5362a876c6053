"""A publication as the API shows it."""

from __future__ import annotations

from rest_framework import serializers

from publishing.models import Attempt, Correction, Discrepancy, Publication


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


class WordsSerializer(serializers.Serializer[None]):
    """Other words for a live post; `title` left out stays as it is."""

    text = serializers.CharField(trim_whitespace=False, max_length=63_206)
    title = serializers.CharField(required=False, max_length=300)


class CorrectionSerializer(serializers.ModelSerializer[Correction]):
    """`state`: done, refused, or unknown (the answer did not come: send it again, twice does no harm)."""

    class Meta:
        model = Correction
        fields = ("id", "publication", "content", "state", "reason", "made_at", "ended_at")


class DiscrepancySerializer(serializers.ModelSerializer[Discrepancy]):
    """One post that is not on its network as it is on record. `text`: what readers see there."""

    network = serializers.CharField(source="account.network")

    class Meta:
        model = Discrepancy
        fields = (
            "id",
            "account",
            "network",
            "kind",
            "publication",
            "remote_id",
            "url",
            "text",
            "posted_at",
            "state",
            "found_at",
            "settled_at",
            "word",
        )
