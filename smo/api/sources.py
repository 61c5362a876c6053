"""The API of watched feeds: found, watched, filtered, rested, forgotten; and their items."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from networks.fetch import NotFetched
from smo.actions import incoming as acts
from smo.api.feeds import Window, member_of
from smo.models import Item, Source
from smo.pipeline import incoming
from smo.queries.incoming import items_of
from smo.serializers.sources import WORDS, FeedItemSerializer, WatchedFeedSerializer
from smo.tasks import look_at_feed
from workspaces.tenancy import entered, enters_by_itself

PAGE = 100


@method_decorator(enters_by_itself, name="dispatch")
class Sources(Window):
    """Watched feeds. POST takes a feed's address, or that of a page that names one: the likeliest is watched."""

    @extend_schema(responses=WatchedFeedSerializer(many=True))
    def get(self, request: Request, workspace: str) -> Response:
        with entered(member_of(request).workspace_id):
            return Response(WatchedFeedSerializer(Source.objects.all(), many=True).data)

    @extend_schema(request=WatchedFeedSerializer, responses={201: WatchedFeedSerializer})
    def post(self, request: Request, workspace: str) -> Response:
        given = WatchedFeedSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked, by = given.validated_data, member_of(request)
        try:
            named = incoming.find(asked["address"])[0]
        except NotFetched as error:
            raise ValidationError({"address": _(incoming.why(error.word))}) from error
        try:
            with entered(by.workspace_id, user_id=by.user_id):
                source = acts.watch(
                    address=named.url,
                    page=asked["address"],
                    name=asked.get("name") or named.title,
                    kind=named.kind,
                    first=asked.get("first", 0),
                    by=by,
                )
                if any(asked.get(name) for name in WORDS):
                    source = acts.filter_by(source, name=source.name, filters=asked, by=by)
        except acts.NotWatched as refusal:
            raise ValidationError({"address": str(refusal)}) from refusal
        look_at_feed.delay_on_commit(by.workspace_id, source.pk)  # type: ignore[attr-defined]  # Celery's task class
        return Response(WatchedFeedSerializer(source).data, status=201)


class OneSource(Window):
    """One watched feed. PATCH changes its name, what passes, and whether it rests; DELETE forgets it."""

    @extend_schema(responses=WatchedFeedSerializer)
    def get(self, request: Request, workspace: str, pk: int) -> Response:
        return Response(WatchedFeedSerializer(get_object_or_404(Source, pk=pk)).data)

    @extend_schema(request=WatchedFeedSerializer, responses=WatchedFeedSerializer)
    def patch(self, request: Request, workspace: str, pk: int) -> Response:
        source = get_object_or_404(Source, pk=pk)
        given = WatchedFeedSerializer(source, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        asked, by = given.validated_data, member_of(request)
        words = {name: asked.get(name, getattr(source, name)) for name in WORDS}
        if {"name", *WORDS} & set(asked):
            source = acts.filter_by(source, name=asked.get("name", source.name), filters=words, by=by)
        if "resting" in asked:
            source = acts.rest(source, resting=asked["resting"], by=by)
        return Response(WatchedFeedSerializer(source).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, workspace: str, pk: int) -> Response:
        acts.forget(get_object_or_404(Source, pk=pk), by=member_of(request))
        return Response(status=204)


class Items(Window):
    """What appeared in a feed, newest first; `?state=` narrows, `?before=<id>` goes on."""

    @extend_schema(
        parameters=[OpenApiParameter("state", enum=Item.State.values), OpenApiParameter("before", int)],
        responses=FeedItemSerializer(many=True),
    )
    def get(self, request: Request, workspace: str, pk: int) -> Response:
        found = items_of(get_object_or_404(Source, pk=pk), request.query_params.get("state", "")).order_by("-pk")
        before = request.query_params.get("before", "")
        if before.isdecimal():
            found = found.filter(pk__lt=int(before))
        return Response(FeedItemSerializer(found[:PAGE], many=True).data)
