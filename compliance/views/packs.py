"""Evidence packs: asked for, watched while they are made, downloaded."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from compliance.actions.documents import note_look
from compliance.actions.packing import NothingSealed, ask_pack
from compliance.forms import PackForm
from compliance.models import Look, Pack
from compliance.queries.packing import end_of
from compliance.tasks import make_pack
from compliance.views.sealed import as_download
from workspaces.access import WorkspaceRequest, needs

SHOWN = 50


@require_http_methods(["GET", "POST"])
@needs("make_packs")
def packs(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Earlier packs, and the form for a new one; a POST with `subject` asks for those publications."""
    form = PackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pack = _asked(request, form)
        except NothingSealed as refusal:
            form.add_error(None, str(refusal))
        else:
            make_pack.delay_on_commit(pack.pk, request.workspace.pk)  # type: ignore[attr-defined]  # Celery's Django task
            return redirect("compliance:pack", workspace=workspace, pk=pack.pk)
    context = {"form": form, "packs": Pack.objects.all()[:SHOWN]}
    return render(request, "compliance/packs.html", context, status=422 if form.errors else 200)


def _asked(request: WorkspaceRequest, form: PackForm) -> Pack:
    person = form.cleaned_data["endorser"]
    subjects = [subject for subject in request.POST.getlist("subject") if subject]
    title = request.POST.get("title", "").strip()
    if not title:
        about = person.name if person else ", ".join(subjects[:3]) or _("everything")
        title = _("Evidence: %(about)s") % {"about": about}
    return ask_pack(
        title=title,
        by=request.member,
        subjects=subjects,
        endorser=person.pk if person else None,
        since=form.cleaned_data["since"],
        until=form.cleaned_data["until"],
    )


@require_GET
@needs("make_packs")
def pack(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """How far a pack is; when it is ready, what it holds and how to prove it."""
    found = get_object_or_404(Pack, pk=pk)
    context = {
        "pack": found,
        "head": end_of(found) if found.state == Pack.State.READY else "",
        "looks": Look.objects.filter(thing=f"pack:{pk}")[:SHOWN],
    }
    piece = request.headers.get("HX-Request")
    return render(request, "compliance/_pack_state.html" if piece else "compliance/pack.html", context)


@require_POST
@needs("make_packs")
def again(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Wake a worker once more for a pack that nobody finishes."""
    found = get_object_or_404(Pack, pk=pk)
    make_pack.delay_on_commit(found.pk, request.workspace.pk)  # type: ignore[attr-defined]  # Celery's Django task
    messages.success(request, _("Asked for once more."))
    return redirect("compliance:pack", workspace=workspace, pk=pk)


@require_GET
@needs("make_packs")
def download(request: WorkspaceRequest, workspace: str, pk: int) -> FileResponse:
    """The file. Who takes it is written down."""
    found = get_object_or_404(Pack, pk=pk, state=Pack.State.READY)
    if not found.file.storage.exists(str(found.file.name)):
        raise Http404(found.title)
    note_look(f"pack:{pk}", way=Look.Way.DOWNLOAD, by=request.member)
    return as_download(found.file.open("rb"), f"gardu-evidence-{request.workspace.slug}-{pk}.zip")
