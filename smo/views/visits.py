"""Visits: from which campaign, post, network and source people came, what came of it, and the code a site carries."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smo.actions.settling import add_site, pause_site
from smo.forms.links import WORDS, SiteForm
from smo.models import Conversion, Credit, Site
from smo.protocol import NotTracked
from smo.queries.numbers import converted, names, names_of, overall, results
from smo.rules.buttons import BLOCKS
from workspaces.access import WorkspaceRequest, needs

SPANS = (7, 30, 90)


@require_GET
@needs("see")
def visits(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What the links brought, under one way of sharing the credit."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked.isdigit() and int(asked) in SPANS else 30
    model = request.GET.get("model", "last")
    model = model if model in Credit.Model.values else "last"
    until = timezone.localdate()
    since = until - timedelta(days=days - 1)
    titles = {
        "campaign": _("Campaign"),
        "post": _("Post"),
        "network": _("Network"),
        "source": _("Source"),
    }
    none = {"0": _("None"), "": _("None")}
    tables = [(by, title, names(results(by, model, since, until), none | names_of(by))) for by, title in titles.items()]
    context = {
        "tables": tables,
        "overall": overall(since, until),
        "converted": converted(since, until),
        "recent": Conversion.objects.select_related("site")[:20],
        "models": Credit.Model.choices,
        "model": model,
        "spans": [(span, _("%(n)d days") % {"n": span}) for span in SPANS],
        "days": days,
        "sites": Site.objects.all(),
        "may_manage": request.member.may("manage_window"),
    }
    return render(request, "smo/visits.html", context)


@require_http_methods(["GET", "POST"])
@needs("manage_window")
def sites(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The sites that tell of visits, each with the code to paste."""
    form = SiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_site(form.cleaned_data["site"], by=request.member)
        except NotTracked as error:
            form.add_error("site", WORDS[error.word])
        else:
            return redirect("smo:sites", workspace=workspace)
    context = {"form": form, "sites": Site.objects.all(), "house": settings.PUBLIC_URL, "editor": BLOCKS["name"]}
    return render(request, "smo/sites.html", context, status=422 if form.errors else 200)


@require_POST
@needs("manage_window")
def site_act(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Hear no more of a site, or again."""
    site = get_object_or_404(Site, pk=pk)
    pause_site(site, paused=not site.paused, by=request.member)
    messages.success(request, _("Saved."))
    return redirect("smo:sites", workspace=workspace)
