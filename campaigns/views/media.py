"""The media library: uploads, what they show in words, and the files themselves, for members only."""

from __future__ import annotations

import errno

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from campaigns.actions import media as keeping
from campaigns.models import MediaAsset
from campaigns.protocol import NotPossible, NotTaken
from campaigns.queries import library
from workspaces.access import WorkspaceRequest, needs

PAGE = 48


@require_GET
@needs("see")
def media(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The library, newest first; `?q=` searches names and alt texts, `?kind=` chooses."""
    search, kind = request.GET.get("q", ""), request.GET.get("kind", "")
    found = library(search=search, kind=kind if kind in MediaAsset.Kind.values else "")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "q": search, "kind": kind, "may_write": request.member.may("write_posts")}
    pick = request.GET.get("pick")
    return render(request, "campaigns/_media_pick.html" if pick else "campaigns/media.html", context)


@require_POST
@needs("write_posts")
def upload(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Take one file; answers its tile, or JSON {"error"} that says why not. `?for=library` gives the library's tile."""
    file = request.FILES.get("file")
    if file is None or file.file is None:
        return JsonResponse({"error": _("The file is larger than anything that is taken.")}, status=413)
    try:
        asset = keeping.keep(file.file, filename=file.name or "", by=request.member, workspace_id=request.workspace.pk)
    except NotTaken as refusal:
        return JsonResponse({"error": str(refusal)}, status=422)
    except OSError as trouble:
        if trouble.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        full = _("There is no room left for files just now. Nothing was kept: try again later.")
        return JsonResponse({"error": full}, status=507)
    template = "campaigns/_media_row.html" if request.GET.get("for") == "library" else "campaigns/_media_tile.html"
    return render(request, template, {"asset": asset, "may_write": True})


@require_GET
@needs("write_posts")
def tile(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """The composer's tile of an asset that is in the library already."""
    return render(request, "campaigns/_media_tile.html", {"asset": get_object_or_404(MediaAsset, pk=pk)})


@require_POST
@needs("write_posts")
def describe(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Write the alt text; htmx gets the tile back."""
    asset = get_object_or_404(MediaAsset, pk=pk)
    asset = keeping.describe(asset, alt=request.POST.get("alt", ""), by=request.member)
    if not request.headers.get("HX-Request"):
        return redirect("campaigns:media", workspace=workspace)
    template = "campaigns/_media_row.html" if request.GET.get("for") == "library" else "campaigns/_media_tile.html"
    return render(request, template, {"asset": asset, "may_write": True})


@require_POST
@needs("write_posts")
def delete(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Throw media away that no post shows."""
    try:
        keeping.throw_away(get_object_or_404(MediaAsset, pk=pk), by=request.member)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Thrown away."))
    return redirect("campaigns:media", workspace=workspace)


@require_GET
@needs("see")
def media_file(request: WorkspaceRequest, workspace: str, pk: int, which: str) -> FileResponse:
    """The bytes, for members of the workspace. They never change under one address, so a browser may keep them."""
    asset = get_object_or_404(MediaAsset, pk=pk)
    stored = {"file": asset.file, "small": asset.thumbnail or asset.file}.get(which)
    if not stored or not stored.storage.exists(str(stored.name)):
        raise Http404(which)
    small = which == "small" and bool(asset.thumbnail)
    kind = ("image/png" if str(stored.name).endswith(".png") else "image/jpeg") if small else asset.mime
    return FileResponse(
        stored.open("rb"),
        content_type=kind,
        headers={
            "Cache-Control": "private, max-age=31536000, immutable",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
