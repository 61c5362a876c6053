"""Letters to endorsers: sent, reminded of and withdrawn by members; read and signed by whoever has the link."""

from __future__ import annotations

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from compliance.actions import letters
from compliance.forms import LetterForm
from compliance.models import Endorser, Letter
from compliance.queries.briefing import words_in
from workspaces.access import WorkspaceRequest, needs
from workspaces.tenancy import entered


@require_POST
@needs("record_connections")
def send(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Send a brief or a request for an attestation to one endorser."""
    person = get_object_or_404(Endorser, pk=pk)
    form = LetterForm(request.POST)
    if form.is_valid():
        letters.send_letter(
            person,
            kind=Letter.Kind(form.cleaned_data["kind"]),
            brand=form.cleaned_data["brand"],
            language=form.cleaned_data["language"],
            statements=form.cleaned_data["statements"],
            note=form.cleaned_data["note"],
            workspace=request.workspace,
            by=request.member,
        )
        told = _("Sent to %(email)s.") % {"email": person.email} if person.email else _("Ready. Copy its link.")
        messages.success(request, told)
    else:
        messages.error(request, str(next(iter(form.errors.values()))[0]))
    return redirect("compliance:endorser", workspace=workspace, pk=pk)


@require_POST
@needs("record_connections")
def change(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Remind of a letter, or withdraw it."""
    letter = get_object_or_404(Letter.objects.select_related("endorser"), pk=pk)
    if request.POST.get("act") == "withdraw":
        letters.withdraw_letter(letter, by=request.member)
        messages.success(request, _("Its link leads nowhere any more."))
    else:
        letters.remind(letter, workspace=request.workspace, by=request.member)
        messages.success(request, _("Reminded."))
    return redirect("compliance:endorser", workspace=workspace, pk=letter.endorser_id)


@never_cache
@require_http_methods(["GET", "POST"])
def letter(request: HttpRequest, token: str) -> HttpResponse:
    """The letter itself, for whoever has its link: no account, its own language, one confirmation."""
    try:
        workspace_id, pk, nonce = letters.letter_of(token)
    except signing.BadSignature:
        raise Http404("No such letter") from None
    with entered(workspace_id):
        found = Letter.objects.select_related("endorser", "workspace").filter(pk=pk, nonce=nonce).first()
        if found is None:
            raise Http404("No such letter")
        with translation.override(found.language), timezone.override(found.workspace.zone):
            return _shown(request, found)


def _shown(request: HttpRequest, found: Letter) -> HttpResponse:
    problem = ""
    signed = found.signatures.first()
    if request.method == "POST" and signed is None:
        try:
            ticked = request.POST.getlist("statements")
            signed = letters.sign(found, name=request.POST.get("name", ""), statements=ticked)
        except letters.NotSigned as refusal:
            problem = str(refusal)
    there = found.open(timezone.now())
    if there and request.method == "GET":
        letters.open_letter(found)
    words = words_in(found.language)
    named = {"workspace": found.workspace.name, "brand": found.brand, "name": signed.name if signed else ""}
    when = formats.date_format(timezone.localtime(signed.at), "DATETIME_FORMAT") if signed else ""
    until = formats.date_format(timezone.localtime(found.expires_at), "DATE_FORMAT")
    context = {
        "letter": found,
        "words": {
            name: text.format(**named, when=when, until=until)
            for name, text in words.items()
            if isinstance(text, str) and name in SHOWN
        },
        "statements": [(code, words["statements"][code]) for code in found.statements],
        "signed": signed,
        "open": there,
        "problem": problem,
        "name": request.POST.get("name", ""),
    }
    status = 422 if problem else 200 if there or signed else 410
    return render(request, "compliance/letter.html", context, status=status)


SHOWN = frozenset({"h_note", "h_sign", "your_name", "confirm", "signed", "over", "kept", "until"})
