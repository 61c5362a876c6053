"""Share buttons for programs: the sets there are, saving one, and the code to paste."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from smo.actions.buttons import NameTaken, save_buttons
from smo.context.buttons import made
from smo.forms.buttons import LANGUAGES, THEMES, NamedDesignForm
from smo.models import ButtonSet, ButtonVersion
from smo.protocol import NotTracked
from smo.rules.buttons import SHAPES, SIZES, WAYS, WIDEST_GAP, Design
from smo.rules.places import places
from workspaces.access import ApiKeyAuthentication, Needs

WAYS_IN = [ApiKeyAuthentication, SessionAuthentication]


class DesignSerializer(serializers.Serializer[Any]):  # Any: there is no model behind it
    """How the buttons look and what they share; what is left out is as in a new set."""

    name = serializers.CharField(max_length=80)
    address = serializers.URLField(max_length=1000)
    text = serializers.CharField(max_length=280, required=False, allow_blank=True)
    campaign = serializers.CharField(max_length=100, required=False, allow_blank=True)
    places = serializers.ListField(child=serializers.ChoiceField(list(places())), required=False)
    size = serializers.ChoiceField(list(SIZES), required=False)
    shape = serializers.ChoiceField(list(SHAPES), required=False)
    theme = serializers.ChoiceField([key for key, _words in THEMES], required=False)
    colour = serializers.RegexField(r"^#[0-9a-f]{6}$", required=False)
    ink = serializers.RegexField(r"^(#[0-9a-f]{6})?$", required=False, allow_blank=True)
    gap = serializers.IntegerField(min_value=0, max_value=WIDEST_GAP, required=False)
    labels = serializers.BooleanField(required=False)
    language = serializers.ChoiceField([key for key, _words in LANGUAGES], required=False)
    counted = serializers.BooleanField(required=False)
    here = serializers.BooleanField(required=False)


class MadeSerializer(serializers.Serializer[Any]):  # Any: as above
    """A set with its code: `pasted` by way (html, wordpress, component), `policy` what a strict CSP must allow."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    number = serializers.IntegerField()
    design = serializers.DictField()
    links = serializers.DictField(child=serializers.CharField())
    pasted = serializers.DictField(child=serializers.CharField())
    css = serializers.CharField()
    policy = serializers.DictField(child=serializers.CharField())


class SetSerializer(serializers.ModelSerializer[ButtonSet]):
    class Meta:
        model = ButtonSet
        fields = ("id", "name", "number", "made_at", "changed_at", "away_at")


class Window(APIView):
    """Reading needs to see, writing needs to manage the shop window."""

    authentication_classes = WAYS_IN

    def get_permissions(self) -> list[BasePermission]:
        return [Needs("see" if self.request.method == "GET" else "manage_window")()]


class ButtonSets(Window):
    """The sets of share buttons."""

    @extend_schema(responses=SetSerializer(many=True))
    def get(self, request: Request, workspace: str) -> Response:
        return Response(SetSerializer(ButtonSet.objects.filter(away_at__isnull=True)[:200], many=True).data)

    @extend_schema(request=DesignSerializer, responses={201: MadeSerializer})
    def post(self, request: Request, workspace: str) -> Response:
        """Save a new set; the answer has its code."""
        return Response(_told(_saved(request, None)), status=201)


class OneButtonSet(Window):
    """One set with the code of the version in use."""

    @extend_schema(responses=MadeSerializer)
    def get(self, request: Request, workspace: str, pk: int) -> Response:
        return Response(_told(get_object_or_404(ButtonSet, pk=pk)))

    @extend_schema(request=DesignSerializer, responses=MadeSerializer)
    def put(self, request: Request, workspace: str, pk: int) -> Response:
        """The next version."""
        return Response(_told(_saved(request, get_object_or_404(ButtonSet, pk=pk))))


def _saved(request: Request, into: ButtonSet | None) -> ButtonSet:
    """Through the same form as in the browser, so that the same is refused. Raises ValidationError."""
    told = DesignSerializer(data=request.data)
    told.is_valid(raise_exception=True)
    given = Design().as_json() | told.validated_data
    form = NamedDesignForm(given | {"own_ink": bool(given["ink"])})
    if not form.is_valid():
        raise ValidationError(form.errors.get_json_data())
    member = request.member  # type: ignore[attr-defined]  # set by the middleware
    try:
        return save_buttons(form.design, name=form.cleaned_data["name"], by=member, into=into)
    except NameTaken as taken:
        raise ValidationError({"name": "Another set has this name."}) from taken
    except NotTracked as refused:
        raise ValidationError({"address": f"Visits to this address cannot be counted: {refused.word}."}) from refused


def _told(found: ButtonSet) -> dict[str, Any]:  # Any: JSON values
    version = ButtonVersion.objects.get(button_set=found, number=found.number)
    snippet = made(version.design, version.links)
    told = {"id": found.pk, "name": found.name, "number": found.number, "design": version.kept, "links": version.links}
    return told | {"pasted": {way: snippet.pasted[way] for way in WAYS}, "css": snippet.css, "policy": snippet.policy}
