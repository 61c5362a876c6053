"""The API of the carriers: which accounts there are, and what fits on each network."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from networks import registry
from networks.models import Account
from networks.protocol import HandsOver
from networks.queries import own_networks
from networks.serializers import AccountSerializer
from networks.templatetags.networks import limits_as_json
from workspaces.access import ApiKeyAuthentication, Needs


class Accounts(APIView):
    """The workspace's connected accounts, by network and name."""

    authentication_classes = [ApiKeyAuthentication, SessionAuthentication]
    permission_classes = [Needs("see")]

    @extend_schema(responses=AccountSerializer(many=True))
    def get(self, request: Request, workspace: str) -> Response:
        return Response(AccountSerializer(Account.objects.all().listed(), many=True).data)


class Networks(APIView):
    """Every network, with its limits and whether accounts can be connected on this server."""

    authentication_classes = [ApiKeyAuthentication, SessionAuthentication]
    permission_classes = [Needs("see")]

    @extend_schema(responses={200: dict})
    def get(self, request: Request, workspace: str) -> Response:
        return Response(
            [
                {
                    "slug": network.slug,
                    "name": network.name,
                    "can_connect": registry.configured(network.slug) and not isinstance(network, HandsOver),
                    "by_hand": isinstance(network, HandsOver),
                    "limits": limits_as_json(network.limits),
                }
                for network in (*registry.every(), *(registry.get(own.slug) for own in own_networks()))
            ]
        )
