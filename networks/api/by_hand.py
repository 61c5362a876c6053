"""The API of channels that people post to by hand, and of a workspace's own networks."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from networks import actions
from networks.actions import Charge
from networks.models import Account, Duty, OwnNetwork
from networks.protocol import NotOurs
from networks.queries import own_networks
from networks.serializers import AccountSerializer, ByHandSerializer, ChargeSerializer, OwnNetworkSerializer
from workspaces.access import ApiKeyAuthentication, Needs


class _Keeping(APIView):
    authentication_classes = [ApiKeyAuthentication, SessionAuthentication]
    permission_classes = [Needs("connect_accounts")]


class AddByHand(_Keeping):
    """Add a channel of a network that lets no app post."""

    @extend_schema(request=ByHandSerializer, responses={201: AccountSerializer, 409: None})
    def post(self, request: Request, workspace: str) -> Response:
        given = ByHandSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        told = given.validated_data
        try:
            account = actions.add_by_hand(
                told["network"],
                name=told["name"],
                handle=told.get("handle", ""),
                charge=_charge(told.get("duty") or {}),
                by=request.member,  # type: ignore[attr-defined]  # set by the middleware
            )
        except NotOurs as refusal:
            return Response({"detail": str(refusal)}, status=409)
        return Response(AccountSerializer(account).data, status=201)


class OneDuty(_Keeping):
    """Who is in charge of one channel."""

    @extend_schema(responses=ChargeSerializer)
    def get(self, request: Request, workspace: str, account: int) -> Response:
        return Response(ChargeSerializer(get_object_or_404(Duty, account=account)).data)

    @extend_schema(request=ChargeSerializer, responses={200: ChargeSerializer, 409: None})
    def put(self, request: Request, workspace: str, account: int) -> Response:
        found = get_object_or_404(Account, pk=account)
        given = ChargeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            duty = actions.put_in_charge(found, _charge(given.validated_data), by=request.member)  # type: ignore[attr-defined]  # set by the middleware
        except NotOurs as refusal:
            return Response({"detail": str(refusal)}, status=409)
        return Response(ChargeSerializer(duty).data)


class OwnNetworks(_Keeping):
    """The workspace's own networks, retired ones too; describe a new one."""

    @extend_schema(responses=OwnNetworkSerializer(many=True))
    def get(self, request: Request, workspace: str) -> Response:
        return Response(OwnNetworkSerializer(own_networks(retired=True), many=True).data)

    @extend_schema(request=OwnNetworkSerializer, responses={201: OwnNetworkSerializer, 409: None})
    def post(self, request: Request, workspace: str) -> Response:
        return _described(request, None, status=201)


class OneOwn(_Keeping):
    """Other facts for one of the workspace's own networks, or retire it."""

    @extend_schema(request=OwnNetworkSerializer, responses={200: OwnNetworkSerializer, 409: None})
    def patch(self, request: Request, workspace: str, pk: int) -> Response:
        return _described(request, get_object_or_404(OwnNetwork, pk=pk), status=200)

    @extend_schema(request=None, responses={200: OwnNetworkSerializer})
    def delete(self, request: Request, workspace: str, pk: int) -> Response:
        found = actions.retire(get_object_or_404(OwnNetwork, pk=pk), by=request.member)  # type: ignore[attr-defined]  # set by the middleware
        return Response(OwnNetworkSerializer(found).data)


def _described(request: Request, found: OwnNetwork | None, *, status: int) -> Response:
    given = OwnNetworkSerializer(found, data=request.data, partial=found is not None)
    given.is_valid(raise_exception=True)
    try:
        made = actions.describe(given.validated_data, by=request.member, network=found)  # type: ignore[attr-defined]  # set by the middleware
    except NotOurs as refusal:
        return Response({"detail": str(refusal)}, status=409)
    return Response(OwnNetworkSerializer(made).data, status=status)


def _charge(given: dict[str, Any]) -> Charge:  # Any: validated fields
    return Charge(**{"keeper": None, **given})
