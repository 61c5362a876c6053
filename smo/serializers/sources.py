"""Watched feeds and their items, as programs read and write them."""

from __future__ import annotations

from rest_framework import serializers

from smo.models import Item, Source

WORDS = ("include", "exclude", "authors", "categories", "languages")


class WatchedFeedSerializer(serializers.ModelSerializer[Source]):
    """A watched feed. `first`: how many of the first look's entries count as new. `resting`: it is not looked at."""

    address = serializers.URLField(max_length=1000)
    name = serializers.CharField(max_length=200, required=False)
    health = serializers.CharField(read_only=True)
    resting = serializers.BooleanField(required=False, write_only=True)
    include = serializers.ListField(child=serializers.CharField(max_length=100), max_length=50, required=False)
    exclude = serializers.ListField(child=serializers.CharField(max_length=100), max_length=50, required=False)
    authors = serializers.ListField(child=serializers.CharField(max_length=100), max_length=50, required=False)
    categories = serializers.ListField(child=serializers.CharField(max_length=100), max_length=50, required=False)
    languages = serializers.ListField(child=serializers.CharField(max_length=16), max_length=50, required=False)

    class Meta:
        model = Source
        fields = ["id", "name", "address", "kind", "first", "resting", "health", "trouble", "failures", "looked_at"]
        fields += ["due_at", "minutes", "hub_state", *WORDS]
        read_only_fields = ["kind", "trouble", "failures", "looked_at", "due_at", "minutes", "hub_state"]
        validators: list[object] = []


class FeedItemSerializer(serializers.ModelSerializer[Item]):
    """One article, episode or video of a watched feed."""

    class Meta:
        model = Item
        fields = ["id", "url", "title", "summary", "author", "tags", "language", "published_at", "state", "why"]
        read_only_fields = fields
