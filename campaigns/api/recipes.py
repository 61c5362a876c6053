"""The API of what becomes of watched feeds: read, changed whole, and undone."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.actions import from_feeds
from campaigns.api import Desk
from campaigns.models import Campaign, FeedPost, Recipe
from campaigns.queries.recipes import feedable
from campaigns.rules.filling import unknown
from smo.models import Source
from workspaces.models import Member


class RecipeSerializer(serializers.ModelSerializer[Recipe]):
    """`template` and `own` (account id -> template) may hold {title} {link} {summary} {author} {tags} {site} {date}."""

    accounts = serializers.ListField(child=serializers.IntegerField(), max_length=50)
    campaign = serializers.IntegerField(source="campaign_id", required=False, allow_null=True)
    own = serializers.DictField(child=serializers.CharField(max_length=5000), required=False)
    a_day = serializers.IntegerField(min_value=1, max_value=50, required=False)
    every_days = serializers.IntegerField(min_value=1, max_value=60, required=False)

    class Meta:
        model = Recipe
        fields = ["is_on", "into", "accounts", "template", "own", "campaign", "a_day", "every_days", "at"]

    def validate(self, given: dict[str, object]) -> dict[str, object]:
        templates = [given.get("template", ""), *dict(given.get("own") or {}).values()]  # type: ignore[call-overload]  # a mapping
        if strange := [name for text in templates for name in unknown(str(text))]:
            raise ValidationError({"template": f"there is no {{{strange[0]}}}"})
        campaign = given.get("campaign_id")
        if campaign is not None and not Campaign.objects.filter(pk=str(campaign)).exists():
            raise ValidationError({"campaign": "no such campaign"})
        there = {account.pk for account in feedable()}
        if not set(given["accounts"]) <= there:  # type: ignore[call-overload]  # a list of numbers
            raise ValidationError({"accounts": "not a channel that words can be posted to"})
        return given


class OneRecipe(Desk):
    """What becomes of one watched feed. PUT says it whole."""

    writes = "schedule"

    @extend_schema(responses=RecipeSerializer)
    def get(self, request: Request, workspace: str, pk: int) -> Response:
        return Response(RecipeSerializer(get_object_or_404(Recipe, source_id=pk)).data)

    @extend_schema(request=RecipeSerializer, responses=RecipeSerializer)
    def put(self, request: Request, workspace: str, pk: int) -> Response:
        source = get_object_or_404(Source, pk=pk)
        given = RecipeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        kept = from_feeds.keep_recipe(source, by=_member(request), **given.validated_data)
        return Response(RecipeSerializer(kept).data)


class UndoFeedPost(Desk):
    """Take back what was made of one item of a feed; nothing is made of it again."""

    writes = "schedule"

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, workspace: str, pk: int, item: int) -> Response:
        made = get_object_or_404(FeedPost.objects.select_related("item"), recipe__source_id=pk, item_id=item)
        _gone, stay = from_feeds.undo([made], by=_member(request))
        return Response(status=409 if stay else 204)


def _member(request: Request) -> Member:
    return request.member  # type: ignore[attr-defined,no-any-return]  # set by the middleware
