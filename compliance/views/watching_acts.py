"""What is done about an endorser's post: paste it, ask for a fix, settle it, look again; and where we look."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from compliance.actions import asking
from compliance.actions.sources import pause_source, watch, watch_feed
from compliance.actions.watching import Seen, see
from compliance.forms.watching import AskForm, LinkForm, SettleForm, SourceForm, TypedForm, health_words
from compliance.models import Ask, Endorser, SeenVersion, Sighting, Source
from compliance.pipeline.watching import CannotLook, look_again, read_link, spotted_at, whose
from compliance.queries.asking import Message
from compliance.queries.watching import sources
from compliance.tasks import look, mail_ask
from networks import registry
from networks.fetch import canonical
from networks.protocol import Spotted, Watches
from networks.queries import said
from workspaces.access import WorkspaceRequest, needs
from workspaces.tenancy import entered, enters_by_itself

EMPTY = "type"


@require_http_methods(["GET", "POST"])
@needs("watch_endorsers")
@enters_by_itself
def paste(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Take in a post by its address; where the site keeps its words to itself, by the words typed in."""
    typed = request.GET.get("by") == EMPTY or "text" in request.POST
    with _inside(request):
        form = (TypedForm if typed else LinkForm)(request.POST or None, initial=_known(request))
        valid = request.method == "POST" and form.is_valid()
    if valid:
        try:
            seen = (
                _typed(form, request)
                if typed
                else read_link(form.cleaned_data["url"], workspace_id=request.workspace.pk)
            )
        except CannotLook as error:
            return _paste_page(request, form, said(str(error)), typed=typed)
        if not seen.text and not seen.title:
            return _paste_page(request, form, _("The page keeps its words to itself. Type them in."), typed=typed)
        with _inside(request):
            endorser = form.cleaned_data["endorser"] or whose(seen)
            if endorser is not None:
                one = see(seen, endorser=endorser, by=request.member)
                messages.success(request, _("Taken in and judged."))
                return redirect("compliance:sighting", workspace=workspace, pk=one.pk)
        form.add_error("endorser", _("Nobody on record has this handle. Choose whose post it is."))
    return _paste_page(request, form, "", typed=typed)


def _paste_page(request: WorkspaceRequest, form: LinkForm, trouble: str, *, typed: bool) -> HttpResponse:
    failed = bool(form.errors or trouble)
    with _inside(request):
        context = {"form": form, "trouble": trouble, "typed": typed, "url": form.data.get("url", "")}
        return render(request, "compliance/watch_paste.html", context, status=422 if failed else 200)


def _known(request: WorkspaceRequest) -> dict[str, str]:
    return {"url": request.GET.get("url", "")[:1000], "endorser": request.GET.get("endorser", "")[:20]}


def _typed(form: LinkForm, request: WorkspaceRequest) -> Seen:
    given = form.cleaned_data
    spotted = spotted_at(given["url"])
    slug, post = spotted if spotted else ("", Spotted(canonical(given["url"])))
    noon = datetime.combine(given["posted_on"], time(12), ZoneInfo(request.workspace.zone)).astimezone(UTC)
    return Seen(
        network=slug,
        key=post.key,
        remote_id=post.remote_id,
        url=given["url"],
        handle=post.handle,
        title=given["title"],
        text=given["text"],
        posted_at=min(noon, timezone.now()),
        way=SeenVersion.Way.HAND,
        evidence={"typed_by": str(request.member.user)},
    )


