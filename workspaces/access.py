"""The door-keepers: what a member must be allowed to do before a page or an API call goes on."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from workspaces.models import Member, User, Workspace
from workspaces.permissions import PERMISSIONS

View = TypeVar("View", bound=Callable[..., Any])  # Any: whatever a Django view takes and gives


class WorkspaceRequest(HttpRequest):
    """A request that the middleware let into a workspace (for type checkers: views annotate with it)."""

    user: User
    workspace: Workspace
    member: Member


def needs(permission: str) -> Callable[[View], View]:
    """Let only members with `permission` through; others get a 403 page that names what is missing."""
    if permission not in PERMISSIONS:
        raise KeyError(permission)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: WorkspaceRequest, *args: Any, **kwargs: Any) -> Any:  # Any: the view's own
            if not request.member.may(permission):
                raise PermissionDenied(refusal(permission))
            return view(request, *args, **kwargs)

        return guarded  # type: ignore[return-value]  # same signature as the view

    return decorate


def refusal(permission: str) -> str:
    """Why somebody without `permission` is stopped, and what to do, in one sentence."""
    return _("Your role does not allow this (%(permission)s). Ask an owner or admin of the workspace.") % {
        "permission": permission.replace("_", " ")
    }


def Needs(permission: str) -> type[BasePermission]:
    """The same for an API view's `permission_classes`."""
    if permission not in PERMISSIONS:
        raise KeyError(permission)

    class NeedsPermission(BasePermission):
        message = refusal(permission)

        def has_permission(self, request: Request, view: Any) -> bool:  # Any: an APIView
            member: Member | None = getattr(request, "member", None)
            return member is not None and member.may(permission)

    return NeedsPermission


class ApiKeyAuthentication(BaseAuthentication):
    """Says who the API key's member is; the middleware has already looked the key up."""

    def authenticate(self, request: Request) -> tuple[User, Any] | None:  # Any: DRF's own
        key = getattr(request._request, "api_key", None)
        return (request._request.user, key) if key is not None else None  # type: ignore[return-value]  # a signed-in user

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
