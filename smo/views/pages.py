"""The page check: which pages are kept, one with its likenesses and mends, and a site map while it is walked."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smo.actions.looking import TooManyPages, ask_look, ask_walk, forget_page, set_weekly
from smo.context.pages import curve, seen, tone
from smo.forms.pages import PageForm
from smo.models import CheckedPage, PageLook, State, Walk
from smo.queries.mends import trouble_words
from smo.queries.pages import history, newest
from smo.tasks import look_at_page, walk_site_map
from workspaces.access import WorkspaceRequest, needs

PAGE = 50


@require_http_methods(["GET", "POST"])
@needs("see")
def pages(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The pages that are kept, worst news first to see; a POST asks for a look."""
    may = request.member.may("manage_window")
    form = PageForm(request.POST if request.method == "POST" and may else None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        if given["kind"] == "map":
            walk = ask_walk(given["url"], by=request.member)
            walk_site_map.delay_on_commit(walk.workspace_id, walk.pk)  # type: ignore[attr-defined]  # Celery's Django task
            return redirect("smo:walk", workspace=workspace, pk=walk.pk)
        try:
            look = ask_look(given["url"], by=request.member, weekly=given["weekly"] or None)
        except TooManyPages:
            form.add_error("url", _("So many pages are kept that there is no room. Forget some first."))
        else:
            look_at_page.delay_on_commit(look.workspace_id, look.pk)  # type: ignore[attr-defined]  # as above
            return redirect("smo:page", workspace=workspace, pk=look.page_id)
    page = Paginator(CheckedPage.objects.all(), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(each, tone(each.score), trouble_words(each.trouble)) for each in page.object_list],
        "walks": [(walk, trouble_words(walk.trouble)) for walk in Walk.objects.all()[:10]],
        "may": may,
    }
    return render(request, "smo/pages.html", context, status=422 if form.errors else 200)


@require_GET
@needs("see")
def page(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """One page: how it looks on each network, what to mend, and how it went; while a look is made, how far it is."""
    found = get_object_or_404(CheckedPage, pk=pk)
    looks = history(pk)
    running = (
        PageLook.objects.filter(page=found, state__in=(State.QUEUED, State.RUNNING)).defer("kept", "found").first()
    )
    if request.headers.get("HX-Request"):
        state = {"page": found, "running": running, "steps": PageLook.STEPS}
        answer = render(request, "smo/_page_state.html", state)
        if running is None:
            answer["HX-Refresh"] = "true"
        return answer
    done = newest(pk)
    before = newest(pk, before=done.pk) if done else None
    context = {
        "page": found,
        "tone": tone(found.score),
        "trouble": trouble_words(found.trouble),
        "running": running,
        "steps": PageLook.STEPS,
        "look": done,
        "seen": seen(done, before) if done else None,
        "change": (found.score or 0) - found.before if found.before is not None else None,
        "looks": [(look, tone(look.score), trouble_words(look.trouble)) for look in looks],
        "curve": curve(looks),
        "may": request.member.may("manage_window"),
    }
    return render(request, "smo/page.html", context)


@require_GET
@needs("see")
def page_picture(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """The card's picture as it was fetched, made small: from here, so that no site learns who looks."""
    look = get_object_or_404(PageLook.objects.only("thumb"), pk=pk)
    if not look.thumb:
        raise Http404("no picture")
    answer = HttpResponse(bytes(look.thumb), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=86400"
    return answer


@require_POST
@needs("manage_window")
def page_again(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Look again now."""
    found = get_object_or_404(CheckedPage, pk=pk)
    look = ask_look(found.url, by=request.member)
    look_at_page.delay_on_commit(look.workspace_id, look.pk)  # type: ignore[attr-defined]  # Celery's Django task
    return redirect("smo:page", workspace=workspace, pk=pk)


@require_POST
@needs("manage_window")
def page_weekly(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Look every week, or no more."""
    found = set_weekly(get_object_or_404(CheckedPage, pk=pk), weekly=request.POST.get("weekly") == "1")
    messages.success(request, _("It is looked at every week.") if found.due_at else _("It is not looked at by itself."))
    return redirect("smo:page", workspace=workspace, pk=pk)


@require_POST
@needs("manage_window")
def page_forget(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Throw a page and its history away."""
    forget_page(get_object_or_404(CheckedPage, pk=pk), by=request.member)
    messages.success(request, _("The page is forgotten."))
    return redirect("smo:pages", workspace=workspace)


@require_GET
@needs("see")
def walk(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """A site map: how far the walk is, and each page's score."""
    found = get_object_or_404(Walk, pk=pk)
    looks = PageLook.objects.filter(walk=found).select_related("page").defer("kept", "found", "thumb").order_by("id")
    rows = [(look, tone(look.score), trouble_words(look.trouble)) for look in looks]
    scores = [look.score for look, _tone, _words in rows if look.score is not None]
    context = {
        "walk": found,
        "trouble": trouble_words(found.trouble),
        "rows": rows,
        "mean": round(sum(scores) / len(scores)) if scores else None,
        "open": found.state in (State.QUEUED, State.RUNNING),
    }
    template = "smo/_walk.html" if request.headers.get("HX-Request") else "smo/walk.html"
    return render(request, template, context)
