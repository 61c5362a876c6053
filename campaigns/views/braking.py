"""The brake: what stands still, pulling it for a campaign, a channel or everything, and letting it go."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.actions import braking
from campaigns.models import Campaign
from campaigns.queries import campaigns, channels
from networks.models import Account
from publishing.actions import due_meanwhile, resume_account, stopped_by
from publishing.models import Brake
from workspaces.access import WorkspaceRequest, needs, refusal


@require_GET
@needs("see")
def brakes(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What stands still just now, what stood still before, and the handles."""
    context = {
        "open": Brake.objects.filter(released_at__isnull=True).select_related("by__user", "account"),
        "past": Brake.objects.filter(released_at__isnull=False).select_related("by__user", "released_by__user")[:20],
        "channels": channels(),
        "campaigns": campaigns(),
        "may_all": request.member.may("pause_publishing"),
        "may_some": request.member.may("pause_some"),
    }
    return render(request, "campaigns/brakes.html", context)


@require_POST
@needs("pause_some")
def pull(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Stop one thing at once: `what` is workspace, account:<id> or campaign:<id>."""
    kind, _colon, number = request.POST.get("what", "").partition(":")
    reason = request.POST.get("reason", "")
    what: Account | Campaign | None = None
    if kind == "account" and number.isdigit():
        what = get_object_or_404(Account, pk=number)
    elif kind == "campaign" and number.isdigit():
        what = get_object_or_404(Campaign, pk=number)
    elif kind != "workspace":
        messages.error(request, _("Choose what to stop."))
        return redirect("campaigns:brakes", workspace=workspace)
    elif not request.member.may("pause_publishing"):
        raise PermissionDenied(refusal("pause_publishing"))
    braking.pull(what, by=request.member, reason=reason)
    messages.success(request, _("It stands still. Nothing of it leaves until somebody lets it go."))
    return redirect("campaigns:brakes", workspace=workspace)


@require_http_methods(["GET", "POST"])
@needs("pause_some")
def let_go(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Let it go, after choosing what becomes of what was due meanwhile."""
    brake = get_object_or_404(Brake, pk=pk, released_at__isnull=True)
    if brake.scope == Brake.Scope.WORKSPACE and not request.member.may("pause_publishing"):
        raise PermissionDenied(refusal("pause_publishing"))
    if request.method == "POST":
        after = request.POST.get("after", "")
        if after in Brake.After.values:
            stayed = braking.let_go(brake, after=Brake.After(after), by=request.member)
            messages.success(request, _("Publishing goes on."))
            for reason in stayed:
                messages.error(request, reason)
            return redirect("campaigns:brakes", workspace=workspace)
    due = due_meanwhile(brake, timezone.now())
    context = {
        "brake": brake,
        "due": due.select_related("account")[:50],
        "due_count": due.count(),
        "waiting": stopped_by(brake).count(),
        "choices": Brake.After.choices,
    }
    return render(request, "campaigns/let_go.html", context)


@require_POST
@needs("pause_some")
def account(request: WorkspaceRequest, workspace: str, pk: int, verb: str) -> HttpResponse:
    """The channels page's own button: pause a channel; resuming asks first when something was due meanwhile."""
    found = get_object_or_404(Account, pk=pk)
    brake = Brake.objects.filter(account=found, released_at__isnull=True).first()
    if verb == "pause":
        braking.pull(found, by=request.member)
        messages.success(request, _("Nothing is published to %(name)s until you resume it.") % {"name": found.name})
    elif brake is not None and due_meanwhile(brake, timezone.now()).exists():
        return redirect("campaigns:brake_let_go", workspace=workspace, pk=brake.pk)
    else:
        resume_account(found, by=request.member)
        messages.success(request, _("%(name)s is published to again.") % {"name": found.name})
    return redirect("networks:accounts", workspace=workspace)
