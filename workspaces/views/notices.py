"""What this member was told: the list behind the bell, and what of it is mailed."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from workspaces import actions
from workspaces.access import WorkspaceRequest, needs
from workspaces.models import Notice, NoticeChoice
from workspaces.protocol import KINDS

PAGE = 30


@require_GET
@needs("see")
def notices(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Everything this member was told, newest first; `?show=unread` narrows."""
    unread = request.GET.get("show") == "unread"
    mine = Notice.objects.all().to(request.member)
    page = Paginator(mine.unread() if unread else mine, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "only_unread": unread, "new": mine.unread().count()}
    template = "workspaces/_notices.html" if request.headers.get("HX-Request") else "workspaces/notices.html"
    return render(request, template, context)


@require_GET
@needs("see")
def open_notice(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Seen; and to where its action is done."""
    notice = get_object_or_404(Notice.objects.all().to(request.member), pk=pk)
    actions.set_read(notice, read=True, by=request.member)
    safe = url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return HttpResponseRedirect(notice.url) if safe else redirect("workspaces:notices", workspace=workspace)


@require_POST
@needs("see")
def read_notice(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Mark one as seen, or with `unread` as new again."""
    notice = get_object_or_404(Notice.objects.all().to(request.member), pk=pk)
    actions.set_read(notice, read="unread" not in request.POST, by=request.member)
    return redirect("workspaces:notices", workspace=workspace)


@require_POST
@needs("see")
def read_notices(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Mark everything as seen."""
    actions.read_all(by=request.member)
    messages.success(request, _("Everything is marked as seen."))
    return redirect("workspaces:notices", workspace=workspace)


@needs("see")
def notice_choices(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Which kinds of notices this member gets by mail as well."""
    if request.method == "POST":
        wanted = set(request.POST.getlist("kind"))
        actions.choose_mail({kind: kind in wanted for kind in KINDS}, by=request.member)
        messages.success(request, _("Saved."))
        return redirect("workspaces:notice_choices", workspace=workspace)
    unwanted = NoticeChoice.objects.filter(member=request.member, mail=False)
    silent = set(unwanted.values_list("kind", flat=True))
    kinds = [(note, slug not in silent) for slug, note in KINDS.items()]
    return render(request, "workspaces/notice_choices.html", {"kinds": kinds, "email": request.user.email})
