"""The page check for programs: ask for a look, read what was found, and how it went over time."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from smo.actions.looking import TooManyPages, ask_look, ask_walk
from smo.api.buttons import Window
from smo.forms.pages import PageForm
from smo.models import CheckedPage, PageLook, Walk
from smo.queries.mends import said, trouble_words
from smo.queries.pages import history, newest
from smo.rules.pages import tags
from smo.tasks import look_at_page, walk_site_map

PAGE = 100


class AskSerializer(serializers.Serializer[Any]):  # Any: there is no model behind it
    """An address to look at; `kind` map: every page of a site map, at most 50."""

    url = serializers.URLField(max_length=1000)
    kind = serializers.ChoiceField(["page", "map"], default="page")
    weekly = serializers.BooleanField(default=False)


class PageSerializer(serializers.ModelSerializer[CheckedPage]):
    class Meta:
        model = CheckedPage
        fields = ("id", "url", "title", "score", "before", "trouble", "looked_at", "due_at")


class WalkSerializer(serializers.ModelSerializer[Walk]):
    class Meta:
        model = Walk
        fields = ("id", "url", "state", "trouble", "total", "done", "left_out", "asked_at", "ended_at")


class LookSerializer(serializers.ModelSerializer[PageLook]):
    class Meta:
        model = PageLook
        fields = ("id", "state", "step", "score", "trouble", "asked_at", "ended_at")


class OnePageSerializer(PageSerializer):
    """A page with what to mend (`mends`), the tags to paste (`tags`) and its looks, newest first."""

    mends = serializers.ListField(child=serializers.DictField())
    tags = serializers.CharField()
    facts = serializers.DictField()
    looks = LookSerializer(many=True)

    class Meta(PageSerializer.Meta):
        fields = (*PageSerializer.Meta.fields, "mends", "tags", "facts", "looks")  # type: ignore[assignment]  # longer


class Pages(Window):
    """The pages that are kept, newest look first."""

    @extend_schema(parameters=[OpenApiParameter("before", int)], responses=PageSerializer(many=True))
    def get(self, request: Request, workspace: str) -> Response:
        found = CheckedPage.objects.order_by("-id")
        before = request.query_params.get("before", "")
        if before and not before.isdecimal():
            raise ValidationError({"before": "a number"})
        found = found.filter(pk__lt=int(before)) if before else found
        return Response(PageSerializer(found[:PAGE], many=True).data)

    @extend_schema(request=AskSerializer, responses={202: PageSerializer})
    def post(self, request: Request, workspace: str) -> Response:
        """Ask for a look; the answer comes at once, the look within seconds. A site map answers with its walk."""
        told = AskSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        form = PageForm(told.validated_data)
        if not form.is_valid():
            raise ValidationError(form.errors.get_json_data())
        given, member = form.cleaned_data, request.member  # type: ignore[attr-defined]  # set by the middleware
        if given["kind"] == "map":
            walk = ask_walk(given["url"], by=member)
            walk_site_map.delay_on_commit(walk.workspace_id, walk.pk)  # type: ignore[attr-defined]  # Celery's Django task
            return Response(WalkSerializer(walk).data, status=202)
        try:
            look = ask_look(given["url"], by=member, weekly=given["weekly"] or None)
        except TooManyPages as full:
            raise ValidationError({"url": "no room for more pages"}) from full
        look_at_page.delay_on_commit(look.workspace_id, look.pk)  # type: ignore[attr-defined]  # as above
        return Response(PageSerializer(look.page).data, status=202)


class OnePage(Window):
    """One page with what was found."""

    @extend_schema(responses=OnePageSerializer)
    def get(self, request: Request, workspace: str, pk: int) -> Response:
        page = get_object_or_404(CheckedPage, pk=pk)
        done = newest(pk)
        facts = done.facts if done else None
        told = PageSerializer(page).data | {
            "mends": [_mend(done, number) for number in range(len(done.found))] if done else [],
            "tags": tags(facts) if facts else "",
            "facts": done.kept if done else {},
            "looks": LookSerializer(history(pk), many=True).data,
        }
        return Response(told)

    @extend_schema(request=None, responses={202: PageSerializer})
    def post(self, request: Request, workspace: str, pk: int) -> Response:
        """Look again now."""
        page = get_object_or_404(CheckedPage, pk=pk)
        look = ask_look(page.url, by=request.member)  # type: ignore[attr-defined]  # set by the middleware
        look_at_page.delay_on_commit(look.workspace_id, look.pk)  # type: ignore[attr-defined]  # Celery's Django task
        return Response(PageSerializer(page).data, status=202)


class OneWalk(Window):
    """One walk along a site map, with how far it is."""

    @extend_schema(responses=WalkSerializer)
    def get(self, request: Request, workspace: str, pk: int) -> Response:
        walk = get_object_or_404(Walk, pk=pk)
        return Response(WalkSerializer(walk).data | {"why": trouble_words(walk.trouble)})


def _mend(look: PageLook, number: int) -> dict[str, Any]:  # Any: JSON values
    finding = look.findings[number]
    title, how = said(finding)
    return {"code": finding.code, "points": finding.points, "title": title, "how": how, "tag": finding.tag}
