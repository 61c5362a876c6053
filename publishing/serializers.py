"""A publication as the API shows it."""

from __future__ import annotations

from typing import Any

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


class PieceSerializer(serializers.Serializer[object]):
    """One picture or video to take along."""

    number = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.CharField(source="media.kind")
    alt = serializers.CharField(source="media.alt")


class SheetSerializer(serializers.Serializer[object]):
    """A post on its way by hand. `step`: soon, ask, mine, theirs, said, question, done or over; `obstacle`: off, brake,
    account, customs or unknown, and then it must not be posted.
    """

    publication = serializers.IntegerField(source="publication.pk")
    account = serializers.IntegerField(source="publication.account_id")
    state = serializers.CharField(source="publication.state")
    due_at = serializers.DateTimeField(source="publication.due_at")
    step = serializers.CharField()
    obstacle = serializers.CharField(source="obstacle.value", default="")
    late = serializers.BooleanField()
    asked = serializers.CharField(source="handover.asked_name")
    asked_at = serializers.DateTimeField(source="handover.asked_at", allow_null=True)
    holder = serializers.CharField(source="handover.holder_name")
    held_at = serializers.DateTimeField(source="handover.held_at", allow_null=True)
    url = serializers.CharField(source="handover.said_url")
    seen = serializers.CharField(source="handover.seen")
    words = serializers.CharField()
    title = serializers.CharField()
    door = serializers.CharField()
    media = PieceSerializer(source="pieces", many=True)


class DoneSerializer(serializers.Serializer[None]):
    """Where it stands."""

    url = serializers.URLField(max_length=1000)


class NotDoneSerializer(serializers.Serializer[None]):
    """Why it was not posted and what now; `at` (with an offset) only for "later"."""

    why = serializers.ChoiceField(choices=["rejected", "content", "time", "other"])
    words = serializers.CharField(required=False, allow_blank=True, max_length=300)
    then = serializers.ChoiceField(choices=["author", "later", "cancel"])
    at = serializers.DateTimeField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:  # Any: validated fields
        if attrs["then"] == "later" and "at" not in attrs:
            raise serializers.ValidationError({"at": "needed for later"})
        return attrs
