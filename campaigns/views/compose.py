"""The composer: a page to write on, saved as one types, checked beside, and handed over by one button."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.actions import approving, placing, queueing, repeating, writing
from campaigns.context.composer import composer, side
from campaigns.forms import ComposeForm
from campaigns.models import Post
from campaigns.protocol import Draft, NotPossible, NotReady, Obstacle, Stale
from campaigns.queries import channels, told
from campaigns.rules import wall_time
from workspaces.access import WorkspaceRequest, needs


def when(moment: datetime) -> str:
    """A wall time in short words: Thu 26 Nov, 19:30."""
    return date_format(moment, "D j M, H:i")


@require_http_methods(["GET", "POST"])
@needs("write_posts")
def compose(request: WorkspaceRequest, workspace: str, pk: int | None = None) -> HttpResponse:
    """A new post, or one that is there. POST saves and does what the pressed button says."""
    post = _post(pk)
    if request.method == "POST":
        return _submit(request, post)
    context = composer(post, member=request.member, workspace=request.workspace, at=_asked_time(request))
    return render(request, "campaigns/compose.html", context)


@require_POST
@needs("write_posts")
def autosave(request: WorkspaceRequest, workspace: str, pk: int | None = None) -> JsonResponse:
    """Keep what is typed. Answers JSON with the post's addresses and its new version; 409 when a tab is behind."""
    given, error = _typed(request)
    if given is None:
        return JsonResponse({"error": error}, status=422)
    try:
        post = _saved(request, _post(pk), given)
    except Stale:
        return JsonResponse({"error": _("Another tab or person changed it. Reload to see the newest.")}, status=409)
    except NotPossible as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    return JsonResponse({**addresses(request, post), "saved_at": _clock(request)})


@require_GET
@needs("write_posts")
def beside(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """The preview and the checks of the post as it is saved."""
    return render(request, "campaigns/_side.html", side(told_or_404(pk), shown=request.GET.get("shown", "")))


def told_or_404(pk: int) -> Post:
    """The post with all it shows, or 404."""
    get_object_or_404(Post, pk=pk)
    return told(pk)


def _post(pk: int | None) -> Post | None:
    return told_or_404(pk) if pk else None


def _typed(request: WorkspaceRequest) -> tuple[Draft | None, str]:
    form = ComposeForm(request.POST, accounts=channels(), zone=request.POST.get("zone") or request.workspace.zone)
    if form.is_valid():
        return form.draft(), ""
    return None, " ".join(str(text) for texts in form.errors.values() for text in texts)


def _saved(request: WorkspaceRequest, post: Post | None, given: Draft) -> Post:
    if post is None:
        return writing.draft(given, by=request.member)
    version = request.GET.get("version", "")
    repeating.was_edited(post)
    return writing.save(post, given, version=int(version) if version.isdigit() else post.version, by=request.member)


def _submit(request: WorkspaceRequest, post: Post | None) -> HttpResponse:
    given, error = _typed(request)
    if given is None:
        return _again(request, post, [Obstacle("form", error)])
    try:
        post = _saved(request, post, given)
        said = _do(request, post, given, request.POST.get("verb", "draft"))
    except NotReady as refusal:
        return _again(request, post, refusal.obstacles)
    except Stale:
        return _again(request, post, [Obstacle("form", _("Another tab or person changed it. Here is the newest."))])
    except NotPossible as refusal:
        return _again(request, post, [Obstacle("form", str(refusal))])
    messages.success(request, said)
    day = (given.local_at or wall_time(timezone.now(), request.workspace.zone)).date().isoformat()
    return redirect(reverse("campaigns:calendar", args=[request.workspace.slug]) + f"?day={day}")


def _do(request: WorkspaceRequest, post: Post, given: Draft, verb: str) -> str:
    """Do what the button says; answers the words for the toast."""
    local = given.local_at
    if verb == "draft":
        return _("Kept as a draft.")
    if verb == "now":
        placing.publish_now(post, by=request.member)
        return _("Going out now.")
    if verb == "queue":
        placed = queueing.add_to_queue(post, by=request.member)
        return _("In the queue for %(when)s.") % {"when": when(placed.local_at)}
    if local is None:
        raise NotReady([Obstacle("time", _("Choose a day and a time."))])
    if verb == "submit":
        approving.submit(post, at=local, by=request.member)
        return _("Approval is asked for. Planned for %(when)s.") % {"when": when(local)}
    placed = placing.schedule(post, at=local, by=request.member)
    if placed.stage == Post.Stage.IN_REVIEW:
        return _("With compliance. It goes out %(when)s once an officer approves it.") % {"when": when(local)}
    count = len(placed.variants.all())
    said = ngettext("%(count)s post goes out %(when)s.", "%(count)s posts go out %(when)s.", count)
    return said % {"count": count, "when": when(local)}


def _again(
    request: WorkspaceRequest, post: Post | None, obstacles: list[Obstacle] | tuple[Obstacle, ...]
) -> HttpResponse:
    """The page once more, with what must be mended; nothing that was typed is lost, for it is saved."""
    newest = _post(post.pk if post else None)
    context: dict[str, Any] = composer(newest, member=request.member, workspace=request.workspace)  # Any: a context
    context["obstacles"] = [o for o in obstacles if not o.code]
    return render(request, "campaigns/compose.html", context, status=422)


def addresses(request: WorkspaceRequest, post: Post) -> dict[str, str]:
    """Where the composer goes on with a post; what it saves to names the version that it starts from."""
    slug, since = request.workspace.slug, f"?version={post.version}"
    page = reverse("campaigns:edit", args=[slug, post.pk])
    return {
        "url": page,
        "action": page + since,
        "autosave": reverse("campaigns:autosave", args=[slug, post.pk]) + since,
        "side": reverse("campaigns:side", args=[slug, post.pk]),
    }


def _clock(request: WorkspaceRequest) -> str:
    return wall_time(timezone.now(), request.workspace.zone).strftime("%H:%M")


def _asked_time(request: WorkspaceRequest) -> datetime | None:
    try:
        return datetime.fromisoformat(request.GET.get("at", "")).replace(tzinfo=None)
    except ValueError:
        return None
