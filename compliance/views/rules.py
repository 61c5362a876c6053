"""The rules as people read them: what each says, where it is written, how sure that is, and how it is used here."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from compliance import actions, registry
from compliance.context import in_place
from compliance.forms import PolicyForm, initial_of
from compliance.models import Policy
from compliance.protocol import Law, Rule, Sureness
from compliance.queries import dry_runs, folds_known, history, parameters_in_force, places_of
from compliance.rules import below_fold
from compliance.rules.reading.places import lines_about
from workspaces.access import WorkspaceRequest, needs


@require_GET
@needs("see")
def rules(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Every rule, and whether it is in use here today."""
    used = parameters_in_force(request.workspace.day(timezone.now()), places_of(request.workspace, None))
    rows = [(rule, sentence(rule), used.get(rule.code, {}).get("on", True), _sure(rule)) for rule in registry.every()]
    return render(request, "compliance/rules.html", {"rows": rows, "version": registry.rules_version()})


@require_http_methods(["GET", "POST"])
@needs("see")
def rule(request: WorkspaceRequest, workspace: str, code: str) -> HttpResponse:
    """One rule; a POST sets how it is used from a day on, or tries that on the last posts first."""
    found, today = _found(code), request.workspace.day(timezone.now())
    may = request.member.may("manage_policies")
    replaces = _replaced(request, code)
    initial = {"on": "on", **(initial_of(replaces) if replaces else {}), "starts_on": today}
    form = PolicyForm(request.POST or None, initial=initial, rule=found)
    if request.method == "POST" and may and form.is_valid():
        return _set_or_try(request, form.policy(replaces if code in registry.OF_WORDINGS else None))
    context = {
        "rule": found,
        "sentence": sentence(found),
        "policies": in_place(list(history(code)), today),
        "runs": dry_runs(code)[:5],
        "of_wordings": code in registry.OF_WORDINGS,
        "replaces": replaces,
        "form": form if may else None,
        "laws": laws_of(found),
        "unconfirmed": not _sure(found),
        "folds": folds_known() if code == below_fold.code else (),
    }
    return render(request, "compliance/rule.html", context, status=422 if form.errors and may else 200)


def _set_or_try(request: WorkspaceRequest, policy: Policy) -> HttpResponse:
    here = request.workspace.slug
    if request.POST.get("verb") == "try":
        run = actions.try_policy(policy, by=request.member)
        return redirect("compliance:dry_run", workspace=here, pk=run.pk)
    actions.set_policy(policy, by=request.member)
    messages.success(request, _("Set. Posts are judged by it from its first day on."))
    return redirect("compliance:rule", workspace=here, code=policy.rule)


def _replaced(request: WorkspaceRequest, code: str) -> Policy | None:
    """The policy that is set anew, from the address or the form."""
    asked = request.POST.get("from") or request.GET.get("from") or ""
    return Policy.objects.filter(rule=code, pk=asked).first() if asked.isdigit() else None


def sentence(found: Rule) -> str:
    """The rule's own sentence, in the reader's language."""
    return _(" ".join((found.__doc__ or "").split()))


def laws_of(found: Rule) -> list[Law]:
    """Where the rule is written: its own lines, then what each place's pack adds."""
    return [*found.law, *lines_about(found.code)]


def _sure(found: Rule) -> bool:
    return all(law.sureness is not Sureness.UNCONFIRMED for law in laws_of(found))


def _found(code: str) -> Rule:
    try:
        return registry.get(code)
    except KeyError:
        raise Http404(code) from None
