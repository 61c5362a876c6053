"""Tracked links: the list, a new one, one with its numbers, its code as a picture, and what can be done with it."""

from __future__ import annotations

import io
from dataclasses import replace
from urllib.parse import urlencode

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from networks import registry
from smo.actions import shorten
from smo.actions.settling import archive, change_link, flag
from smo.forms.links import WORDS, ChangeForm, LinkForm
from smo.models import LinkSplit, TrackedLink
from smo.protocol import UTM_FIELDS, NotTracked, Utm
from smo.queries.links import utm_of
from smo.queries.numbers import days_of, found, splits_of, totals_of
from workspaces.access import WorkspaceRequest, needs

PAGE = 50
QR_KINDS = {"svg": "image/svg+xml", "png": "image/png"}


@require_GET
@needs("see")
def links(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The links by words, state and network, newest first; the next page begins below the last one's number."""
    asked = {name: request.GET.get(name, "")[:200] for name in ("q", "state", "network")}
    rows = found(asked["q"], state=asked["state"], network=asked["network"])
    before = request.GET.get("before", "")
    page = list((rows.filter(pk__lt=int(before)) if before.isdigit() else rows)[: PAGE + 1])
    kept = urlencode({name: value for name, value in asked.items() if value})
    more = f"{kept}&before={page[PAGE - 1].pk}" if len(page) > PAGE else ""
    context = {
        "rows": page[:PAGE],
        "asked": asked,
        "any": any(asked.values()) or bool(before),
        "first": f"?{kept}" if before else "",
        "more": f"?{more}" if more else "",
        "states": [("", _("In use")), ("broken", _("Broken")), ("flagged", _("Flagged")), ("archived", _("Put away"))],
        "networks": [(network.slug, network.name) for network in registry.every()],
        "may_manage": request.member.may("manage_window"),
    }
    return render(request, "smo/links.html", context)


@require_http_methods(["GET", "POST"])
@needs("manage_window")
def new_link(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """A short link for any address, with its tags."""
    form = LinkForm(request.POST or None, initial={"url": request.GET.get("url", "")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = shorten(
                given["url"],
                by=request.member,
                network=given["network"],
                utm=_tags(form),
                title=given["title"],
                alias=given["alias"],
                expires_at=given["expires_at"],
                expired_url=given["expired_url"],
            )
        except NotTracked as error:
            form.add_error("alias" if error.word == "taken" else "url", WORDS[error.word])
        else:
            messages.success(request, _("Made."))
            return redirect("smo:link", workspace=workspace, pk=made.pk)
    return render(request, "smo/link_form.html", {"form": form}, status=422 if form.errors else 200)


def _tags(form: LinkForm) -> Utm:
    """What was typed, and the preset's where nothing was."""
    typed, preset = form.typed(), form.cleaned_data["preset"]
    if preset is None:
        return typed
    own = utm_of(preset, network=form.cleaned_data["network"], campaign=typed.campaign)
    return replace(own, **{name: getattr(typed, name) for name in UTM_FIELDS if getattr(typed, name)})


@require_http_methods(["GET", "POST"])
@needs("see")
def link(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """One link: its numbers by day, where people came from, where it led before, and what may be changed."""
    one = get_object_or_404(TrackedLink.objects.select_related("domain"), pk=pk)
    may = request.member.may("manage_window")
    form = ChangeForm(request.POST or None, initial={name: getattr(one, name) for name in ChangeForm.base_fields})
    if request.method == "POST" and may and form.is_valid():
        try:
            change_link(one, by=request.member, **form.cleaned_data)
        except NotTracked as error:
            form.add_error("target", WORDS[error.word])
        else:
            messages.success(request, _("Saved."))
            return redirect("smo:link", workspace=workspace, pk=pk)
    days = days_of(one, timezone.localdate())
    context = {
        "one": one,
        "days": days,
        "spoken": [day for day in reversed(days) if day.clicks or day.bots],
        "totals": totals_of(one),
        "splits": [(kind.label, splits_of(one, kind.value)) for kind in LinkSplit.Kind],
        "changes": one.changes.all()[:50],
        "form": form if may else None,
        "may_manage": may,
    }
    return render(request, "smo/link.html", context, status=422 if form.errors else 200)


@require_POST
@needs("manage_window")
def act(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Flag a link, let it through, put it away or back."""
    one = get_object_or_404(TrackedLink, pk=pk)
    what = request.POST.get("what", "")
    if what in ("flag", "clear"):
        flag(one, on=what == "flag", by=request.member)
    elif what in ("archive", "restore"):
        archive(one, away=what == "archive", by=request.member)
    messages.success(request, _("Saved."))
    return redirect("smo:link", workspace=workspace, pk=pk)


@require_GET
@needs("see")
def qr(request: WorkspaceRequest, workspace: str, pk: int, kind: str) -> HttpResponse:
    """The link as a QR code to print (SVG) or to paste (PNG). Its quiet zone is in the picture."""
    one = get_object_or_404(TrackedLink.objects.select_related("domain"), pk=pk)
    if kind not in QR_KINDS:
        return HttpResponse(status=404)
    out = io.BytesIO()
    segno.make_qr(one.short, error="m").save(out, kind=kind, scale=10, border=4, dark="#12211f", light="#ffffff")
    answer = HttpResponse(out.getvalue(), content_type=QR_KINDS[kind])
    if "download" in request.GET:
        answer["Content-Disposition"] = f'attachment; filename="{one.code}.{kind}"'
    return answer
