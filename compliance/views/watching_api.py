"""The watch for programs: what was seen, requests for a fix and their outcomes, sources, and the shares disclosed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

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

from compliance.actions import asking
from compliance.actions.sources import watch, watch_feed
from compliance.actions.watching import Seen, see
from compliance.forms.watching import OUTCOMES
from compliance.models import Ask, Endorser, SeenVersion, Sighting, Source
from compliance.pipeline.watching import spotted_at
from compliance.queries.asking import Message, compose, languages
from compliance.queries.watching import Seek, Share, dashboard, sightings, sources
from compliance.tasks import look, mail_ask
from networks.fetch import canonical
from networks.protocol import Spotted
from workspaces.access import ApiKeyAuthentication, Needs

WAYS_IN = [ApiKeyAuthentication, SessionAuthentication]
READS = {"GET", "HEAD", "OPTIONS"}
ASKED = [OpenApiParameter(name, str) for name in Seek.__dataclass_fields__]


class VersionSerializer(serializers.ModelSerializer[SeenVersion]):
    class Meta:
        model = SeenVersion
        fields = ("number", "gone", "content", "label", "way", "seen_at", "digest", "verdict")


class SightingSerializer(serializers.ModelSerializer[Sighting]):
    class Meta:
        model = Sighting
        fields = (
            *("id", "endorser", "network", "key", "url", "handle", "posted_at", "first_seen_at", "seen_at", "gone_at"),
            *("state", "about", "disclosed_at_first", "brands", "label", "case", "asked_at", "asks", "closed_at"),
        )


class ToldSerializer(serializers.Serializer[Any]):  # Any: there is no model behind it
    """A post that somebody saw: its address, its words, its day."""

    endorser = serializers.IntegerField()
    url = serializers.URLField(max_length=1000)
    text = serializers.CharField(max_length=20_000)
    title = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)
    posted_at = serializers.DateTimeField(required=False)

    def validate_endorser(self, value: int) -> Endorser:
        found = Endorser.objects.filter(pk=value).first()
        if found is None:
            raise serializers.ValidationError("No endorser has this number here.")
        return found


class AskSerializer(serializers.Serializer[Any]):  # Any: as above
    """What is asked; without `subject` and `body` the usual words in the endorser's language."""

    way = serializers.ChoiceField(Ask.Way.choices, default=Ask.Way.MAIL)
    to = serializers.EmailField(required=False, allow_blank=True, default="")
    language = serializers.ChoiceField([(code, code) for code in languages()], required=False, allow_blank=True)
    subject = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    body = serializers.CharField(required=False, allow_blank=True, default="", max_length=10_000)


class SettleSerializer(serializers.Serializer[Any]):  # Any: as above
    outcome = serializers.ChoiceField(OUTCOMES)
    reason = serializers.CharField(max_length=1000)


class SourceSerializer(serializers.ModelSerializer[Source]):
    address = serializers.URLField(required=False, allow_blank=True, max_length=1000)

    class Meta:
        model = Source
        fields = (
            *("id", "endorser", "kind", "network", "handle", "address", "health", "trouble", "failures"),
            *("looked_at", "newest_at", "due_at"),
        )
        read_only_fields = ("kind", "network", "handle", "failures", "trouble", "looked_at", "newest_at", "due_at")


class ByDay(CursorPagination):
    ordering = ("-posted_at", "-pk")
    page_size = 50


class Posts(generics.ListAPIView[Sighting]):
    """The posts that were seen, newest first; a POST tells of one."""

    authentication_classes = WAYS_IN
    serializer_class = SightingSerializer
    pagination_class = ByDay

    def get_permissions(self) -> list[Any]:  # Any: DRF's own
        return [Needs("see" if self.request.method in READS else "watch_endorsers")()]

    def get_queryset(self) -> QuerySet[Sighting]:
        return sightings(Seek.of(self.request.GET), self.request.workspace)  # type: ignore[attr-defined]  # middleware

    @extend_schema(parameters=ASKED)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:  # Any: DRF's own
        return super().get(request, *args, **kwargs)

    @extend_schema(request=ToldSerializer, responses={201: SightingSerializer})
    def post(self, request: Request, workspace: str) -> Response:
        """Judged at once, under what was on record on its day; told twice it stays one."""
        form = ToldSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        given: dict[str, Any] = form.validated_data  # Any: DRF's own type
        spotted = spotted_at(given["url"])
        slug, post = spotted if spotted else ("", Spotted(canonical(given["url"])))
        seen = Seen(
            network=slug,
            key=post.key,
            remote_id=post.remote_id,
            url=given["url"],
            handle=post.handle,
            title=given["title"],
            text=given["text"],
            posted_at=given.get("posted_at") or timezone.now(),
            way=SeenVersion.Way.HAND,
        )
        member = request.member  # type: ignore[attr-defined]  # set by the middleware
        return Response(SightingSerializer(see(seen, endorser=given["endorser"], by=member)).data, status=201)


