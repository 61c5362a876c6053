"""Where a customer says how it went: a page without an account, opened by a signed link."""

from __future__ import annotations

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from social_crm import actions
from social_crm.models import Rating
from workspaces.models import Workspace
from workspaces.tenancy import entered


@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """Five faces and a word; a link that lapsed or was forged says so. Asks nobody who they are."""
    try:
        workspace_id, pk, nonce = actions.read_link(token)
        if request.method == "POST":
            score = request.POST.get("score", "")
            rating = actions.rate(
                token, score=int(score) if score.isdigit() else 0, comment=request.POST.get("comment", "")
            )
            return render(
                request, "social_crm/rate.html", {"rating": rating, "thanks": True, "brand": _brand(workspace_id)}
            )
        with entered(workspace_id):
            rating = Rating.objects.get(pk=pk, nonce=nonce)
    except (signing.BadSignature, Rating.DoesNotExist):
        return render(request, "social_crm/rate.html", {"lapsed": True}, status=404)
    except ValueError:
        context = {"brand": _brand(workspace_id), "error": _("Choose one to five.")}
        return render(request, "social_crm/rate.html", context, status=422)
    return render(request, "social_crm/rate.html", {"rating": rating, "brand": _brand(workspace_id)})


def _brand(workspace_id: int) -> str:
    return Workspace.objects.values_list("name", flat=True).get(pk=workspace_id)
