"""The API of fan-outs: what tells of an article, begun with POST, taken back with DELETE."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.actions import fanning
from campaigns.api import Desk
from campaigns.models import Post
from campaigns.protocol import NotPossible
from campaigns.queries import told
from campaigns.queries.fanning import article_of, fan_out_of
from campaigns.serializers import FanOutSerializer


class OneFanOut(Desk):
    """The fan-out of a post: the one that runs, else the newest."""

    writes = "schedule"

    @extend_schema(responses={200: FanOutSerializer, 404: None})
    def get(self, request: Request, workspace: str, pk: int) -> Response:
        there = fan_out_of(get_object_or_404(Post, pk=pk))
        if there is None:
            raise NotFound
        return Response(FanOutSerializer(there).data)

    @extend_schema(request=FanOutSerializer, responses={201: FanOutSerializer, 409: None})
    def post(self, request: Request, workspace: str, pk: int) -> Response:
        """Nothing is planned before the article has an address; the clock does it then."""
        get_object_or_404(Post, pk=pk)
        article = article_of(told(pk))
        given = FanOutSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        try:
            if article is None:
                raise NotPossible("The article has no channel.")
            made = fanning.fan_out(
                article,
                [fanning.Turn(turn["account"], turn["template"]) for turn in asked["turns"]],
                at=asked["at"],
                gap_days=asked.get("gap_days", 2),
                first_days=asked.get("first_days", 0),
                by=request.member,  # type: ignore[attr-defined]  # set by the middleware
            )
        except NotPossible as refused:
            return Response({"detail": str(refused)}, status=409)
        return Response(FanOutSerializer(made).data, status=201)

    @extend_schema(request=None, responses={200: FanOutSerializer, 404: None, 409: None})
    def delete(self, request: Request, workspace: str, pk: int) -> Response:
        there = fan_out_of(get_object_or_404(Post, pk=pk))
        if there is None:
            raise NotFound
        try:
            fanning.undo(there, by=request.member)  # type: ignore[attr-defined]  # set by the middleware
        except NotPossible as refused:
            return Response({"detail": str(refused)}, status=409)
        there.refresh_from_db()
        return Response(FanOutSerializer(there).data)
