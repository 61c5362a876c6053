"""The API of the writing desk: write posts, schedule them through the one gate, read what became of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.actions import placing, queueing, writing
from campaigns.actions.media import keep
from campaigns.models import Post
from campaigns.protocol import NotPossible, NotReady, NotTaken
from campaigns.queries import told
from campaigns.serializers import (
    DraftSerializer,
    MediaSerializer,
    PlacingSerializer,
    PostSerializer,
    obstacle_as_json,
)
from publishing.protocol import NotPossible as TooLate
from workspaces.access import ApiKeyAuthentication, Needs

WAYS_IN = [ApiKeyAuthentication, SessionAuthentication]
PAGE = 50
STOPPED = OpenApiResponse(description="Stopped by the gate: `obstacles`, channel by channel. Nothing is scheduled.")


class Desk(APIView):
    """Reading needs to see, writing needs to write."""

    authentication_classes = WAYS_IN
    writes = "write_posts"

    def get_permissions(self) -> list[BasePermission]:
        return [Needs("see" if self.request.method == "GET" else self.writes)()]

    def answered(self, post: Post, place: Callable[[Post], Post], member: Any, *, created: bool = False) -> Response:
        """Place it; 422 with the obstacles when the gate stops it, 409 when there is no slot. Any: middleware's."""
        return _answered(post, lambda: place(post), member, created=created)


class Posts(Desk):
    """Posts, newest first."""

    @extend_schema(
        parameters=[
            OpenApiParameter("before", int, description="the last id of the page before"),
            OpenApiParameter("campaign", int),
        ],
        responses=PostSerializer(many=True),
    )
    def get(self, request: Request, workspace: str) -> Response:
        found = Post.objects.all().told().order_by("-id")
        for name, lookup in (("before", "id__lt"), ("campaign", "campaign_id")):
            given = request.query_params.get(name, "")
            if given and not given.isdecimal():
                raise ValidationError({name: "a number"})
            if given:
                found = found.filter(**{lookup: int(given)})
        return Response(PostSerializer(found[:PAGE], many=True).data)

    @extend_schema(request=DraftSerializer, responses={201: PostSerializer, 422: STOPPED})
    def post(self, request: Request, workspace: str) -> Response:
        """Write a post; with `schedule` it is handed over too. Stopped, it stays a draft (`post`: its id)."""
        form = DraftSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        here, member = request.workspace, request.member  # type: ignore[attr-defined]  # set by the middleware
        given = form.draft(here.zone)
        _check_zone(given.zone)
        post = writing.draft(given, by=member)
        if form.validated_data["queue"]:
            return _answered(post, lambda: queueing.add_to_queue(post, by=member), member, created=True)
        if form.validated_data["schedule"]:
            return _placed(post, given.local_at, given.zone, member, created=True)
        return Response(PostSerializer(post).data, status=status.HTTP_201_CREATED)


class OnePost(Desk):
    """One post, with what became of it on each channel."""

    @extend_schema(responses=PostSerializer)
    def get(self, request: Request, workspace: str, pk: int) -> Response:
        return Response(PostSerializer(_post(pk)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, workspace: str, pk: int) -> Response:
        """Throw a draft away."""
        try:
            writing.delete(_post(pk), by=request.member)  # type: ignore[attr-defined]  # set by the middleware
        except NotPossible as refusal:
            return _refused(refusal)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Schedule(Desk):
    """Hand a post over for a time."""

    writes = "schedule"

    @extend_schema(request=PlacingSerializer, responses={200: PostSerializer, 422: STOPPED})
    def post(self, request: Request, workspace: str, pk: int) -> Response:
        form = PlacingSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        post, given = _post(pk), form.validated_data
        zone = given["zone"] or post.zone or post.workspace.zone
        _check_zone(zone)
        local = given["local_at"].replace(tzinfo=None)
        return _placed(post, local, zone, request.member)  # type: ignore[attr-defined]  # set by the middleware


class Cancel(Desk):
    """Call back what has not been sent."""

    writes = "schedule"

    @extend_schema(request=None, responses=PostSerializer)
    def post(self, request: Request, workspace: str, pk: int) -> Response:
        try:
            post = placing.cancel(_post(pk), by=request.member)  # type: ignore[attr-defined]  # set by the middleware
        except (NotPossible, TooLate) as refusal:
            return _refused(refusal)
        return Response(PostSerializer(post).data)


class MediaUpload(Desk):
    """Keep one picture or video (multipart: `file`, `alt`)."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        request={
            "multipart/form-data": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
        },
        responses={201: MediaSerializer},
    )
    def post(self, request: Request, workspace: str) -> Response:
        file = request.FILES.get("file")
        if file is None or file.file is None:
            raise ValidationError({"file": "Send one file, smaller than the limit."})
        here, member = request.workspace, request.member  # type: ignore[attr-defined]  # set by the middleware
        try:
            asset = keep(
                file.file,
                filename=file.name or "",
                by=member,
                workspace_id=here.pk,
                alt=request.POST.get("alt", ""),
            )
        except NotTaken as refusal:
            raise ValidationError({"file": str(refusal)}) from refusal
        return Response(MediaSerializer(asset).data, status=status.HTTP_201_CREATED)


def _post(pk: int) -> Post:
    get_object_or_404(Post, pk=pk)
    return told(pk)


def _placed(post: Post, at: Any, zone: str, member: Any, *, created: bool = False) -> Response:  # Any: middleware's
    """Schedule it; 422 with the obstacles when the gate stops it."""
    return _answered(post, lambda: placing.schedule(post, at=at, zone=zone, by=member), member, created=created)


def _answered(post: Post, place: Callable[[], Post], member: Any, *, created: bool) -> Response:  # Any: middleware's
    if not member.may("schedule"):
        return Response({"detail": "Your role may not schedule."}, status=status.HTTP_403_FORBIDDEN)
    try:
        placed = place()
    except NotPossible as refusal:
        return _refused(refusal)
    except NotReady as refusal:
        obstacles = [obstacle_as_json(obstacle) for obstacle in refusal.obstacles]
        return Response({"post": post.pk, "obstacles": obstacles}, status=status.HTTP_422_UNPROCESSABLE_ENTITY)
    return Response(PostSerializer(placed).data, status=201 if created else 200)


def _refused(refusal: Exception) -> Response:
    return Response({"detail": str(refusal)}, status=status.HTTP_409_CONFLICT)


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValidationError({"zone": "no IANA zone"}) from error
