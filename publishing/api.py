"""The API of the post office: what is queued, what became of it, and each attempt."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from publishing.models import Publication
from publishing.serializers import PublicationSerializer
from workspaces.access import ApiKeyAuthentication, Needs

PAGE = 100


class Publications(APIView):
    """Publications, newest due first; `?state=` and `?account=` narrow, `?before=<id>` goes on."""

    authentication_classes = [ApiKeyAuthentication, SessionAuthentication]
    permission_classes = [Needs("see")]

    @extend_schema(
        parameters=[
            OpenApiParameter("state", enum=Publication.State.values),
            OpenApiParameter("account", int),
            OpenApiParameter("before", int, description="the last id of the page before"),
        ],
        responses=PublicationSerializer(many=True),
    )
    def get(self, request: Request, workspace: str) -> Response:
        found = Publication.objects.all().for_display().order_by("-id")
        state = request.query_params.get("state")
        if state:
            if state not in Publication.State.values:
                raise ValidationError({"state": f"one of: {', '.join(Publication.State.values)}"})
            found = found.filter(state=state)
        for name, lookup in (("account", "account_id"), ("before", "id__lt")):
            given = request.query_params.get(name, "")
            if given:
                if not given.isdecimal():
                    raise ValidationError({name: "a number"})
                found = found.filter(**{lookup: int(given)})
        return Response(PublicationSerializer(found[:PAGE], many=True).data)


class OnePublication(APIView):
    """One publication with every attempt."""

    authentication_classes = [ApiKeyAuthentication, SessionAuthentication]
    permission_classes = [Needs("see")]

    @extend_schema(responses=PublicationSerializer)
    def get(self, request: Request, workspace: str, publication: int) -> Response:
        found = get_object_or_404(Publication.objects.all().for_display(), pk=publication)
        return Response(PublicationSerializer(found).data)
