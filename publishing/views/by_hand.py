"""One post that a person puts up by hand: the page on their phone, inside the house and behind their own link."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from workspaces.access import WorkspaceRequest, needs


@require_http_methods(["GET", "POST"])
@needs("post_by_hand")
def page(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    return HttpResponse("")


@require_http_methods(["GET", "POST"])
def door(request: HttpRequest, token: str) -> HttpResponse:
    return HttpResponse("")
