"""One post that a person puts up by hand: the page on their phone, inside the house and behind their own link."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import UTC
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from publishing import actions
from publishing.actions.doors import Door, door_of
from publishing.context.by_hand import Sheet, mine_first, name_of, sheet
from publishing.forms import DoneForm, NotForm
from publishing.models import Handover, Publication
from publishing.protocol import NotPossible, Overtaken
from publishing.tasks import see_by_hand
from workspaces.access import WorkspaceRequest, needs
from workspaces.models import Member
from workspaces.tenancy import entered

State = Publication.State


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks at which post, and by which address: the house's own, or the person's link."""

    member: Member
    publication: Publication
    base: str
    inside: bool


# --- inside the house -----------------------------------------------------------------------------


@require_GET
@needs("see")
def by_hand_list(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What is with a person, or will be within a day."""
    found = list(mine_first(request.member)[:200])
    for one in found:
        one.workspace = request.workspace
    context = {"publications": found, "may_post": request.member.may("post_by_hand"), "member": request.member}
    page = "publishing/_by_hand_list.html" if request.headers.get("HX-Request") else "publishing/by_hand_list.html"
    return render(request, page, context)


@never_cache
@require_http_methods(["GET", "POST"])
@needs("post_by_hand")
def by_hand(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """The page for a member who is signed in."""
    base = reverse("publishing:by_hand", args=[workspace, pk])
    return _answer(request, Visit(request.member, _found(pk), base, inside=True))


@never_cache
@require_GET
@needs("post_by_hand")
def piece(request: WorkspaceRequest, workspace: str, pk: int, number: int) -> FileResponse:
    """One picture or video (0: all of them in one file), for whoever took the post."""
    return _bytes(sheet(_found(pk), request.member), number, look="look" in request.GET)


# --- behind a person's own link -------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
def door(request: HttpRequest, token: str) -> HttpResponse:
    """The same page without signing in, in the language of whom the link was made for, by the workspace's clock."""
    opened = _opened(token)
    with entered(opened.workspace_id):
        visit = _visit(opened, token)
        if visit is None:
            return render(request, "publishing/door_over.html", status=410)
        with _as_they_read(visit):
            response = _answer(request, visit)
        response["Referrer-Policy"] = "same-origin"  # the link is told to no other site; our own forms need it
        return response


@never_cache
@require_GET
def door_piece(request: HttpRequest, token: str, number: int) -> FileResponse:
    """One picture or video, by the same link."""
    opened = _opened(token)
    with entered(opened.workspace_id):
        visit = _visit(opened, token)
        if visit is None:
            raise Http404("This link is over")
        return _bytes(sheet(visit.publication, visit.member), number, look="look" in request.GET)


def _opened(token: str) -> Door:
    try:
        return door_of(token)
    except (signing.BadSignature, KeyError, ValueError):
        raise Http404("No such link") from None


def _visit(opened: Door, token: str) -> Visit | None:
    """Who comes by the link; None when it is over: another round, or no longer their right."""
    member = Member.objects.select_related("user", "workspace").filter(pk=opened.member_id).first()
    if member is None or not member.user.is_active or not member.may("post_by_hand"):
        return None
    publication = _all().filter(pk=opened.publication_id).first()
    if publication is None:
        return None
    there = Handover.objects.filter(publication=publication).values_list("round", flat=True).first() or 0
    coming = there + (publication.state == State.SCHEDULED)
    if opened.round not in (there, coming):
        return None
    return Visit(member, publication, reverse("publishing:door", args=[token]), inside=False)


def _as_they_read(visit: Visit) -> translation.override:
    return translation.override(visit.member.user.language or translation.get_language())


# --- both -----------------------------------------------------------------------------------------


def _all() -> QuerySet[Publication]:
    return Publication.objects.filter(by_hand=True).select_related("account", "workspace", "endorser", "verdict")


def _found(pk: int) -> Publication:
    found: Publication = get_object_or_404(_all(), pk=pk)
    return found


def _answer(request: HttpRequest, visit: Visit) -> HttpResponse:
    with timezone.override(ZoneInfo(visit.publication.workspace.zone)):
        if request.method == "POST":
            return _act(request, visit)
        shown = sheet(visit.publication, visit.member)
        if request.headers.get("HX-Request"):  # an open page asks whether it is still right
            same = request.GET.get("stamp") == shown.stamp
            return HttpResponse(status=204) if same else HttpResponse(status=200, headers={"HX-Refresh": "true"})
        return _page(request, visit, shown)


def _page(request: HttpRequest, visit: Visit, shown: Sheet, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = {
        "sheet": shown,
        "publication": shown.publication,
        "handover": shown.handover,
        "base": visit.base,
        "inside": visit.inside,
        "problem": problem,
        "given": request.POST,
        "member": visit.member,
    }
    return render(request, "publishing/by_hand.html", context, status=status)


def _act(request: HttpRequest, visit: Visit) -> HttpResponse:
    """One step. What is not possible is said on the page, which shows how it is now."""
    try:
        with transaction.atomic():
            problem = _step(request, visit)
    except NotPossible as refusal:
        problem = str(refusal)
    except Overtaken:
        problem = _("Somebody else was quicker. Look again.")
    if not problem:
        return redirect(visit.base)
    fresh = sheet(_found(visit.publication.pk), visit.member)
    return _page(request, visit, fresh, problem=problem, status=409)


def _step(request: HttpRequest, visit: Visit) -> str:
    """Does what was asked; what is wrong with it, or ""."""
    verb, by, publication = request.POST.get("act", ""), visit.member, visit.publication
    if verb == "done":
        return _done(request, visit)
    if verb == "not":
        return _not(request, visit)
    simple = {"take": actions.take, "over": actions.take_over, "back": actions.put_back, "undo": actions.undo}
    if verb not in simple:
        raise PermissionDenied(_("There is no such step."))
    after = simple[verb](publication, by=by)
    if verb == "take" and after.state != State.PUBLISHING:
        return _("It may not go out just now.")
    return ""


def _done(request: HttpRequest, visit: Visit) -> str:
    form = DoneForm(request.POST, request.FILES)
    if not form.is_valid():
        return str(next(iter(form.errors.values()))[0])
    publication, by, picture = visit.publication, visit.member, form.cleaned_data["picture"]
    after = actions.say_done(publication, url=form.cleaned_data["url"], by=by)
    if picture is not None and after.state == State.PUBLISHING:
        data = picture.read()
        digest = hashlib.sha256(data).hexdigest()
        key = default_storage.save(f"by-hand/{publication.workspace_id}/{digest}", ContentFile(data))
        actions.keep_picture(publication, key=key, sha256=digest, by=by)
    see_by_hand.delay_on_commit(  # type: ignore[attr-defined]  # celery.contrib.django.task, unknown to its stubs
        publication.pk, publication.workspace_id
    )
    return ""


def _not(request: HttpRequest, visit: Visit) -> str:
    form = NotForm(request.POST)
    if not form.is_valid():
        return str(next(iter(form.errors.values()))[0])
    given = form.cleaned_data
    at = given["at"].astimezone(UTC) if given["at"] else None
    if given["then"] == "later" and at is not None and at <= timezone.now():
        return _("That time is past. Choose a later one.")
    said = {"why": given["why"], "then": given["then"], "words": given["words"], "at": at}
    actions.say_not(visit.publication, by=visit.member, **said)
    messages.success(request, _("Thank you. That is on record."))
    return ""


def _bytes(shown: Sheet, number: int, *, look: bool) -> FileResponse:
    """Only what the page itself shows just now: to whoever took it, and while nothing stands in the way."""
    chosen = [piece for piece in shown.pieces if number in (0, piece.number)]
    if not chosen:
        raise Http404("Nothing to download")
    if number:
        [one] = chosen
        kind = one.media.mime if look else "application/octet-stream"
        response = FileResponse(default_storage.open(one.media.key, "rb"), content_type=kind)
        return _kept_apart(response, "" if look else one.name)
    packed = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as box:
        box.writestr("words.txt", shown.words)
        for one in chosen:
            with default_storage.open(one.media.key, "rb") as source, box.open(one.name, "w") as target:
                while chunk := source.read(256 * 1024):
                    target.write(chunk)
            if one.media.alt:
                box.writestr(f"{name_of(one.number, one.media)}.txt", one.media.alt)
    packed.seek(0)
    response = FileResponse(packed, content_type="application/zip")
    return _kept_apart(response, f"post-{shown.publication.pk}.zip")


def _kept_apart(response: FileResponse, name: str) -> FileResponse:
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    if name:
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
