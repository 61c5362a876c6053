"""Customs for programs: judge a text before it is written anywhere, and keep the records it is judged by."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from compliance import actions
from compliance.context import found_in
from compliance.models import Connection, Endorser, Verdict
from compliance.queries import passes
from compliance.serializers import ConnectionSerializer, EndorserSerializer, ScreenSerializer
from networks.protocol import Content
from workspaces.access import ApiKeyAuthentication, Needs

WAYS_IN = [ApiKeyAuthentication, SessionAuthentication]


class Screen(APIView):
    """Judge a text as publishing would, and say what to change."""

    authentication_classes = WAYS_IN
    permission_classes = [Needs("write_posts")]

    @extend_schema(request=ScreenSerializer, responses={200: dict})
    def post(self, request: Request, workspace: str) -> Response:
        """Answers `verdict` (allow, review, block), whether it `passes` now, and the `findings` with their edits."""
        form = ScreenSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        given: dict[str, Any] = form.validated_data  # Any: DRF's own type
        content = Content(**{name: given[name] for name in ("text", "title", "link", "language", "options")})
        verdict = actions.screen(
            content,
            account_network=given["network"],
            endorser=given["endorser"],
            workspace=request.workspace,  # type: ignore[attr-defined]  # set by the middleware
            on=request.workspace.day(timezone.now()),  # type: ignore[attr-defined]  # set by the middleware
            surface=given["surface"],
            brands=given["brands"],
        )
        return Response(_told(verdict, content))


class Endorsers(generics.ListCreateAPIView[Endorser]):
    """The people who speak for brands."""

    authentication_classes = WAYS_IN
    serializer_class = EndorserSerializer
    pagination_class = None

    def get_permissions(self) -> list[Any]:  # Any: DRF's own
        return [Needs("see" if self.request.method in {"GET", "HEAD", "OPTIONS"} else "record_connections")()]

    def get_queryset(self) -> QuerySet[Endorser]:
        return Endorser.objects.order_by("name")

    def perform_create(self, serializer: BaseSerializer[Endorser]) -> None:
        member = self.request.member  # type: ignore[attr-defined]  # set by the middleware
        serializer.instance = actions.keep_endorser(Endorser(**serializer.validated_data), by=member)


class Connections(generics.ListCreateAPIView[Connection]):
    """One endorser's material connections."""

    authentication_classes = WAYS_IN
    serializer_class = ConnectionSerializer
    pagination_class = None

    def get_permissions(self) -> list[Any]:  # Any: DRF's own
        return [Needs("see" if self.request.method in {"GET", "HEAD", "OPTIONS"} else "record_connections")()]

    def get_queryset(self) -> QuerySet[Connection]:
        return Connection.objects.filter(endorser=self._endorser())

    def perform_create(self, serializer: BaseSerializer[Connection]) -> None:
        member = self.request.member  # type: ignore[attr-defined]  # set by the middleware
        made = Connection(endorser=self._endorser(), **serializer.validated_data)
        serializer.instance = actions.record_connection(made, by=member)

    def _endorser(self) -> Endorser:
        return get_object_or_404(Endorser, pk=self.kwargs["pk"])


def _told(verdict: Verdict, content: Content) -> dict[str, Any]:  # Any: a JSON object
    return {
        "verdict": verdict.outcome,
        "passes": passes(verdict),
        "fingerprint": verdict.fingerprint,
        "rules_version": verdict.rules_version,
        "findings": [
            {**row, "reason": one.reason, "title": one.title}
            for row, one in zip(verdict.findings, found_in(verdict.findings, content), strict=True)
        ],
    }
