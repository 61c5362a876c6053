"""Tracked links, visits and conversions for programs."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from smo.actions import shorten
from smo.actions.settling import change_link
from smo.actions.visiting import convert
from smo.models import Conversion, Credit, Site, TrackedLink
from smo.protocol import NotTracked, Utm
from smo.queries.numbers import GROUPS, days_of, found, overall, results, totals_of
from smo.rules.telling import NotUnderstood, conversion
from workspaces.access import ApiKeyAuthentication, Needs

WAYS_IN = [ApiKeyAuthentication, SessionAuthentication]
READS = {"GET", "HEAD", "OPTIONS"}
LONGEST = 366


class UtmSerializer(serializers.Serializer[Any]):  # Any: there is no model behind it
    """The tags of a link."""

    source = serializers.CharField(  # type: ignore[assignment]  # a field of the message that is called so
        required=False, allow_blank=True, max_length=80, default=""
    )
    medium = serializers.CharField(required=False, allow_blank=True, max_length=80, default="")
    campaign = serializers.CharField(required=False, allow_blank=True, max_length=80, default="")
    term = serializers.CharField(required=False, allow_blank=True, max_length=80, default="")
    content = serializers.CharField(required=False, allow_blank=True, max_length=80, default="")


class TrackedLinkSerializer(serializers.ModelSerializer[TrackedLink]):
    clicks = serializers.IntegerField(read_only=True, required=False)

    class Meta:
        model = TrackedLink
        fields = (
            *("id", "short", "url", "target", "utm", "title", "campaign", "post", "network", "expires_at"),
            *("expired_url", "flag", "archived", "broken_since", "broken_why", "made_at", "clicks"),
        )


class NewLinkSerializer(serializers.Serializer[Any]):  # Any: as above
    """An address to shorten. `alias` needs a domain of the workspace's own."""

    url = serializers.CharField(max_length=2000)
    title = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
    network = serializers.CharField(required=False, allow_blank=True, max_length=40, default="")
    campaign = serializers.IntegerField(required=False, allow_null=True, default=None)
    post = serializers.IntegerField(required=False, allow_null=True, default=None)
    utm = UtmSerializer(required=False)
    alias = serializers.CharField(required=False, allow_blank=True, max_length=50, default="")
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    expired_url = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")


class ChangedLinkSerializer(serializers.Serializer[Any]):  # Any: as above
    """Where a link leads from now on."""

    target = serializers.CharField(max_length=2000)
    title = serializers.CharField(required=False, allow_blank=True, max_length=200)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)
    expired_url = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class ConversionSerializer(serializers.Serializer[Any]):  # Any: as above
    """A conversion told by a shop's own server. `click`: the gdc parameter of the landing address, for a day."""

    site = serializers.IntegerField()
    key = serializers.CharField(max_length=80, help_text="told twice, it counts once")
    goal = serializers.CharField(required=False, allow_blank=True, max_length=60, default="")
    value = serializers.DecimalField(max_digits=16, decimal_places=4, required=False, default=Decimal(0))
    currency = serializers.CharField(required=False, allow_blank=True, max_length=3, default="")
    click = serializers.CharField(required=False, allow_blank=True, max_length=64, default="")


class Newest(CursorPagination):
    ordering = "-pk"
    page_size = 50


class Links(generics.ListAPIView[TrackedLink]):
    """The tracked links, newest first; a POST makes one."""

    authentication_classes = WAYS_IN
    serializer_class = TrackedLinkSerializer
    pagination_class = Newest

    def get_permissions(self) -> list[Any]:  # Any: DRF's own
        return [Needs("see" if self.request.method in READS else "manage_window")()]

    def get_queryset(self) -> QuerySet[TrackedLink]:
        asked = self.request.GET
        return found(asked.get("q", ""), state=asked.get("state", ""), network=asked.get("network", ""))

    @extend_schema(parameters=[OpenApiParameter(name, str) for name in ("q", "state", "network")])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:  # Any: DRF's own
        return super().get(request, *args, **kwargs)

    @extend_schema(request=NewLinkSerializer, responses={201: TrackedLinkSerializer})
    def post(self, request: Request, workspace: str) -> Response:
        given = NewLinkSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        tags = values.pop("utm", None)
        try:
            made = shorten(by=request.member, utm=Utm(**tags) if tags else None, **values)  # type: ignore[attr-defined]  # middleware
        except NotTracked as error:
            raise ValidationError({"url": error.word}) from error
        return Response(TrackedLinkSerializer(made).data, status=201)


