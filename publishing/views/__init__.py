"""What waits for a person, one action each; one publication's page; and the brake."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from networks import registry
from publishing import actions
from publishing.forms import SettleForm
from publishing.models import Discrepancy, Publication
from publishing.protocol import NotPossible, Overtaken, Stopped
from publishing.queries import audited, can_delete, can_edit, discrepancies, reasons_of, said, shown_of
from workspaces.access import WorkspaceRequest, needs
from workspaces.models import Member
from workspaces.tenancy import entered, enters_by_itself

SHOWN = 100


@require_GET
@needs("see")
def attention(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Everything that goes no further until somebody decides, the most pressing first."""
    waiting = list(Publication.objects.all().for_a_person().for_display()[:SHOWN])
    context = {
        "publications": waiting,
        "may_settle": request.member.may("settle_publications"),
        "may_pause": request.member.may("pause_publishing"),
    }
    page = "publishing/_attention.html" if request.headers.get("HX-Request") else "publishing/attention.html"
    return render(request, page, context)


@require_GET
@needs("see")
def publication(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """One publication: its words, its history, and what can be done with it."""
    found = get_object_or_404(Publication.objects.all().for_display(), pk=pk)
    context = {
        "publication": found,
        "shown": shown_of(found),
        "may_settle": request.member.may("settle_publications"),
        "may_change": request.member.may("schedule") and (can_edit(found) or can_delete(found)),
    }
    page = "publishing/_publication.html" if request.headers.get("HX-Request") else "publishing/publication.html"
    return render(request, page, context)


@require_POST
@needs("settle_publications")
def settle(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """A person's word on whether it is live."""
    found = get_object_or_404(Publication, pk=pk)
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("publishing:publication", workspace=workspace, pk=pk)
    word, url = form.cleaned_data["word"], form.cleaned_data["url"]
    try:
        with transaction.atomic():
            actions.settle_by_hand(found, word, by=request.member, url=url)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    except Overtaken:
        messages.error(request, _("Somebody else was quicker. Look again."))
    except IntegrityError:
        messages.error(request, _("Another post here already has that address."))
    else:
        messages.success(request, _("Thank you. That is settled."))
        return redirect("publishing:attention", workspace=workspace)
    return redirect("publishing:publication", workspace=workspace, pk=pk)


def _verb(do: Callable[..., Publication], done: Promise, permission: str) -> Callable[..., HttpResponse]:
    """A view that does one thing to one publication, says how it went, and shows what still waits."""

    @require_POST
    @needs(permission)
    def act(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
        found = get_object_or_404(Publication, pk=pk)
        try:
            do(found, by=request.member)
        except (NotPossible, Overtaken):
            messages.error(request, _("It has moved on meanwhile. Look again."))
        else:
            still_held = found.state == Publication.State.HELD
            say = messages.error if still_held else messages.success
            say(request, said(found.reason) if still_held else str(done))
        return redirect("publishing:publication", workspace=workspace, pk=pk)

    return act


@require_GET
@needs("schedule")
def change_live(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """The form for other words, or for taking it away: asked before anything is done."""
    found = get_object_or_404(Publication.objects.select_related("account"), pk=pk, state=Publication.State.PUBLISHED)
    context = {
        "publication": found,
        "shown": shown_of(found),
        "can_edit": can_edit(found),
        "can_delete": can_delete(found),
        "has_title": bool(registry.get(found.account.network).limits.title),
    }
    return render(request, "publishing/change_live.html", context)


@enters_by_itself
@require_POST
@needs("schedule")
def edit_live(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Other words on the network, through the gate."""
    found = _live(request, pk)
    text, title = request.POST.get("text", "").replace("\r\n", "\n"), request.POST.get("title")
    try:
        correction = actions.edit_live(found, text=text, title=title, by=request.member)
    except Stopped as stopped:
        with entered(request.workspace.pk):
            for reason in reasons_of(stopped):
                messages.error(request, reason)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    else:
        if correction.state == correction.State.DONE:
            messages.success(request, _("It is changed on the network."))
        else:
            messages.error(request, said(correction.reason))
    return redirect("publishing:publication", workspace=workspace, pk=pk)


@enters_by_itself
@require_POST
@needs("schedule")
def delete_live(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Take it away on the network."""
    try:
        actions.delete_live(_live(request, pk), by=request.member)
    except NotPossible as refusal:
        messages.error(request, said(str(refusal)))
    else:
        messages.success(request, _("It is deleted on the network. Its record stays here."))
    return redirect("publishing:publication", workspace=workspace, pk=pk)


def _live(request: WorkspaceRequest, pk: int) -> Publication:
    with entered(request.workspace.pk, user_id=request.user.pk):
        return get_object_or_404(Publication.objects.select_related("account", "endorser"), pk=pk)


release = _verb(actions.release, gettext_lazy("It goes out now or at its time."), "settle_publications")
publish_now = _verb(actions.publish_now, gettext_lazy("It goes out now."), "schedule")
cancel = _verb(actions.cancel, gettext_lazy("It is called back."), "settle_publications")


def _hold(found: Publication, *, by: Member) -> Publication:
    return actions.hold(found, reason="", by=by)


hold = _verb(_hold, gettext_lazy("It waits until you release it."), "schedule")


@require_POST
@needs("pause_publishing")
def pause(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """The brake: nothing leaves this workspace."""
    actions.pause_workspace(request.workspace, by=request.member)
    messages.success(request, _("Nothing is published until you resume."))
    return redirect("publishing:attention", workspace=workspace)


@require_POST
@needs("pause_publishing")
def resume(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Off the brake; what became too late meanwhile asks first."""
    actions.resume_workspace(request.workspace, by=request.member)
    messages.success(request, _("Publishing goes on. What became too late asks you first."))
    return redirect("publishing:attention", workspace=workspace)


# --- what the networks show -----------------------------------------------------------------------


@require_GET
@needs("see")
def audit(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What each account really shows against our books, and one thing to do with each difference."""
    context = {
        "accounts": audited(),
        "found": discrepancies()[:SHOWN],
        "may_settle": request.member.may("settle_publications"),
    }
    page = "publishing/_audit.html" if request.headers.get("HX-Request") else "publishing/audit.html"
    return render(request, page, context)


@require_POST
@needs("settle_publications")
def audit_now(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Look at every account within the next minute."""
    actions.look_soon(by=request.member)
    messages.success(request, _("Every account is looked at within a minute or two."))
    return redirect("publishing:audit", workspace=workspace)


@enters_by_itself
@require_POST
@needs("settle_publications")
def settle_audit(request: WorkspaceRequest, workspace: str, pk: int, verb: str) -> HttpResponse:
    """A person's word on one difference."""
    do, done = AUDIT_VERBS.get(verb, (None, None))
    if do is None:
        raise Http404(verb)
    with entered(request.workspace.pk, user_id=request.user.pk):
        found = get_object_or_404(Discrepancy.objects.select_related("account", "publication__account"), pk=pk)
    try:
        do(found, by=request.member)
    except NotPossible as refusal:
        messages.error(request, said(str(refusal)))
    except Overtaken:
        messages.error(request, _("It has moved on meanwhile. Look again."))
    else:
        messages.success(request, str(done))
    return redirect("publishing:audit", workspace=workspace)


AUDIT_VERBS: dict[str, tuple[Callable[..., Discrepancy], Promise]] = {
    "gone": (actions.accept_gone, gettext_lazy("It is on record as deleted on the network.")),
    "delete-copy": (actions.delete_copy, gettext_lazy("The second copy is deleted on the network.")),
    "dismiss": (actions.dismiss, gettext_lazy("It stays as it is.")),
}