@require_POST
@needs("watch_endorsers")
def ask(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Ask the endorser to mend the post: by mail at once, or kept as what was sent by other means."""
    one = get_object_or_404(Sighting.objects.select_related("verdict"), pk=pk)
    form = AskForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("compliance:sighting", workspace=workspace, pk=pk)
    given = form.cleaned_data
    codes = tuple(dict.fromkeys(str(row["code"]) for row in (one.verdict.findings if one.verdict else [])))
    message = Message(given["language"], given["subject"], given["body"], codes)
    try:
        made = asking.ask(one, message, way=given["way"], to=given["to"], by=request.member, reminder=one.asks > 0)
    except asking.CannotAsk as refusal:
        messages.error(request, str(refusal))
        return redirect("compliance:sighting", workspace=workspace, pk=pk)
    if made.mail == Ask.Mail.DUE:
        mail_ask.delay_on_commit(made.workspace_id, made.pk)  # type: ignore[attr-defined]  # unknown to Celery's stubs
    messages.success(request, _("Asked. We look again by ourselves."))
    return redirect("compliance:sighting", workspace=workspace, pk=pk)


@require_POST
@needs("decide_cases")
def settle(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """How it ended, by an officer's word."""
    one = get_object_or_404(Sighting, pk=pk)
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("compliance:sighting", workspace=workspace, pk=pk)
    try:
        asking.settle(one, **form.cleaned_data, by=request.member)
    except asking.CannotAsk as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Settled, with your reason."))
    return redirect("compliance:sighting", workspace=workspace, pk=pk)


@require_POST
@needs("watch_endorsers")
@enters_by_itself
def again(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Look at the post now."""
    with _inside(request):
        one = get_object_or_404(Sighting.objects.select_related("endorser"), pk=pk)
    before = one.seen_at
    now = look_again(one)
    with _inside(request):
        if now.gone_at and not one.gone_at:
            messages.success(request, _("It is not there any more."))
        elif now.seen_at > before:
            messages.success(request, _("Looked at again."))
        else:
            messages.error(request, _("It could not be looked at just now. We try again by ourselves."))
        return redirect("compliance:sighting", workspace=workspace, pk=pk)


@require_http_methods(["GET", "POST"])
@needs("see")
def source_list(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Everywhere we look, and how well that goes; a POST adds a feed, or the handles of an endorser."""
    may = request.member.may("watch_endorsers")
    form = SourceForm(request.POST or None, initial={"endorser": request.GET.get("endorser", "")[:20]})
    if request.method == "POST" and may and form.is_valid():
        _add(request, form.cleaned_data["endorser"], form.cleaned_data["address"])
        return redirect("compliance:sources", workspace=workspace)
    rows = [(row, health_words(row), said(row.trouble)) for row in sources()[:500]]
    context = {
        "rows": rows,
        "blind": _blind(),
        "form": form if may else None,
        "may_watch": may,
    }
    return render(request, "compliance/watch_sources.html", context, status=422 if may and form.errors else 200)


def _add(request: WorkspaceRequest, endorser: Endorser, address: str) -> None:
    made = [watch_feed(endorser, address, by=request.member)] if address else watch(endorser, by=request.member)
    for source in made:
        look.delay_on_commit(source.workspace_id, source.pk)  # type: ignore[attr-defined]  # as above
    if made:
        messages.success(request, _("Watched from now on. The first look is under way."))
    else:
        messages.error(request, _("None of these handles can be watched through its network, or all are already."))


def _blind() -> list[tuple[Endorser, str, str]]:
    """Handles that their network shows to no app: (whose, network's name, handle)."""
    unseen = {network.slug: network.name for network in registry.every() if not isinstance(network, Watches)}
    people = Endorser.objects.filter(handles__has_any_keys=list(unseen)).order_by("name")[:100]
    return [(one, unseen[slug], handle) for one in people for slug, handle in one.handles.items() if slug in unseen]


@require_POST
@needs("watch_endorsers")
def pause(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Stop looking there, or look again."""
    source = get_object_or_404(Source, pk=pk)
    source = pause_source(source, paused=request.POST.get("paused") == "1", by=request.member)
    if source.due_at:
        look.delay_on_commit(source.workspace_id, source.pk)  # type: ignore[attr-defined]  # as above
    return redirect("compliance:sources", workspace=workspace)


def _inside(request: WorkspaceRequest) -> AbstractContextManager[None]:
    return entered(request.workspace.pk, user_id=request.user.pk)
