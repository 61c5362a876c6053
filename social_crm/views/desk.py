"""How the desk is run: hours and promises, teams and labels, kept views, and who is away."""

from __future__ import annotations

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from networks.models import Account
from social_crm import actions
from social_crm.forms import LabelForm, PromiseForm, RulesForm, TeamForm
from social_crm.models import Agent, DeskRules, Label, Promise, SavedView, Team, Teammate
from social_crm.queries import Choice
from workspaces.access import WorkspaceRequest, needs
from workspaces.models import Member
from workspaces.queries import members_who_may


@require_GET
@needs("manage_desk")
def desk(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """All of it on one page."""
    return _page(request, rules=RulesForm(initial=RulesForm.of(DeskRules.objects.first())))


def _page(request: WorkspaceRequest, *, rules: RulesForm, status: int = 200) -> HttpResponse:
    mates: dict[int, list[int]] = {}
    for team_id, member_id in Teammate.objects.values_list("team_id", "member_id"):
        mates.setdefault(team_id, []).append(member_id)
    agents = {agent.member_id: agent for agent in Agent.objects.all()}
    members = members_who_may("answer_inbox")
    context = {
        "rules": rules,
        "week": [(rules[f"opens_{day}"], rules[f"closes_{day}"]) for day in range(7)],
        "promises": Promise.objects.all(),
        "promise_form": PromiseForm(),
        "team_form": TeamForm(),
        "label_form": LabelForm(),
        "teams": [(team, mates.get(team.pk, [])) for team in Team.objects.all()],
        "labels": Label.objects.all(),
        "members": members,
        "agents": [(member, agents.get(member.pk)) for member in members],
        "networks": sorted(set(Account.objects.all().listed().values_list("network", flat=True))),
    }
    return render(request, "social_crm/desk.html", context, status=status)


@require_POST
@needs("manage_desk")
def rules(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Hours, holidays, approval and rating."""
    form = RulesForm(request.POST)
    if not form.is_valid():
        return _page(request, rules=form, status=422)
    told = form.cleaned_data
    try:
        actions.set_rules(
            always_open=told["always_open"],
            week=form.week(),
            holidays=told["holidays"],
            approved_roles=told["approved_roles"],
            asks_rating=told["asks_rating"],
            by=request.member,
        )
    except ValueError as error:
        form.add_error(None, str(error))
        return _page(request, rules=form, status=422)
    return _back(request, _("Saved."))


@require_POST
@needs("manage_desk")
def promise(request: WorkspaceRequest, workspace: str, pk: int | None = None) -> HttpResponse:
    """Add or change a promise; with `drop`, it is no more."""
    known = get_object_or_404(Promise, pk=pk) if pk is not None else None
    if known is not None and request.POST.get("drop"):
        actions.drop_promise(known, by=request.member)
        return _back(request, _("Dropped."))
    form = PromiseForm(request.POST)
    if not form.is_valid():
        return _wrong(request, form)
    told = form.cleaned_data
    actions.set_promise(known, by=request.member, **told)
    return _back(request, _("Saved."))


@require_POST
@needs("manage_desk")
def team(request: WorkspaceRequest, workspace: str, pk: int | None = None) -> HttpResponse:
    """Add or change a team; with `drop`, it is no more."""
    known = get_object_or_404(Team, pk=pk) if pk is not None else None
    if known is not None and request.POST.get("drop"):
        actions.drop_team(known, by=request.member)
        return _back(request, _("Dropped."))
    form = TeamForm(request.POST)
    if not form.is_valid():
        return _wrong(request, form)
    chosen = [int(pk) for pk in request.POST.getlist("members") if pk.isdigit()]
    actions.set_team(
        known,
        name=form.cleaned_data["name"],
        sharing=form.cleaned_data["sharing"],
        networks=request.POST.getlist("networks"),
        members=list(Member.objects.select_related("user").filter(pk__in=chosen)),
        by=request.member,
    )
    return _back(request, _("Saved."))


@require_POST
@needs("manage_desk")
def label(request: WorkspaceRequest, workspace: str, pk: int | None = None) -> HttpResponse:
    """Add or change a label; with `drop`, it comes off everything."""
    known = get_object_or_404(Label, pk=pk) if pk is not None else None
    if known is not None and request.POST.get("drop"):
        actions.drop_label(known, by=request.member)
        return _back(request, _("Dropped."))
    form = LabelForm(request.POST)
    if not form.is_valid():
        return _wrong(request, form)
    try:
        actions.set_label(known, by=request.member, **form.cleaned_data)
    except ValueError as error:
        form.add_error("name", str(error))
        return _wrong(request, form)
    return _back(request, _("Saved."))


@require_POST
@needs("manage_desk")
def agent(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """How much a colleague can hold, and whether they are there."""
    member = get_object_or_404(Member.objects.select_related("user"), pk=pk)
    capacity = request.POST.get("capacity", "")
    number = min(int(capacity), 1000) if capacity.isdigit() else None
    actions.set_agent(member, capacity=number, away=request.POST.get("away") == "1", by=request.member)
    return _back(request, _("Saved."))


@require_POST
@needs("answer_inbox")
def away(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """I am away, or back."""
    actions.set_agent(request.member, away=request.POST.get("away") == "1", by=request.member)
    return redirect(request.headers.get("Referer") or reverse("social_crm:inbox", args=[workspace]))


@require_POST
@needs("answer_inbox")
def keep_view(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Keep the way the queue is looked at now."""
    choice = Choice.read(request.POST.dict())
    shared = request.POST.get("shared") == "1" and request.member.may("manage_desk")
    try:
        actions.keep_view(request.POST.get("name", ""), choice, shared=shared, by=request.member)
    except ValueError as error:
        messages.error(request, str(error))
    address = reverse("social_crm:inbox", args=[workspace])
    return redirect(f"{address}?{choice}" if str(choice) else address)


@require_POST
@needs("answer_inbox")
def drop_view(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Keep it no more."""
    try:
        actions.drop_view(get_object_or_404(SavedView, pk=pk), by=request.member)
    except ValueError as error:
        messages.error(request, str(error))
    return redirect("social_crm:inbox", workspace=workspace)


def _wrong(request: WorkspaceRequest, form: Form) -> HttpResponse:
    for errors in form.errors.values():
        messages.error(request, " ".join(str(each) for each in errors))
    return redirect("social_crm:desk", workspace=request.workspace.slug)


def _back(request: WorkspaceRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("social_crm:desk", workspace=request.workspace.slug)
