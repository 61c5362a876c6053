"""The watched feeds: found from an address, chosen, filtered, rested, and what appeared in them."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from networks.fetch import Named, NotFetched
from smo.actions import incoming as acts
from smo.forms.sources import FIRST, LISTS, AddressForm, ChoiceForm, FilterForm
from smo.models import Item, Source
from smo.pipeline import hubs, incoming
from smo.queries.incoming import items_of, sources
from workspaces.access import WorkspaceRequest, needs
from workspaces.tenancy import entered, enters_by_itself

PAGE = 50


@require_http_methods(["GET", "POST"])
@enters_by_itself
@needs("see")
def source_list(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Every watched feed and how well it is read; a POST looks which feeds an address has."""
    may = request.member.may("manage_window")
    form = AddressForm(request.POST if may and request.method == "POST" else None)
    found: list[Named] = []
    if form.is_bound and form.is_valid():
        try:
            found = incoming.find(form.cleaned_data["address"])
        except NotFetched as error:
            form.add_error("address", _(incoming.why(error.word)))
    with _inside(request):
        rows = [(source, _(source.trouble) if source.trouble else "") for source in sources()[:500]]
    context = {"rows": rows, "form": form if may else None, "found": found, "may": may, "first": FIRST}
    if found:
        context["page"] = form.cleaned_data["address"]
    with _inside(request):
        return render(request, "smo/sources.html", context, status=422 if form.is_bound and form.errors else 200)


@require_POST
@enters_by_itself
@needs("manage_window")
def watch(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Watch one of the feeds that were found, and look at it once."""
    form = ChoiceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("That is not a web address."))
        return redirect("smo:sources", workspace=workspace)
    given = form.cleaned_data
    try:
        with _inside(request):
            source = acts.watch(
                address=given["feed"],
                page=given["page"],
                name=given["name"],
                kind=given["kind"],
                first=given["first"] or 0,
                by=request.member,
            )
    except acts.NotWatched as refusal:
        messages.error(request, str(refusal))
        return redirect("smo:sources", workspace=workspace)
    incoming.look_at(request.workspace.pk, source.pk)
    return redirect("smo:source", workspace=workspace, pk=source.pk)


@require_http_methods(["GET", "POST"])
@needs("see")
def source(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """One feed: how it is, what passes, what appeared; a POST changes what passes."""
    found = get_object_or_404(Source, pk=pk)
    may = request.member.may("manage_window")
    form = FilterForm(request.POST) if may and request.method == "POST" else FilterForm.of(found)
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        acts.filter_by(found, name=given["name"], filters={name: given[name] for name in LISTS}, by=request.member)
        messages.success(request, _("Saved. It holds from the next look on."))
        return redirect("smo:source", workspace=workspace, pk=pk)
    state = request.GET.get("state", "")
    page = Paginator(items_of(found, state), PAGE).get_page(request.GET.get("page"))
    context = {
        "source": found,
        "trouble": _(found.trouble) if found.trouble else "",
        "hub": hubs.host_of(found),
        "form": form if may else None,
        "may": may,
        "page": page,
        "rows": [(item, _(item.why) if item.why else "") for item in page],
        "state": state,
        "states": Item.State.choices,
    }
    return render(request, "smo/source.html", context, status=422 if form.is_bound and form.errors else 200)


@require_POST
@enters_by_itself
@needs("manage_window")
def act(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Look now, rest, watch again, or forget it."""
    with _inside(request):
        found = get_object_or_404(Source, pk=pk)
        asked = request.POST.get("act")
        if asked == "forget":
            acts.forget(found, by=request.member)
            messages.success(request, _("It is watched no more. What was made of it stays."))
            return redirect("smo:sources", workspace=workspace)
        if asked in ("rest", "again", "look"):
            found = acts.rest(found, resting=asked == "rest", by=request.member)
    if asked in ("again", "look"):
        fresh = incoming.look_at(request.workspace.pk, pk)
        messages.success(request, _("Looked: %(n)d new.") % {"n": fresh})
    return redirect("smo:source", workspace=workspace, pk=pk)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def websub(request: HttpRequest, token: str) -> HttpResponse:
    """A hub asks whether we meant it (GET), or says that a feed changed (POST, signed)."""
    if request.method == "GET":
        asked = request.GET
        meant = hubs.verified(
            token,
            mode=asked.get("hub.mode", ""),
            topic=asked.get("hub.topic", ""),
            lease=asked.get("hub.lease_seconds", ""),
        )
        answer = asked.get("hub.challenge", "")[:1000] if meant else ""
        return HttpResponse(answer, status=200 if meant else 404, content_type="text/plain; charset=utf-8")
    if len(request.body) > incoming.PUSHED_BYTES:
        return HttpResponse(status=413)
    heard = hubs.told(token, body=request.body, signature=request.headers.get("X-Hub-Signature", "")[:200])
    return HttpResponse(status=202 if heard else 403)


def _inside(request: WorkspaceRequest) -> AbstractContextManager[None]:
    return entered(request.workspace.pk, user_id=request.user.pk)
