"""The API of posts that people put up by hand: what to post, for whoever took it, and what they say of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from publishing import actions
from publishing.context.by_hand import Sheet, mine_first, sheet
from publishing.models import Publication
from publishing.protocol import NotPossible, Overtaken
from publishing.serializers import DoneSerializer, NotDoneSerializer, SheetSerializer
from publishing.tasks import see_by_hand
from workspaces.access import ApiKeyAuthentication, Needs

SIMPLE: dict[str, Callable[..., Publication]] = {
    "take": actions.take,
    "take-over": actions.take_over,
    "put-back": actions.put_back,
    "undo": actions.undo,
}


class ByHand(APIView):
    """What is with a person or will be within a day, by its time. No words: those are for whoever takes it."""

    authentication_classes = [ApiKeyAuthentication, SessionAuthentication]
    permission_classes = [Needs("see")]

    @extend_schema(responses=SheetSerializer(many=True))
    def get(self, request: Request, workspace: str) -> Response:
        member = request.member  # type: ignore[attr-defined]  # set by the middleware
        found = mine_first(member).select_related("workspace", "endorser", "verdict")[:100]
        return Response([SheetSerializer(sheet(one, member)).data for one in found])


class OneByHand(APIView):
    """One post that goes by hand. `words`, `media` and `door` are there for whoever took it, while nothing stops it."""

    authentication_classes = [ApiKeyAuthentication, SessionAuthentication]
    permission_classes = [Needs("post_by_hand")]

    @extend_schema(responses=SheetSerializer)
    def get(self, request: Request, workspace: str, publication: int) -> Response:
        return Response(SheetSerializer(_sheet(request, publication)).data)


class ActByHand(APIView):
    """take, take-over, put-back, undo; done (`url`); not (`why`, `words`, `then`, `at`)."""

    authentication_classes = [ApiKeyAuthentication, SessionAuthentication]
    permission_classes = [Needs("post_by_hand")]

    @extend_schema(
        parameters=[OpenApiParameter("verb", enum=[*SIMPLE, "done", "not"], location="path")],
        request=NotDoneSerializer,
        responses={200: SheetSerializer, 409: None},
    )
    def post(self, request: Request, workspace: str, publication: int, verb: str) -> Response:
        do, more = _asked(request, verb)
        found = get_object_or_404(Publication, pk=publication, by_hand=True)
        try:
            with transaction.atomic():
                do(found, by=request.member, **more)  # type: ignore[attr-defined]  # set by the middleware
        except (NotPossible, Overtaken) as refusal:
            return Response({"detail": str(refusal)}, status=409)
        if verb == "done":
            see_by_hand.delay_on_commit(found.pk, found.workspace_id)  # type: ignore[attr-defined]  # unknown to its stubs
        return Response(SheetSerializer(_sheet(request, publication)).data)


def _asked(request: Request, verb: str) -> tuple[Callable[..., Publication], dict[str, Any]]:  # Any: validated fields
    if verb in SIMPLE:
        return SIMPLE[verb], {}
    kinds: dict[str, tuple[Callable[..., Publication], type[Serializer[None]]]] = {
        "done": (actions.say_done, DoneSerializer),
        "not": (actions.say_not, NotDoneSerializer),
    }
    if verb not in kinds:
        raise Http404(verb)
    do, kind = kinds[verb]
    given = kind(data=request.data)
    given.is_valid(raise_exception=True)
    return do, dict(given.validated_data)


def _sheet(request: Request, pk: int) -> Sheet:
    found = Publication.objects.select_related("account", "workspace", "endorser", "verdict")
    return sheet(get_object_or_404(found, pk=pk, by_hand=True), request.member)  # type: ignore[attr-defined]  # set by the middleware
