"""Lets a request into the workspace its address names: a member gets in, anybody else finds nothing there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from rest_framework.response import Response

from workspaces.actions import key_used, reads
from workspaces.models import User, Workspace
from workspaces.queries import member_here, member_of_key
from workspaces.tenancy import entered, named

GetResponse = Callable[[HttpRequest], HttpResponse]


class ApiKeyMiddleware:
    """A request with `Authorization: Bearer gardu_…` acts as the key's member, in the key's workspace only."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme == "Bearer" and text.startswith("gardu_"):
            member, key = member_of_key(text)
            if member is None or key is None:
                return HttpResponse("This API key opens nothing: it is unknown or was revoked.\n", status=401)
            key_used(key)
            request.user = member.user
            request.api_key = key  # type: ignore[attr-defined]  # what ApiKeyAuthentication reads
        return self.get_response(request)


class WorkspaceMiddleware:
    """For every address with a `workspace` in it: sets `request.workspace` and `request.member`, and enters.

    Pages then say times in the workspace's zone.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:  # Any: whatever the address captured
        slug = kwargs.get("workspace")
        if slug is None:
            return None
        workspace = Workspace.objects.filter(slug=slug).first()
        if workspace is None or not isinstance(request.user, User):
            raise Http404("No such workspace")
        if getattr(view, "enters_by_itself", False):
            with entered(workspace.pk, user_id=request.user.pk):
                self._let_in(request, workspace)
            with named(workspace.pk), timezone.override(workspace.zone):
                return view(request, *args, **kwargs)
        with entered(workspace.pk, user_id=request.user.pk), timezone.override(workspace.zone):
            self._let_in(request, workspace)
            response = view(request, *args, **kwargs)
            # A lazy answer reads the database while it renders: inside, or it would find nothing.
            if isinstance(response, TemplateResponse | Response) and not response.is_rendered:
                response.render()
            return response

    def _let_in(self, request: HttpRequest, workspace: Workspace) -> None:
        """Find the member that the person is here, or raise the stranger's 404. One query."""
        member = member_here(request.user)
        key = getattr(request, "api_key", None)
        if member is None or (key is not None and key.workspace_id != workspace.pk):
            raise Http404("No such workspace")
        member.workspace = workspace
        request.member = member  # type: ignore[attr-defined]  # what views read
        request.workspace = workspace  # type: ignore[attr-defined]  # what views read
        if key is None and request.session.get("workspace") != workspace.slug:
            request.session["workspace"] = workspace.slug  # where `/` leads next time
        if key is None:
            reads(member.user, get_language())
