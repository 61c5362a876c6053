"""Recurring and evergreen posts: the list, one with its occurrences, and changing one, some or all of them."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.actions import repeating
from campaigns.forms import SeriesForm
from campaigns.models import Occurrence, Post, Series
from campaigns.protocol import NotPossible
from campaigns.rules import wall_time
from publishing.protocol import NotPossible as TooLate
from workspaces.access import WorkspaceRequest, needs

SHOWN = 60
DRAFTS = 100


@require_GET
@needs("see")
def series_list(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Every series, the running ones first."""
    found = Series.objects.prefetch_related("models__post").order_by("state", "name")
    return render(request, "campaigns/series_list.html", {"series": found, "may_write": request.member.may("schedule")})


@require_http_methods(["GET", "POST"])
@needs("schedule")
def begin(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Begin a series from drafts; `?post=` chooses one ahead."""
    drafts = Post.objects.filter(stage__in=[Post.Stage.DRAFT, Post.Stage.IDEA]).order_by("-changed_at")[:DRAFTS]
    tomorrow = wall_time(timezone.now(), request.workspace.zone).date()
    form = SeriesForm(request.POST or None, zone=request.workspace.zone, initial={"starts_on": tomorrow})
    chosen = request.POST.getlist("posts") or [request.GET.get("post", "")]
    if request.method == "POST" and form.is_valid():
        posts = [post for post in drafts if str(post.pk) in chosen]
        try:
            series = repeating.begin_series(form.series(posts), posts, by=request.member)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            repeating.make_ahead(series, now=timezone.now())
            messages.success(request, _("The series runs. What it plans is below."))
            return redirect("campaigns:series", workspace=workspace, pk=series.pk)
    context = {"form": form, "drafts": drafts, "chosen": chosen}
    return render(request, "campaigns/series_form.html", context, status=422 if form.errors else 200)


@require_GET
@needs("see")
def series(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """One series: its rule, its models, and each occurrence to come."""
    found = get_object_or_404(Series, pk=pk)
    today = wall_time(timezone.now(), found.zone).date()
    coming = Occurrence.objects.filter(series=found, day__gte=today).select_related("post")[:SHOWN]
    context = {
        "series": found,
        "models": found.models.select_related("post"),
        "coming": coming,
        "may_write": request.member.may("schedule") and found.state != Series.State.ENDED,
    }
    return render(request, "campaigns/series.html", context)


@require_http_methods(["GET", "POST"])
@needs("schedule")
def change(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Another rule for all that is to come, or with `?from=` from that day on."""
    found = get_object_or_404(Series, pk=pk)
    from_day = _day(request.GET.get("from", "")) if request.GET.get("from") else None
    form = SeriesForm(request.POST or None, instance=found, zone=found.zone)
    if request.method == "POST" and form.is_valid():
        changes = form.changes()
        found.refresh_from_db()
        if from_day is not None:
            changes.pop("starts_on", None)
            found = repeating.change_from(found, from_day, by=request.member, **changes)
        else:
            found = repeating.change_all(found, by=request.member, **changes)
        repeating.make_ahead(found, now=timezone.now())
        messages.success(request, _("Saved. What was planned by the old rule is planned anew."))
        return redirect("campaigns:series", workspace=workspace, pk=found.pk)
    context = {"form": form, "series": found, "from_day": from_day}
    return render(request, "campaigns/series_form.html", context, status=422 if form.errors else 200)


@require_POST
@needs("schedule")
def act(request: WorkspaceRequest, workspace: str, pk: int, verb: str) -> HttpResponse:
    """Pause, resume or end a series, or plan it anew with its models' new words."""
    found = get_object_or_404(Series, pk=pk)
    try:
        match verb:
            case "pause" | "resume":
                repeating.pause_series(found, paused=verb == "pause", by=request.member)
            case "end":
                repeating.end_series(found, by=request.member)
            case "renew":
                repeating.renew_models(found, by=request.member)
            case "leave-out" | "take-in":
                do = repeating.leave_out if verb == "leave-out" else repeating.take_in
                do(found, _day(request.POST.get("day", "")), by=request.member)
            case _:
                raise Http404(verb)
    except (NotPossible, TooLate) as refusal:
        messages.error(request, str(refusal))
    else:
        found.refresh_from_db()
        repeating.make_ahead(found, now=timezone.now())
        messages.success(request, _("Saved."))
    return redirect("campaigns:series", workspace=workspace, pk=pk)


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise Http404(given) from error
