"""The API of planning: queue and slots, series, the brake, many posts at once, and what stands in a post's way."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.actions import braking, bulk, queueing, repeating
from campaigns.api import Desk
from campaigns.forms import BulkForm, SeriesForm
from campaigns.models import Batch, Campaign, Occurrence, Post, Series, Slot
from campaigns.protocol import NotPossible
from campaigns.queries import told
from campaigns.queries.besttime import best_time
from campaigns.queries.checking import checks_of
from campaigns.queries.prices import dollars, prices_of
from campaigns.queries.room import free_slots
from campaigns.serializers import (
    BrakeSerializer,
    BulkSerializer,
    LetGoSerializer,
    OccurrenceSerializer,
    OrderSerializer,
    PostSerializer,
    PullSerializer,
    SeriesSerializer,
    SlotSerializer,
)
from networks.models import Account
from publishing.models import Brake
from publishing.protocol import NotPossible as TooLate
from publishing.protocol import Overtaken
from workspaces.access import refusal
from workspaces.models import Member

TROUBLE = (NotPossible, TooLate, Overtaken)


def _member(request: Request) -> Member:
    return request.member  # type: ignore[attr-defined,no-any-return]  # set by the middleware


def _no(refused: Exception, status: int = 409) -> Response:
    return Response({"detail": str(refused)}, status=status)


class Slots(Desk):
    """An account's week of slots; PUT replaces it whole."""

    writes = "schedule"

    @extend_schema(responses=SlotSerializer(many=True))
    def get(self, request: Request, workspace: str, account: int) -> Response:
        here = get_object_or_404(Account, pk=account)
        return Response(SlotSerializer(Slot.objects.filter(account=here), many=True).data)

    @extend_schema(request=SlotSerializer(many=True), responses=SlotSerializer(many=True))
    def put(self, request: Request, workspace: str, account: int) -> Response:
        here = get_object_or_404(Account, pk=account)
        given = SlotSerializer(data=request.data, many=True)
        given.is_valid(raise_exception=True)
        week = {(one["weekday"], one["at"]) for one in given.validated_data}
        queueing.set_slots(here, week, by=_member(request))
        return self.get(request, workspace, account)


class Queue(Desk):
    """What waits in an account's queue, and its next free slots; PUT gives another order, POST {} shuffles it."""

    writes = "schedule"

    @extend_schema(responses=PostSerializer(many=True))
    def get(self, request: Request, workspace: str, account: int) -> Response:
        here = get_object_or_404(Account, pk=account)
        free = [{"at": one.at, "local_at": one.local} for one in free_slots([here], many=10)]
        waiting = PostSerializer(queueing.waiting_in(here), many=True).data
        return Response({"posts": waiting, "free": free, "best": asdict(best_time([here]))})

    @extend_schema(request=OrderSerializer, responses=PostSerializer(many=True))
    def put(self, request: Request, workspace: str, account: int) -> Response:
        given = OrderSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        here = get_object_or_404(Account, pk=account)
        try:
            queueing.reorder(here, given.validated_data["posts"], by=_member(request))
        except TROUBLE as refused:
            return _no(refused)
        return self.get(request, workspace, account)

    @extend_schema(request=None, responses=PostSerializer(many=True))
    def post(self, request: Request, workspace: str, account: int) -> Response:
        try:
            queueing.shuffle(get_object_or_404(Account, pk=account), by=_member(request))
        except TROUBLE as refused:
            return _no(refused)
        return self.get(request, workspace, account)


class Enqueue(Desk):
    """Schedule a post for the next free slot of its channels."""

    writes = "schedule"

    @extend_schema(request=None, responses={200: PostSerializer, 409: None, 422: None})
    def post(self, request: Request, workspace: str, pk: int) -> Response:
        get_object_or_404(Post, pk=pk)
        return self.answered(told(pk), lambda post: queueing.add_to_queue(post, by=_member(request)), _member(request))


class Checks(Desk):
    """Everything that stands in a post's way or should be looked at, repetitions included, and what it costs."""

    @extend_schema(responses={200: None})
    def get(self, request: Request, workspace: str, pk: int) -> Response:
        get_object_or_404(Post, pk=pk)
        post = told(pk)
        prices = prices_of(post)
        costs = [{k: v for k, v in asdict(price).items() if k != "fact"} for price in prices]
        return Response(
            {"checks": [asdict(check) for check in checks_of(post)], "prices": costs, "dollars": dollars(prices)}
        )


class MoveMany(Desk):
    """Move many posts: `how` is later (`minutes`), day (`day`) or spread (`first`, `last`: wall times)."""

    writes = "schedule"

    @extend_schema(request=BulkSerializer, responses={200: None, 400: None})
    def post(self, request: Request, workspace: str) -> Response:
        form = BulkForm(dict(request.data))
        if not form.is_valid():
            raise ValidationError({"detail": form.first_error()})
        done = bulk.move_many(form.cleaned_data["posts"], form.where(), by=_member(request))
        return Response({"batch": done.batch.pk if done.batch else None, "stayed": done.stayed})


class UndoMoves(Desk):
    """Put a batch back where it was."""

    writes = "schedule"

    @extend_schema(request=None, responses={200: None, 409: None})
    def post(self, request: Request, workspace: str, pk: int) -> Response:
        try:
            done = bulk.undo(get_object_or_404(Batch, pk=pk), by=_member(request))
        except NotPossible as refused:
            return _no(refused)
        return Response({"batch": pk, "stayed": done.stayed})


