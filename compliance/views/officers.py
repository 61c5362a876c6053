"""How the officers work: who has how much, what the desk promises, and the words authors get."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from compliance import actions, queries
from compliance.forms import TermsForm
from workspaces.access import WorkspaceRequest, needs

LONGEST = 1000


@require_http_methods(["GET", "POST"])
@needs("see")
def officers(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Every officer's load and the desk's terms; a POST sets the terms."""
    may = request.member.may("manage_policies")
    form = TermsForm(request.POST or None, instance=queries.terms())
    if request.method == "POST" and may and form.is_valid():
        actions.set_terms(form.save(commit=False), by=request.member)
        messages.success(request, _("Saved. Cases opened from now on go by it."))
        return redirect("compliance:officers", workspace=workspace)
    now = timezone.now()
    page = {"loads": queries.workload(now), "today": queries.today(now), "form": form if may else None}
    return render(request, "compliance/officers.html", page, status=422 if form.errors and may else 200)


@require_http_methods(["GET", "POST"])
@needs("see")
def texts(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What authors are told, reason by reason, in one language; a POST words one reason anew."""
    known = dict(settings.LANGUAGES)
    asked = request.POST.get("language") or request.GET.get("language") or str(translation.get_language())
    language = asked if asked in known else str(settings.LANGUAGE_CODE)
    may = request.member.may("manage_policies")
    said = queries.texts_of(language)
    reason = request.POST.get("reason", "")
    if request.method == "POST" and may and reason in said:
        text = request.POST.get("text", "")[:LONGEST]
        actions.word_reason(reason=reason, language=language, text=text, by=request.member)
        messages.success(request, _("Authors are told so from now on."))
        return redirect(f"{request.path}?language={language}")
    page = {
        "language": language,
        "languages": settings.LANGUAGES,
        "rows": [(reason, queries.title_of(reason), text) for reason, text in said.items()],
        "may_word": may,
    }
    return render(request, "compliance/texts.html", page)
