"""What links are made with: whether posts are tracked, the workspace's own domains, and its tags with a name."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smo.actions.domains import FILE, RECORD, add_domain, drop_domain, keep_proof, look_for_proof, make_main
from smo.actions.settling import drop_preset, keep_preset, track_posts
from smo.forms.links import WORDS, DomainForm, PresetForm
from smo.models import Domain, UtmPreset
from smo.protocol import NotTracked
from smo.queries.links import house_hosts, tracks
from workspaces.access import WorkspaceRequest, needs
from workspaces.tenancy import entered, enters_by_itself

FOUND = {
    "missing": gettext_lazy("Nothing of ours was found there yet. Name servers may take an hour."),
    "other": gettext_lazy("Another workspace's word stands there."),
    "unreachable": gettext_lazy("Nobody answers there."),
}


@require_http_methods(["GET", "POST"])
@needs("manage_window")
def domains(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The hosts that links are on, and how a new one is shown to be the workspace's own."""
    form = DomainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_domain(form.cleaned_data["host"], way=form.cleaned_data["way"], by=request.member)
        except NotTracked as error:
            form.add_error("host", WORDS[error.word])
        else:
            return redirect("smo:domains", workspace=workspace)
    context = {
        "rows": [(one, FOUND.get(one.trouble, "")) for one in Domain.objects.all()],
        "presets": UtmPreset.objects.all(),
        "form": form,
        "tracks": tracks(),
        "record": RECORD,
        "file": FILE,
        "house": next(iter(house_hosts()), ""),
    }
    return render(request, "smo/domains.html", context, status=422 if form.errors else 200)


@require_POST
@enters_by_itself
@needs("manage_window")
def check_domain(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Look whether the host shows our word now."""
    with entered(request.workspace.pk, user_id=request.user.pk):
        domain = get_object_or_404(Domain, pk=pk)
    trouble = look_for_proof(domain)
    with entered(request.workspace.pk, user_id=request.user.pk):
        try:
            keep_proof(domain, trouble, by=request.member)
        except NotTracked as error:
            messages.error(request, WORDS[error.word])
        else:
            told = messages.error if trouble else messages.success
            told(request, FOUND[trouble] if trouble else _("The domain is yours: new links can be made on it."))
    return redirect("smo:domains", workspace=workspace)


@require_POST
@needs("manage_window")
def domain_act(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Make a host the usual one, or take it away; 0 is the app's own address."""
    domain = get_object_or_404(Domain, pk=pk) if pk else None
    if request.POST.get("what") == "main":
        make_main(domain, by=request.member)
    elif domain is not None and not drop_domain(domain, by=request.member):
        messages.error(request, _("Links are on it: it stays."))
    return redirect("smo:domains", workspace=workspace)


@require_POST
@needs("manage_window")
def tracking(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Whether the addresses in posts become tracked links."""
    track_posts(request.POST.get("track") == "1", by=request.member)
    messages.success(request, _("Saved."))
    return redirect("smo:domains", workspace=workspace)


@require_http_methods(["GET", "POST"])
@needs("manage_window")
def preset(request: WorkspaceRequest, workspace: str, pk: int | None = None) -> HttpResponse:
    """Tags with a name."""
    there = get_object_or_404(UtmPreset, pk=pk) if pk else UtmPreset()
    form = PresetForm(request.POST or None, instance=there)
    if request.method == "POST" and form.is_valid():
        given = form.save(commit=False)
        given.channels, given.workspace = form.cleaned_data["lines"], request.workspace
        try:
            with transaction.atomic():
                keep_preset(given, by=request.member)
        except IntegrityError:
            form.add_error("name", WORDS["taken"])
        else:
            messages.success(request, _("Saved."))
            return redirect("smo:domains", workspace=workspace)
    context = {"form": form, "preset": there if pk else None}
    return render(request, "smo/preset.html", context, status=422 if form.errors else 200)


@require_POST
@needs("manage_window")
def preset_away(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Take a preset away; links keep their tags."""
    drop_preset(get_object_or_404(UtmPreset, pk=pk), by=request.member)
    return redirect("smo:domains", workspace=workspace)


@require_GET
@needs("see")
def links_help(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What is counted, what is kept, and what is not."""
    return render(request, "smo/links_help.html", {"house": next(iter(house_hosts()), "")})
