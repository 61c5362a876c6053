"""Feeds of what was published, as programs read and write them."""

from __future__ import annotations

from django.core.validators import RegexValidator
from rest_framework import serializers

from smo.models import Feed
from smo.models.out import ADDRESS
from smo.queries.out import addresses_of


class FeedSerializer(serializers.ModelSerializer[Feed]):
    """A feed. `campaign` and `network` say what it shows and stay as they are; null and empty: everything."""

    addresses = serializers.SerializerMethodField()

    class Meta:
        model = Feed
        fields = ["id", "title", "about", "campaign", "network", "address", "is_open", "addresses", "made_at"]
        read_only_fields = ["made_at"]
        extra_kwargs = {
            "title": {"required": True},
            "address": {"required": False, "validators": [RegexValidator(ADDRESS)]},
        }
        validators: list[object] = []

    def get_addresses(self, feed: Feed) -> dict[str, str]:
        return addresses_of(feed)
