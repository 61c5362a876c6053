"""The workspace's own feeds: opened and closed, named, put at another address, and shown on other sites."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from networks import registry
from networks.models import Account
from smo.actions import out as acts
from smo.forms.feeds import FeedForm
from smo.models import Entry, Feed
from smo.queries import out
from workspaces.access import WorkspaceRequest, needs


@require_http_methods(["GET", "POST"])
@needs("see")
def feeds(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Every feed with its addresses; a POST makes one of everything, or of one network."""
    may = request.member.may("manage_window")
    if request.method == "POST" and may:
        network = request.POST.get("network", "")
        if network and not registry.known(network):
            return redirect("smo:feeds", workspace=workspace)
        name = f"{request.workspace.name} · {registry.get(network).name}" if network else request.workspace.name
        made = acts.make_feed(title=name, network=network, by=request.member)
        return redirect("smo:feed", workspace=workspace, pk=made.pk)
    there = list(Feed.objects.all())
    context = {
        "feeds": there,
        "networks": _without_feed(there),
        "may": may,
        "has_all": any(feed.campaign is None and not feed.network for feed in there),
    }
    return render(request, "smo/feeds.html", context)


def _without_feed(there: list[Feed]) -> list[tuple[str, str]]:
    """Connected networks that have no feed of their own yet: (slug, name)."""
    served = {feed.network for feed in there}
    slugs = Account.objects.values_list("network", flat=True).distinct().order_by("network")
    return [(slug, registry.get(slug).name) for slug in slugs if slug not in served and registry.known(slug)]


@require_http_methods(["GET", "POST"])
@needs("see")
def feed(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """One feed: its addresses, what it tells, how to show it elsewhere; a POST names it."""
    found = get_object_or_404(Feed, pk=pk)
    may = request.member.may("manage_window")
    form = FeedForm(request.POST if may and request.method == "POST" else None, instance=found)
    if request.method == "POST" and may and form.is_valid():
        try:
            acts.name_feed(Feed.objects.get(pk=pk), by=request.member, **form.cleaned_data)
        except acts.NotTaken as refusal:
            form.add_error("address", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("smo:feed", workspace=workspace, pk=pk)
    found = Feed.objects.get(pk=pk)
    context = {
        "feed": found,
        "form": form if may else None,
        "may": may,
        "addresses": out.addresses_of(found),
        "latest": out.absolute("smo:latest", found.address),
        "entries": Entry.objects.all().in_feed(found).select_related("account")[:10],
    }
    return render(request, "smo/feed.html", context, status=422 if form.is_bound and form.errors else 200)


@require_POST
@needs("manage_window")
def act(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Open or close it, give it another address, or drop it."""
    found = get_object_or_404(Feed, pk=pk)
    match request.POST.get("act"):
        case "open":
            acts.open_feed(found, is_open=True, by=request.member)
            messages.success(request, _("Open: whoever has the address can read it."))
        case "close":
            acts.open_feed(found, is_open=False, by=request.member)
            messages.success(request, _("Closed: nobody can read it."))
        case "readdress":
            acts.readdress(found, by=request.member)
            messages.success(request, _("It has another address. The old one leads nowhere."))
        case "drop":
            acts.drop_feed(found, by=request.member)
            return redirect("smo:feeds", workspace=workspace)
    return redirect("smo:feed", workspace=workspace, pk=pk)
