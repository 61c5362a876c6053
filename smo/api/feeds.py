"""The API of feeds out: made, opened and closed, named, put at another address, dropped."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from networks import registry
from smo.actions import out as acts
from smo.models import Feed
from smo.serializers.feeds import FeedSerializer
from workspaces.access import ApiKeyAuthentication, Needs
from workspaces.models import Member


class Window(APIView):
    """Reading needs to see, writing needs to manage the shop window."""

    authentication_classes = [ApiKeyAuthentication, SessionAuthentication]

    def get_permissions(self) -> list[BasePermission]:
        return [Needs("see" if self.request.method == "GET" else "manage_window")()]


def member_of(request: Request) -> Member:
    """Who asks."""
    return request.member  # type: ignore[attr-defined,no-any-return]  # set by the middleware


class Feeds(Window):
    """The workspace's own feeds. POST makes one, closed; asked twice for the same, it answers the one that is there."""

    @extend_schema(responses=FeedSerializer(many=True))
    def get(self, request: Request, workspace: str) -> Response:
        return Response(FeedSerializer(Feed.objects.all(), many=True).data)

    @extend_schema(request=FeedSerializer, responses={201: FeedSerializer})
    def post(self, request: Request, workspace: str) -> Response:
        given = FeedSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        network = asked.get("network", "")
        if network and not registry.known(network):
            raise ValidationError({"network": "no such network"})
        made = acts.make_feed(
            title=asked["title"],
            about=asked.get("about", ""),
            network=network,
            campaign=asked.get("campaign"),
            by=member_of(request),
        )
        return Response(FeedSerializer(made).data, status=201)


class OneFeed(Window):
    """One feed. PATCH changes title, about, address and whether it is open; DELETE drops it with its address."""

    @extend_schema(responses=FeedSerializer)
    def get(self, request: Request, workspace: str, pk: int) -> Response:
        return Response(FeedSerializer(get_object_or_404(Feed, pk=pk)).data)

    @extend_schema(request=FeedSerializer, responses=FeedSerializer)
    def patch(self, request: Request, workspace: str, pk: int) -> Response:
        feed = get_object_or_404(Feed, pk=pk)
        given = FeedSerializer(feed, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        named = {name: asked.get(name, getattr(feed, name)) for name in ("title", "about", "address")}
        try:
            if any(named[name] != getattr(feed, name) for name in named):
                feed = acts.name_feed(feed, by=member_of(request), **named)
        except acts.NotTaken as refusal:
            raise ValidationError({"address": str(refusal)}) from refusal
        if "is_open" in asked:
            feed = acts.open_feed(feed, is_open=asked["is_open"], by=member_of(request))
        return Response(FeedSerializer(feed).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, workspace: str, pk: int) -> Response:
        acts.drop_feed(get_object_or_404(Feed, pk=pk), by=member_of(request))
        return Response(status=204)


class NewAddress(Window):
    """Give a feed another address nobody guesses; the old one leads nowhere from now on."""

    @extend_schema(request=None, responses=FeedSerializer)
    def post(self, request: Request, workspace: str, pk: int) -> Response:
        feed = acts.readdress(get_object_or_404(Feed, pk=pk), by=member_of(request))
        return Response(FeedSerializer(feed).data)