class OnePost(APIView):
    """One post with every version that was seen."""

    authentication_classes = WAYS_IN
    permission_classes = [Needs("see")]

    @extend_schema(responses={200: SightingSerializer})
    def get(self, request: Request, workspace: str, pk: int) -> Response:
        one = get_object_or_404(Sighting, pk=pk)
        versions = VersionSerializer(SeenVersion.objects.filter(sighting=one), many=True)
        return Response({**SightingSerializer(one).data, "versions": versions.data})


class AskToFix(APIView):
    """Ask the endorser to mend the post."""

    authentication_classes = WAYS_IN
    permission_classes = [Needs("watch_endorsers")]

    @extend_schema(request=AskSerializer, responses={201: dict})
    def post(self, request: Request, workspace: str, pk: int) -> Response:
        one = get_object_or_404(Sighting.objects.select_related("endorser"), pk=pk)
        form = AskSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        given: dict[str, Any] = form.validated_data  # Any: DRF's own type
        version = one.versions.filter(gone=False).order_by("-number").select_related("verdict").first()
        if version is None:
            raise ValidationError("Nothing was seen of it.")
        usual = compose(
            one,
            version,
            workspace=request.workspace,  # type: ignore[attr-defined]  # set by the middleware
            language=given.get("language", ""),
            reminder=one.asks > 0,
        )
        words = {name: given[name] or getattr(usual, name) for name in ("subject", "body")}
        try:
            made = asking.ask(
                one,
                Message(usual.language, words["subject"], words["body"], usual.codes),
                way=given["way"],
                to=given["to"] or one.endorser.email,
                by=request.member,  # type: ignore[attr-defined]  # set by the middleware
                reminder=one.asks > 0,
            )
        except asking.CannotAsk as refusal:
            raise ValidationError(str(refusal)) from refusal
        if made.mail == Ask.Mail.DUE:
            mail_ask.delay_on_commit(made.workspace_id, made.pk)  # type: ignore[attr-defined]  # unknown to its stubs
        told = ("way", "to", "language", "subject", "body", "codes", "mail")
        return Response({name: getattr(made, name) for name in told}, status=201)


class Settle(APIView):
    """How it ended, by an officer's word."""

    authentication_classes = WAYS_IN
    permission_classes = [Needs("decide_cases")]

    @extend_schema(request=SettleSerializer, responses={200: SightingSerializer})
    def post(self, request: Request, workspace: str, pk: int) -> Response:
        one = get_object_or_404(Sighting, pk=pk)
        form = SettleSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        member = request.member  # type: ignore[attr-defined]  # set by the middleware
        try:
            settled = asking.settle(one, **form.validated_data, by=member)
        except asking.CannotAsk as refusal:
            raise ValidationError(str(refusal)) from refusal
        return Response(SightingSerializer(settled).data)


class Sources(generics.ListAPIView[Source]):
    """Where we look, and how well that goes; a POST adds a feed (`address`), or an endorser's handles."""

    authentication_classes = WAYS_IN
    serializer_class = SourceSerializer
    pagination_class = None

    def get_permissions(self) -> list[Any]:  # Any: DRF's own
        return [Needs("see" if self.request.method in READS else "watch_endorsers")()]

    def get_queryset(self) -> QuerySet[Source]:
        return sources()

    @extend_schema(request=SourceSerializer, responses={201: SourceSerializer(many=True)})
    def post(self, request: Request, workspace: str) -> Response:
        form = SourceSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        endorser = get_object_or_404(Endorser, pk=form.validated_data["endorser"].pk)
        member = request.member  # type: ignore[attr-defined]  # set by the middleware
        address = form.validated_data.get("address", "")
        made = [watch_feed(endorser, address, by=member)] if address else watch(endorser, by=member)
        for source in made:
            look.delay_on_commit(source.workspace_id, source.pk)  # type: ignore[attr-defined]  # as above
        return Response(SourceSerializer(made, many=True).data, status=201)


class Shares(APIView):
    """How much endorsers disclosed: in all, by endorser, brand, network and week; and how long a fix took."""

    authentication_classes = WAYS_IN
    permission_classes = [Needs("see")]

    @extend_schema(parameters=ASKED, responses={200: dict})
    def get(self, request: Request, workspace: str) -> Response:
        figures = dashboard(Seek.of(request.GET), request.workspace)  # type: ignore[attr-defined]  # middleware
        return Response(
            {
                "total": _told(figures.total),
                "seconds_to_fix": {
                    "median": figures.median.total_seconds() if figures.median else None,
                    "p90": figures.p90.total_seconds() if figures.p90 else None,
                },
                "by_endorser": [_told(share) for share in figures.by_endorser],
                "by_brand": [_told(share) for share in figures.by_brand],
                "by_network": [_told(share) for share in figures.by_network],
                "by_week": [_told(share) for share in figures.by_week],
            }
        )


def _told(share: Share) -> dict[str, Any]:  # Any: a JSON object
    return {**asdict(share), "percent_at_first": share.percent_at_first, "percent_now": share.percent_now}
