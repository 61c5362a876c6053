"""One post's page: what each channel shows, where it went, what it waits for; and the verbs on it."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from campaigns.actions import approving, placing, writing
from campaigns.actions.fixing import fix
from campaigns.actions.reviewing import ask_about
from campaigns.context.composer import side
from campaigns.models import Post
from campaigns.protocol import NotPossible, NotReady, Stale
from campaigns.queries import approval_of, awaiting, fingerprint_of
from campaigns.views.compose import addresses, told_or_404
from publishing.protocol import NotPossible as TooLate
from publishing.protocol import Overtaken
from smo.queries.numbers import results_of
from workspaces.access import WorkspaceRequest, needs


@require_GET
@needs("see")
def post(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """The post with its links and its history, for anybody in the workspace."""
    found = told_or_404(pk)
    context = {
        **side(found),
        "brought": results_of(post=found.pk),
        "approval": approval_of(found),
        "approvals": found.approvals.select_related("by__user"),
        "fingerprint": fingerprint_of(found),
        "may_write": request.member.may("write_posts") and found.is_open,
        "may_settle": request.member.may("settle_publications"),
        "may_approve": request.member.may("approve_posts") and found.author_id != request.member.pk,
    }
    template = "campaigns/_post.html" if request.headers.get("HX-Request") else "campaigns/post.html"
    return render(request, template, context)


@require_GET
@needs("see")
def approvals(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Posts that wait for somebody's approval, the most pressing first."""
    return render(request, "campaigns/approvals.html", {"posts": awaiting(), "member": request.member})


def _verb(
    request: WorkspaceRequest, pk: int, do: Callable[[Post], Post | None], done: str, page: str = "post"
) -> HttpResponse:
    """Do one verb on a post, say how it went, and show it again."""
    found = told_or_404(pk)
    try:
        result = do(found)
    except NotReady as refusal:
        messages.error(
            request, "; ".join(f"{o.account}: {o.reason}" if o.account else o.reason for o in refusal.obstacles)
        )
        result = found
    except (NotPossible, TooLate) as refusal:
        messages.error(request, str(refusal))
        result = found
    except Overtaken:
        messages.error(request, _("It is going out just now."))
        result = found
    else:
        messages.success(request, done)
    if result is None:
        return redirect("campaigns:calendar", workspace=request.workspace.slug)
    return redirect(f"campaigns:{page}", workspace=request.workspace.slug, pk=result.pk)


@require_POST
@needs("schedule")
def cancel(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Call the post back."""
    return _verb(
        request, pk, lambda found: placing.cancel(found, by=request.member), _("Called back. It is a draft again.")
    )


@require_POST
@needs("write_posts")
def duplicate(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """A copy, opened in the composer."""
    return _verb(request, pk, lambda found: writing.duplicate(found, by=request.member), _("This is the copy."), "edit")


@require_POST
@needs("write_posts")
def delete(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Throw a draft away."""
    return _verb(request, pk, lambda found: writing.delete(found, by=request.member), _("Thrown away."))


@require_POST
@needs("schedule")
def send_late(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Send a post whose time passed while it was with compliance; what is undecided waits for an officer again."""
    return _verb(
        request, pk, lambda found: placing.publish_now(found, by=request.member), _("It goes out once it may.")
    )


@require_POST
@needs("write_posts")
def ask_compliance(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Put a post that a rule stops before the officers."""
    return _verb(request, pk, lambda found: ask_about(found, by=request.member), _("It is with compliance."))


@require_POST
@needs("approve_posts")
def approve(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Say yes to the post exactly as it was shown."""
    fingerprint, note = request.POST.get("fingerprint", ""), request.POST.get("note", "")
    return _verb(
        request,
        pk,
        lambda found: approving.approve(found, by=request.member, fingerprint=fingerprint, note=note),
        _("Approved."),
    )


@require_POST
@needs("approve_posts")
def ask(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Give the post back with a word."""
    fingerprint, note = request.POST.get("fingerprint", ""), request.POST.get("note", "")
    return _verb(
        request,
        pk,
        lambda found: approving.ask_for_change(found, by=request.member, fingerprint=fingerprint, note=note),
        _("Given back to its author."),
    )


@require_POST
@needs("write_posts")
def mend(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Make the change a check proposes, on every channel it was found on; the composer takes over the new words."""
    found = told_or_404(pk)
    try:
        mended = fix(found, code=str(json.loads(request.body)["code"]), by=request.member)
    except Stale:
        return JsonResponse({"error": _("It was saved again just now. Press once more.")}, status=409)
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": _("Name the finding to mend.")}, status=400)
    except NotPossible as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    own = {f"text_{v.account_id}": v.own_text for v in mended.variants.all() if v.own_text is not None}
    titles = {f"title_{v.account_id}": v.own_title for v in mended.variants.all() if v.own_title is not None}
    options = {
        f"option_{v.account_id}_{name}": value for v in mended.variants.all() for name, value in v.options.items()
    }
    fields = {"text": mended.text, "title": mended.title, **own, **titles, **options}
    return JsonResponse({**addresses(request, mended), "set": fields})