class OneLink(APIView):
    """One link with its numbers by day; a PATCH changes where it leads."""

    authentication_classes = WAYS_IN

    def get_permissions(self) -> list[Any]:  # Any: DRF's own
        return [Needs("see" if self.request.method in READS else "manage_window")()]

    @extend_schema(responses={200: TrackedLinkSerializer}, parameters=[OpenApiParameter("days", int)])
    def get(self, request: Request, workspace: str, pk: int) -> Response:
        one = get_object_or_404(TrackedLink.objects.select_related("domain"), pk=pk)
        days = days_of(one, timezone.localdate(), _days(request))
        told = [{name: getattr(day, name) for name in ("day", "clicks", "visitors", "again", "bots")} for day in days]
        return Response({**TrackedLinkSerializer(one).data, "totals": totals_of(one), "days": told})

    @extend_schema(request=ChangedLinkSerializer, responses={200: TrackedLinkSerializer})
    def patch(self, request: Request, workspace: str, pk: int) -> Response:
        one = get_object_or_404(TrackedLink.objects.select_related("domain"), pk=pk)
        given = ChangedLinkSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        kept = {name: getattr(one, name) for name in ("title", "expires_at", "expired_url")}
        try:
            change_link(one, by=request.member, **{**kept, **given.validated_data})  # type: ignore[attr-defined]  # middleware
        except NotTracked as error:
            raise ValidationError({"target": error.word}) from error
        return Response(TrackedLinkSerializer(one).data)


class Visits(APIView):
    """Visits and conversions of the last days, by campaign, post, network or source."""

    authentication_classes = WAYS_IN
    permission_classes = [Needs("see")]

    @extend_schema(
        parameters=[
            OpenApiParameter("by", str, enum=GROUPS),
            OpenApiParameter("model", str, enum=Credit.Model.values),
            OpenApiParameter("days", int),
        ],
        responses={200: dict},
    )
    def get(self, request: Request, workspace: str) -> Response:
        by, model = request.GET.get("by", "campaign"), request.GET.get("model", "last")
        if by not in GROUPS or model not in Credit.Model.values:
            raise ValidationError({"by": list(GROUPS), "model": Credit.Model.values})
        until = timezone.localdate()
        since = until - timedelta(days=_days(request) - 1)
        rows = [
            {
                "key": row.key,
                "visits": row.visits,
                "visitors": row.visitors,
                "again": row.again,
                "conversions": str(row.conversions),
                "values": {currency: str(worth) for currency, worth in row.values},
            }
            for row in results(by, model, since, until)
        ]
        told = {"since": since, "until": until, "model": model, "overall": overall(since, until)}
        return Response({**told, "rows": rows})


class Conversions(APIView):
    """Tells of a conversion from a server: for shops whose thank-you page carries no script."""

    authentication_classes = WAYS_IN
    permission_classes = [Needs("manage_window")]

    @extend_schema(request=ConversionSerializer, responses={201: dict})
    def post(self, request: Request, workspace: str) -> Response:
        given = ConversionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        site = get_object_or_404(Site, pk=values.pop("site"))
        try:
            told = conversion({**values, "value": str(values["value"])})
        except NotUnderstood as error:
            raise ValidationError({"told": str(error)}) from error
        here = request.workspace  # type: ignore[attr-defined]  # middleware
        made: Conversion = convert(site, told, digest="", day=timezone.localdate(timezone=ZoneInfo(here.zone)))
        return Response({"id": made.pk, "key": made.key, "credited_to": made.touches}, status=201)


def _days(request: Request) -> int:
    asked = request.GET.get("days", "30")
    return max(1, min(LONGEST, int(asked))) if asked.isdigit() else 30
