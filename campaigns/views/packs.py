"""An evidence pack of one post or one campaign: what of it went out, sealed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from campaigns.models import Campaign, Post
from campaigns.queries.packs import subjects_of
from compliance.actions.packing import NothingSealed, ask_pack
from compliance.tasks import make_pack
from workspaces.access import WorkspaceRequest, needs


@require_POST
@needs("make_packs")
def of_post(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Ask for a pack of one post."""
    post = get_object_or_404(Post, pk=pk)
    return _asked(request, str(post), subjects_of(Post.objects.filter(pk=pk))) or redirect(
        "campaigns:post", workspace=workspace, pk=pk
    )


@require_POST
@needs("make_packs")
def of_campaign(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Ask for a pack of one campaign."""
    campaign = get_object_or_404(Campaign, pk=pk)
    return _asked(request, str(campaign), subjects_of(Post.objects.filter(campaign=campaign))) or redirect(
        "campaigns:campaign", workspace=workspace, pk=pk
    )


def _asked(request: WorkspaceRequest, title: str, subjects: list[str]) -> HttpResponse | None:
    """The way to the pack's page, or None when nothing of it is sealed."""
    try:
        pack = ask_pack(title=title, by=request.member, subjects=subjects or ["nothing"])
    except NothingSealed as refusal:
        messages.error(request, str(refusal))
        return None
    make_pack.delay_on_commit(pack.pk, request.workspace.pk)  # type: ignore[attr-defined]  # Celery's Django task
    return redirect("compliance:pack", workspace=request.workspace.slug, pk=pack.pk)
