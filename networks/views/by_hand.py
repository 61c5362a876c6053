"""Channels that people post to by hand, who is in charge of them, and networks of the workspace's own."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from networks import actions, registry
from networks.forms import ByHandForm, ChargeForm, OwnNetworkForm
from networks.models import Account, Duty, OwnNetwork
from networks.protocol import HandsOver, NotOurs
from workspaces.access import WorkspaceRequest, needs


@require_http_methods(["GET", "POST"])
@needs("connect_accounts")
def add(request: WorkspaceRequest, workspace: str, network: str) -> HttpResponse:
    """A new channel of a network that lets no app post, with somebody in charge."""
    there = registry.get(network) if registry.known(network) else None
    if not isinstance(there, HandsOver):
        raise Http404(network)
    form = ByHandForm(request.POST or None, initial={"keeper": request.member.pk})
    problem = ""
    if request.method == "POST" and form.is_valid():
        name, handle = form.cleaned_data["name"], form.cleaned_data["handle"]
        try:
            account = actions.add_by_hand(network, name=name, handle=handle, charge=form.charge, by=request.member)
        except NotOurs as refusal:
            problem = str(refusal)
        else:
            messages.success(
                request, _("%(name)s is there. Posts for it come to whoever is in charge.") % {"name": account.name}
            )
            return redirect("networks:accounts", workspace=workspace)
    context = {"form": form, "network": there, "problem": problem}
    return render(request, "networks/by_hand.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
@needs("connect_accounts")
def duty(request: WorkspaceRequest, workspace: str, account: int) -> HttpResponse:
    """Who is in charge of one channel, and when."""
    found = get_object_or_404(Account, pk=account, by_hand=True)
    there = Duty.objects.filter(account=found).first()
    form = ChargeForm(request.POST or None, initial=ChargeForm.of(there))
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.put_in_charge(found, form.charge, by=request.member)
        except NotOurs as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("Who is in charge of %(name)s is on record.") % {"name": found.name})
            return redirect("networks:accounts", workspace=workspace)
    context = {"form": form, "account": found, "network": registry.get(found.network), "problem": problem}
    return render(request, "networks/by_hand.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
@needs("connect_accounts")
def own(request: WorkspaceRequest, workspace: str, pk: int = 0) -> HttpResponse:
    """The form for a new network of one's own, or for other facts of one that is there."""
    found = get_object_or_404(OwnNetwork, pk=pk) if pk else None
    form = OwnNetworkForm(request.POST or None, request.FILES or None, instance=found)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.describe(form.facts, by=request.member, network=found)
        except NotOurs as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("%(name)s is kept. Add a channel to post there.") % {"name": made.name})
            return redirect("networks:accounts", workspace=workspace)
    context = {"form": form, "found": found, "problem": problem}
    return render(request, "networks/own.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@needs("connect_accounts")
def own_act(request: WorkspaceRequest, workspace: str, pk: int, verb: str) -> HttpResponse:
    """Retire a network of one's own, or bring it back."""
    do = {"retire": actions.retire, "back": actions.bring_back}.get(verb)
    if do is None:
        raise Http404(verb)
    try:
        do(get_object_or_404(OwnNetwork, pk=pk), by=request.member)
    except NotOurs as refusal:
        messages.error(request, str(refusal))
    return redirect("networks:accounts", workspace=workspace)
