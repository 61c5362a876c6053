"""Lets a request into the workspace its address names: a member gets in, anybody else finds nothing there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from workspaces.queries import membership
from workspaces.tenancy import entered, named


class WorkspaceMiddleware:
    """For every address with a `workspace` in it: sets `request.workspace` and `request.member`, and enters."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:  # Any: whatever the address captured
        slug = kwargs.get("workspace")
        if slug is None:
            return None
        member = membership(request.user, slug)
        if member is None:
            raise Http404("No such workspace")
        request.member = member  # type: ignore[attr-defined]  # what views read
        request.workspace = member.workspace  # type: ignore[attr-defined]
        if getattr(view, "enters_by_itself", False):
            with named(member.workspace_id):
                return view(request, *args, **kwargs)
        with entered(member.workspace_id, user_id=member.user_id):
            response = view(request, *args, **kwargs)
            if isinstance(response, TemplateResponse) and not response.is_rendered:
                response.render()
            return response