class SeriesList(Desk):
    """Recurring and evergreen posts; POST begins one from drafts (`posts`)."""

    writes = "schedule"

    @extend_schema(responses=SeriesSerializer(many=True))
    def get(self, request: Request, workspace: str) -> Response:
        return Response(SeriesSerializer(Series.objects.prefetch_related("models"), many=True).data)

    @extend_schema(request=SeriesSerializer, responses={201: SeriesSerializer, 400: None})
    def post(self, request: Request, workspace: str) -> Response:
        given = dict(request.data)
        numbers = [one for one in given.get("posts", []) if isinstance(one, int)]
        posts = [post for number in numbers if (post := Post.objects.filter(pk=number).first())]
        form = SeriesForm(given, zone=given.get("zone") or request.workspace.zone)  # type: ignore[attr-defined]  # set by the middleware
        if not form.is_valid():
            raise ValidationError({name: [str(one) for one in said] for name, said in form.errors.items()})
        try:
            series = repeating.begin_series(form.series(posts), posts, by=_member(request))
        except NotPossible as refused:
            return _no(refused)
        repeating.make_ahead(series, now=timezone.now())
        return Response(SeriesSerializer(series).data, status=201)


class OneSeries(Desk):
    """One series with what it plans; PATCH changes it for all that is to come, or `?from=` a day; DELETE ends it."""

    writes = "schedule"

    @extend_schema(responses=SeriesSerializer)
    def get(self, request: Request, workspace: str, pk: int) -> Response:
        found = get_object_or_404(Series, pk=pk)
        coming = Occurrence.objects.filter(series=found, day__gte=timezone.now().date())
        shown = OccurrenceSerializer(coming[:100], many=True).data
        return Response({**SeriesSerializer(found).data, "occurrences": shown})

    @extend_schema(
        request=SeriesSerializer, parameters=[OpenApiParameter("from", date)], responses={200: SeriesSerializer}
    )
    def patch(self, request: Request, workspace: str, pk: int) -> Response:
        found = get_object_or_404(Series, pk=pk)
        now = {name: getattr(found, name) for name in SeriesForm.Meta.fields}
        form = SeriesForm({**now, **dict(request.data)}, instance=found, zone=found.zone)
        if not form.is_valid():
            raise ValidationError({name: [str(one) for one in said] for name, said in form.errors.items()})
        changes = form.changes()
        found.refresh_from_db()
        since = request.query_params.get("from", "")
        try:
            if since:
                found = repeating.change_from(found, date.fromisoformat(since), by=_member(request), **changes)
            else:
                found = repeating.change_all(found, by=_member(request), **changes)
        except ValueError as error:
            raise ValidationError({"from": "a date"}) from error
        repeating.make_ahead(found, now=timezone.now())
        return self.get(request, workspace, found.pk)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, workspace: str, pk: int) -> Response:
        repeating.end_series(get_object_or_404(Series, pk=pk), by=_member(request))
        return Response(status=204)


class SeriesDay(Desk):
    """Leave one day of a series out (DELETE), or take it in again (PUT)."""

    writes = "schedule"

    @extend_schema(responses={204: None, 409: None})
    def delete(self, request: Request, workspace: str, pk: int, day: str) -> Response:
        return self._do(repeating.leave_out, pk, day, _member(request))

    @extend_schema(request=None, responses={204: None, 409: None})
    def put(self, request: Request, workspace: str, pk: int, day: str) -> Response:
        return self._do(repeating.take_in, pk, day, _member(request))

    def _do(self, verb: Any, pk: int, day: str, by: Member) -> Response:  # Any: one of two verbs
        found = get_object_or_404(Series, pk=pk)
        try:
            verb(found, date.fromisoformat(day), by=by)
        except ValueError as error:
            raise ValidationError({"day": "a date"}) from error
        except TROUBLE as refused:
            return _no(refused)
        found.refresh_from_db()
        repeating.make_ahead(found, now=timezone.now())
        return Response(status=204)


class Brakes(Desk):
    """What stands still; POST pulls the brake for everything, one account or one campaign."""

    writes = "pause_some"

    @extend_schema(responses=BrakeSerializer(many=True))
    def get(self, request: Request, workspace: str) -> Response:
        return Response(BrakeSerializer(Brake.objects.filter(released_at__isnull=True), many=True).data)

    @extend_schema(request=PullSerializer, responses={201: BrakeSerializer(many=True)})
    def post(self, request: Request, workspace: str) -> Response:
        given = PullSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        account, campaign = given.validated_data.get("account"), given.validated_data.get("campaign")
        what: Account | Campaign | None = None
        if account:
            what = get_object_or_404(Account, pk=account)
        elif campaign:
            what = get_object_or_404(Campaign, pk=campaign)
        elif not _member(request).may("pause_publishing"):
            return _no(PermissionError(refusal("pause_publishing")), 403)
        braking.pull(what, by=_member(request), reason=given.validated_data["reason"])
        response = self.get(request, workspace)
        response.status_code = 201
        return response


class LetGo(Desk):
    """Let a brake go; `after` says what becomes of what was due meanwhile."""

    writes = "pause_some"

    @extend_schema(request=LetGoSerializer, responses={200: None})
    def post(self, request: Request, workspace: str, pk: int) -> Response:
        given = LetGoSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        brake = get_object_or_404(Brake, pk=pk, released_at__isnull=True)
        if brake.scope == Brake.Scope.WORKSPACE and not _member(request).may("pause_publishing"):
            return _no(PermissionError(refusal("pause_publishing")), 403)
        stayed = braking.let_go(brake, after=Brake.After(given.validated_data["after"]), by=_member(request))
        return Response({"stayed": stayed})
