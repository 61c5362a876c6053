"""The workspace's webhooks: who is told, what was delivered, and sending it again."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from workspaces import actions
from workspaces.access import WorkspaceRequest, needs
from workspaces.forms import HookForm
from workspaces.models import Delivery, Hook
from workspaces.protocol import KINDS

LOG_PAGE = 30


@needs("manage_workspace")
def hooks(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The hooks there are; making one shows its secret once."""
    form = HookForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        _hook, secret = actions.make_hook(**form.cleaned_data, by=request.member)
        form = HookForm()
    late = Count("deliveries", filter=Q(deliveries__state=Delivery.State.FAILED))
    found = Hook.objects.annotate(failed=late).order_by("name", "pk")
    return render(request, "workspaces/hooks.html", {"hooks": found, "form": form, "secret": secret})


@needs("manage_workspace")
def hook(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """One hook: what it hears, and every delivery with its tries."""
    found = get_object_or_404(Hook, pk=pk)
    form = HookForm(request.POST or None, initial={"name": found.name, "url": found.url, "kinds": found.kinds})
    if request.method == "POST" and form.is_valid():
        actions.change_hook(found, by=request.member, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("workspaces:hook", workspace=workspace, pk=pk)
    page = Paginator(Delivery.objects.filter(hook=found), LOG_PAGE).get_page(request.GET.get("page"))
    context = {"hook": found, "form": form, "page": page, "kinds": KINDS}
    template = "workspaces/_deliveries.html" if request.headers.get("HX-Request") else "workspaces/hook.html"
    return render(request, template, context)


@require_POST
@needs("manage_workspace")
def renew_hook(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Another secret, shown once."""
    found = get_object_or_404(Hook, pk=pk)
    secret = actions.new_secret(found, by=request.member)
    found_all = Hook.objects.order_by("name", "pk")
    return render(request, "workspaces/hooks.html", {"hooks": found_all, "form": HookForm(), "secret": secret})


@require_POST
@needs("manage_workspace")
def switch_hook(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Pause a hook, or let it hear again."""
    found = get_object_or_404(Hook, pk=pk)
    actions.change_hook(found, by=request.member, active=not found.active)
    messages.success(request, _("The webhook hears again.") if found.active else _("The webhook is paused."))
    return redirect("workspaces:hook", workspace=workspace, pk=pk)


@require_POST
@needs("manage_workspace")
def drop_hook(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Take a hook away."""
    actions.drop_hook(get_object_or_404(Hook, pk=pk), by=request.member)
    messages.success(request, _("The webhook is gone."))
    return redirect("workspaces:hooks", workspace=workspace)


@require_POST
@needs("manage_workspace")
def try_hook(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Send a test message."""
    actions.try_hook(get_object_or_404(Hook, pk=pk), by=request.member)
    messages.success(request, _("A test is on its way. Its result appears in the log below."))
    return redirect("workspaces:hook", workspace=workspace, pk=pk)


@require_POST
@needs("manage_workspace")
def redeliver(request: WorkspaceRequest, workspace: str, pk: int, delivery: int) -> HttpResponse:
    """Send one message again."""
    found = get_object_or_404(Delivery.objects.select_related("hook"), hook_id=pk, pk=delivery)
    actions.redeliver(found, by=request.member)
    messages.success(request, _("It is sent again."))
    return redirect("workspaces:hook", workspace=workspace, pk=pk)
