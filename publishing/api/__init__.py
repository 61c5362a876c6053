"""The API of the post office: what is queued, what became of it, and each attempt."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from publishing import actions
from publishing.models import Discrepancy, Publication
from publishing.protocol import NotPossible, Overtaken, Stopped
from publishing.queries import discrepancies, reasons_of
from publishing.serializers import CorrectionSerializer, DiscrepancySerializer, PublicationSerializer, WordsSerializer
from workspaces.access import ApiKeyAuthentication, Needs
from workspaces.tenancy import entered, enters_by_itself

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


class _Writing(APIView):
    authentication_classes = [ApiKeyAuthentication, SessionAuthentication]
    permission_classes = [Needs("schedule")]


VERBS: dict[str, Callable[..., Publication]] = {
    "release": actions.release,
    "now": actions.publish_now,
    "cancel": actions.cancel,
    "hold": lambda found, *, by: actions.hold(found, reason="", by=by),
}


class ActOnPublication(_Writing):
    """release (also: try a refused or missed one again), now, cancel or hold one publication."""

    @extend_schema(request=None, responses={200: PublicationSerializer, 409: None})
    def post(self, request: Request, workspace: str, publication: int, verb: str) -> Response:
        found = get_object_or_404(Publication.objects.all().for_display(), pk=publication)
        if verb not in VERBS:
            raise Http404(verb)
        try:
            with transaction.atomic():
                VERBS[verb](found, by=request.member)  # type: ignore[attr-defined]  # set by the middleware
        except (NotPossible, Overtaken) as refusal:
            return Response({"detail": str(refusal)}, status=409)
        fresh = Publication.objects.all().for_display().get(pk=publication)
        return Response(PublicationSerializer(fresh).data)


@method_decorator(enters_by_itself, name="dispatch")
class EditLive(_Writing):
    """Put other words in the place of a live post's, through the gate; where its network lets an app do that."""

    @extend_schema(request=WordsSerializer, responses={200: CorrectionSerializer, 409: None, 422: None})
    def post(self, request: Request, workspace: str, publication: int) -> Response:
        given = WordsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            done = actions.edit_live(_found(request, publication), by=request.member, **given.validated_data)  # type: ignore[attr-defined]  # set by the middleware
        except Stopped as stopped:
            return Response({"reasons": reasons_of(stopped)}, status=422)
        except NotPossible as refusal:
            return Response({"detail": str(refusal)}, status=409)
        return Response(CorrectionSerializer(done).data)


@method_decorator(enters_by_itself, name="dispatch")
class DeleteLive(_Writing):
    """Take a live post away on its network."""

    @extend_schema(request=None, responses={204: None, 409: None})
    def post(self, request: Request, workspace: str, publication: int) -> Response:
        try:
            actions.delete_live(_found(request, publication), by=request.member)  # type: ignore[attr-defined]  # set by the middleware
        except NotPossible as refusal:
            return Response({"detail": str(refusal)}, status=409)
        return Response(status=204)


def _found(request: Request, pk: int) -> Publication:
    with entered(request.workspace.pk):  # type: ignore[attr-defined]  # set by the middleware
        return get_object_or_404(Publication.objects.select_related("account", "endorser"), pk=pk)


class Audits(APIView):
    """Where the networks do not show what is on record: what is open, the most alarming first."""

    authentication_classes = [ApiKeyAuthentication, SessionAuthentication]
    permission_classes = [Needs("see")]

    @extend_schema(responses=DiscrepancySerializer(many=True))
    def get(self, request: Request, workspace: str) -> Response:
        return Response(DiscrepancySerializer(discrepancies()[:PAGE], many=True).data)


AUDIT_VERBS: dict[str, Callable[..., Discrepancy]] = {
    "gone": actions.accept_gone,
    "delete-copy": actions.delete_copy,
    "dismiss": actions.dismiss,
}


@method_decorator(enters_by_itself, name="dispatch")
class SettleAudit(APIView):
    """gone: record it as deleted; delete-copy: delete the second copy on the network; dismiss: leave it as it is."""

    authentication_classes = [ApiKeyAuthentication, SessionAuthentication]
    permission_classes = [Needs("settle_publications")]

    @extend_schema(request=None, responses={200: DiscrepancySerializer, 409: None})
    def post(self, request: Request, workspace: str, discrepancy: int, verb: str) -> Response:
        if verb not in AUDIT_VERBS:
            raise Http404(verb)
        with entered(request.workspace.pk):  # type: ignore[attr-defined]  # set by the middleware
            found = get_object_or_404(
                Discrepancy.objects.select_related("account", "publication__account"), pk=discrepancy
            )
        try:
            AUDIT_VERBS[verb](found, by=request.member)  # type: ignore[attr-defined]  # set by the middleware
        except (NotPossible, Overtaken) as refusal:
            return Response({"detail": str(refusal)}, status=409)
        return Response(DiscrepancySerializer(found).data)
