"""Designing share buttons: the sets there are, the designer with its live likeness, and earlier versions."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smo.actions.buttons import NameTaken, bring_back, put_away, save_buttons
from smo.context.buttons import EXAMPLE, made
from smo.forms.buttons import DesignForm, NamedDesignForm, initial, offered
from smo.models import ButtonSet, ButtonVersion
from smo.protocol import NotTracked
from smo.queries.buttons import came_through
from smo.rules.buttons import BLOCKS, WAYS, Design, Snippet
from workspaces.access import WorkspaceRequest, needs


@dataclass(frozen=True, slots=True)
class Code:
    """One way to put the buttons on a page."""

    way: str
    title: str
    about: str
    text: str
    policy: str


def codes(snippet: Snippet) -> list[Code]:
    """The code for every way, with how to use it."""
    editor = {"editor": BLOCKS["name"]}
    words = {
        "html": (
            _("HTML"),
            _(
                "Paste it where the buttons should stand. It loads nothing from anywhere and runs no script. Under a "
                "strict Content-Security-Policy put what stands in <style> into your own stylesheet, or allow:"
            ),
        ),
        "block": (
            _("%(editor)s block") % editor,
            _(
                "In the editor add a “Custom HTML” block, or paste it into the code editor. %(editor)s keeps <style> "
                "and <svg> only from people who may write unfiltered HTML. Under a strict policy allow:"
            )
            % editor,
        ),
        "component": (
            _("Web component"),
            _(
                "The same links, better with a script of 2 KB from this house: the phone's own share sheet, copying "
                "the link, and asking for one's server. Its styles need no style-src at all. Allow:"
            ),
        ),
    }
    return [Code(way, *words[way], snippet.pasted[way], snippet.policy[way]) for way in WAYS]


@require_GET
@needs("see")
def buttons(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The sets in use."""
    newest = ButtonVersion.objects.filter(button_set=OuterRef("pk"), number=OuterRef("number"))
    found = ButtonSet.objects.filter(away_at__isnull=True).annotate(kept=Subquery(newest.values("kept")[:1]))
    rows = [(each, Design.from_json(each.kept)) for each in found[:100]]
    context = {"rows": rows, "may": request.member.may("manage_window")}
    return render(request, "smo/buttons.html", context)


@require_http_methods(["GET", "POST"])
@needs("manage_window")
def new_buttons(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The designer, empty."""
    start = Design(language=get_language() or "en")
    return _desk(request, start, "", None)


@require_http_methods(["GET", "POST"])
@needs("see")
def button_set(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """The designer with a saved set, and its versions; who may only look gets the code."""
    found = get_object_or_404(ButtonSet, pk=pk)
    version = get_object_or_404(ButtonVersion, button_set=found, number=found.number)
    return _desk(request, version.design, found.name, found, version.links)


def _desk(
    request: WorkspaceRequest, start: Design, name: str, found: ButtonSet | None, links: dict[str, str] | None = None
) -> HttpResponse:
    may = request.member.may("manage_window")
    form = NamedDesignForm(request.POST if request.method == "POST" and may else None, initial=initial(start, name))
    if form.is_bound and form.is_valid():
        try:
            kept = save_buttons(form.design, name=form.cleaned_data["name"], by=request.member, into=found)
        except NameTaken:
            form.add_error("name", _("Another set has this name."))
        except NotTracked:
            form.add_error("address", _("Visits to this address cannot be counted: it is not on the public web."))
        else:
            messages.success(request, _("Saved. Paste the code where the buttons should stand."))
            return redirect("smo:button_set", workspace=request.workspace.slug, pk=kept.pk)
    shown = form.design if form.is_bound and form.is_valid() else start
    snippet = made(shown, links)
    versions = ButtonVersion.objects.filter(button_set=found)[:30] if found else []
    context = {
        "form": form,
        "found": found,
        "versions": versions,
        "came": came_through(found) if found else [],
        "offered": offered(tuple(form.data.getlist("places")) if form.is_bound else start.places),  # type: ignore[attr-defined]  # a QueryDict
        "made": snippet,
        "codes": codes(snippet),
        "may": may,
    }
    return render(request, "smo/button_set.html", context, status=422 if form.errors else 200)


@require_POST
@needs("manage_window")
def try_buttons(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The likeness and the code for what is set just now; what is wrong with it, where it cannot be made."""
    sent = request.POST.copy()
    if not sent.get("address"):  # not yet typed: an example stands in
        sent["address"] = EXAMPLE
    form = DesignForm(sent)
    if not form.is_valid():
        wrong = [str(error) for errors in form.errors.values() for error in errors]
        return render(request, "smo/_buttons_wrong.html", {"wrong": wrong})
    snippet = made(form.design)
    return render(request, "smo/_buttons_made.html", {"made": snippet, "codes": codes(snippet)})


@require_POST
@needs("manage_window")
def back(request: WorkspaceRequest, workspace: str, pk: int, number: int) -> HttpResponse:
    """Use an earlier version again."""
    versions = ButtonVersion.objects.select_related("button_set")
    version = get_object_or_404(versions, button_set_id=pk, number=number)
    bring_back(version, by=request.member)
    messages.success(request, _("Version %(number)d is in use again, as a new version.") % {"number": number})
    return redirect("smo:button_set", workspace=workspace, pk=pk)


@require_POST
@needs("manage_window")
def away(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Take a set off the list."""
    put_away(get_object_or_404(ButtonSet, pk=pk), by=request.member)
    messages.success(request, _("Put away. Buttons that are on pages go on working."))
    return redirect("smo:buttons", workspace=workspace)
