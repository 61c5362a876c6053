"""The API of notices and webhooks."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from workspaces import actions
from workspaces.access import ApiKeyAuthentication, Needs
from workspaces.forms import HookForm
from workspaces.models import Delivery, Hook, Member, Notice, NoticeChoice
from workspaces.protocol import KINDS
from workspaces.serializers import (
    ChoiceSerializer,
    DeliverySerializer,
    HookSerializer,
    NewHookSerializer,
    NoticeSerializer,
    ReadSerializer,
)

PAGE = 100


def _member(request: Request) -> Member:
    return request.member  # type: ignore[attr-defined,no-any-return]  # put there by the middleware


class _View(APIView):
    authentication_classes = [ApiKeyAuthentication, SessionAuthentication]
    permission_classes = [Needs("see")]


class _Manager(_View):
    permission_classes = [Needs("manage_workspace")]


class Notices(_View):
    """What this member was told, newest first; `?unread=1` narrows, `?before=<id>` goes on."""

    @extend_schema(
        parameters=[OpenApiParameter("unread", bool), OpenApiParameter("before", int)],
        responses=NoticeSerializer(many=True),
    )
    def get(self, request: Request, workspace: str) -> Response:
        found = Notice.objects.all().to(_member(request))
        if request.query_params.get("unread"):
            found = found.unread()
        before = request.query_params.get("before", "")
        if before.isdecimal():
            found = found.filter(pk__lt=int(before))
        return Response(NoticeSerializer(found[:PAGE], many=True).data)


class ReadNotices(_View):
    """Mark notices as seen."""

    @extend_schema(request=ReadSerializer, responses={204: None})
    def post(self, request: Request, workspace: str) -> Response:
        given = ReadSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        ids, read = given.validated_data["ids"], given.validated_data["read"]
        if not ids and read:
            actions.read_all(by=_member(request))
        for notice in Notice.objects.all().to(_member(request)).filter(pk__in=ids):
            actions.set_read(notice, read=read, by=_member(request))
        return Response(status=204)


class NoticeChoices(_View):
    """Which kinds of notices are mailed to this member."""

    @extend_schema(responses=ChoiceSerializer(many=True))
    def get(self, request: Request, workspace: str) -> Response:
        silent = NoticeChoice.objects.filter(member=_member(request), mail=False)
        kinds = set(silent.values_list("kind", flat=True))
        rows = [{"kind": slug, "about": str(note.about), "mail": slug not in kinds} for slug, note in KINDS.items()]
        return Response(rows)

    @extend_schema(request=ChoiceSerializer(many=True), responses=ChoiceSerializer(many=True))
    def put(self, request: Request, workspace: str) -> Response:
        given = ChoiceSerializer(data=request.data, many=True)
        given.is_valid(raise_exception=True)
        wanted = {one["kind"]: one["mail"] for one in given.validated_data}
        if unknown := wanted.keys() - KINDS.keys():
            raise ValidationError({"kind": f"unknown: {', '.join(sorted(unknown))}"})
        actions.choose_mail(wanted, by=_member(request))
        return self.get(request, workspace)


def _valid(data: dict[str, Any]) -> dict[str, Any]:  # Any: JSON in, the model's field values out
    form = HookForm(data)
    if not form.is_valid():
        raise ValidationError({name: [str(each) for each in said] for name, said in form.errors.items()})
    return form.cleaned_data


class Hooks(_Manager):
    """The workspace's webhooks."""

    @extend_schema(responses=HookSerializer(many=True))
    def get(self, request: Request, workspace: str) -> Response:
        return Response(HookSerializer(Hook.objects.order_by("name", "pk"), many=True).data)

    @extend_schema(request=HookSerializer, responses={201: NewHookSerializer})
    def post(self, request: Request, workspace: str) -> Response:
        hook, secret = actions.make_hook(**_valid(dict(request.data)), by=_member(request))
        return Response({**HookSerializer(hook).data, "secret": secret}, status=201)


class OneHook(_Manager):
    """One webhook."""

    @extend_schema(responses=HookSerializer)
    def get(self, request: Request, workspace: str, pk: int) -> Response:
        return Response(HookSerializer(get_object_or_404(Hook, pk=pk)).data)

    @extend_schema(request=HookSerializer, responses=HookSerializer)
    def patch(self, request: Request, workspace: str, pk: int) -> Response:
        hook = get_object_or_404(Hook, pk=pk)
        now = {"name": hook.name, "url": hook.url, "kinds": hook.kinds}
        given = dict(request.data)
        changes = _valid({**now, **{name: given[name] for name in now if name in given}})
        if isinstance(given.get("active"), bool):
            changes["active"] = given["active"]
        return Response(HookSerializer(actions.change_hook(hook, by=_member(request), **changes)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, workspace: str, pk: int) -> Response:
        actions.drop_hook(get_object_or_404(Hook, pk=pk), by=_member(request))
        return Response(status=204)


class TryHook(_Manager):
    """Send a test message."""

    @extend_schema(request=None, responses={202: DeliverySerializer})
    def post(self, request: Request, workspace: str, pk: int) -> Response:
        delivery = actions.try_hook(get_object_or_404(Hook, pk=pk), by=_member(request))
        return Response(DeliverySerializer(delivery).data, status=202)


class Deliveries(_Manager):
    """What was sent to one webhook, newest first; `?before=<id>` goes on."""

    @extend_schema(parameters=[OpenApiParameter("before", int)], responses=DeliverySerializer(many=True))
    def get(self, request: Request, workspace: str, pk: int) -> Response:
        found = Delivery.objects.filter(hook=get_object_or_404(Hook, pk=pk))
        before = request.query_params.get("before", "")
        if before.isdecimal():
            found = found.filter(pk__lt=int(before))
        return Response(DeliverySerializer(found[:PAGE], many=True).data)


class Redeliver(_Manager):
    """Send one message again, under the same id."""

    @extend_schema(request=None, responses={202: DeliverySerializer})
    def post(self, request: Request, workspace: str, pk: int, delivery: int) -> Response:
        found = get_object_or_404(Delivery.objects.select_related("hook"), hook_id=pk, pk=delivery)
        return Response(DeliverySerializer(actions.redeliver(found, by=_member(request))).data, status=202)
