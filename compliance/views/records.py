"""Who speaks for a brand, what they got for it, and the evidence for what is claimed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from compliance import actions
from compliance.actions.documents import NotTaken, keep_document
from compliance.actions.records import AMENDABLE, amend_connection
from compliance.forms import AmendForm, ConnectionForm, EndorserForm, EvidenceForm, LetterForm, NewConnectionForm
from compliance.models import Case, Connection, Document, Endorser, Evidence, Letter, RecordVersion, Substantiation
from workspaces.access import WorkspaceRequest, needs

PAGE = 50


@require_GET
@needs("see")
def endorsers(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Everybody on record, by name; `?q=` searches names, handles and brands."""
    asked = request.GET.get("q", "").strip()
    people = Endorser.objects.annotate(recorded=Count("connections", distinct=True)).order_by("name", "pk")
    if asked:
        of_brand = Connection.objects.filter(brand__icontains=asked).values("endorser")
        bare = asked.lstrip("@")
        people = people.filter(Q(name__icontains=asked) | Q(handles__icontains=bare) | Q(pk__in=of_brand))
    context = {
        "page": Paginator(people, PAGE).get_page(request.GET.get("page")),
        "q": asked,
        "may_record": request.member.may("record_connections"),
    }
    return render(request, "compliance/endorsers.html", context)


@require_http_methods(["GET", "POST"])
@needs("record_connections")
def edit_endorser(request: WorkspaceRequest, workspace: str, pk: int | None = None) -> HttpResponse:
    """Add a person, or change what is known of one."""
    there = get_object_or_404(Endorser, pk=pk) if pk else None
    form = EndorserForm(request.POST or None, instance=there)
    if request.method == "POST" and form.is_valid():
        kept = actions.keep_endorser(form.save(commit=False), by=request.member)
        messages.success(request, _("Saved."))
        return redirect("compliance:endorser", workspace=workspace, pk=kept.pk)
    context = {"form": form, "endorser": there}
    return render(request, "compliance/endorser_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs("see")
def endorser(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """One person with everything on record; a POST records another connection."""
    person = get_object_or_404(Endorser, pk=pk)
    may = request.member.may("record_connections")
    form = ConnectionForm(request.POST or None, request.FILES or None, initial=_prefilled(request))
    if request.method == "POST" and may and form.is_valid():
        made = _recorded(request, form, person)
        if made is not None:
            return redirect("compliance:endorser", workspace=workspace, pk=pk)
    today = request.workspace.day(timezone.now())
    context = {
        "endorser": person,
        "connections": [(row, row.in_force(today)) for row in _connections(person)],
        "letters": Letter.objects.filter(endorser=person).prefetch_related("signatures")[:20],
        "letter_form": LetterForm(
            auto_id="letter_%s", initial={"brand": _brand_of(person), "language": person.language or "en"}
        ),
        "sealed": Evidence.objects.filter(endorser_number=pk, kind=Evidence.Kind.PUBLICATION)[:10],
        "cases": Case.objects.filter(endorser=person).order_by("-pk")[:10],
        "form": form if may else None,
        "may_record": may,
        "may_read": request.member.may("read_evidence"),
        "may_pack": request.member.may("make_packs"),
        "today": today,
    }
    return render(request, "compliance/endorser.html", context, status=422 if form.errors and may else 200)


@require_http_methods(["GET", "POST"])
@needs("record_connections")
def new_connection(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """Record a connection; `?endorser=&brand=&kind=` are what a finding knows of it already."""
    form = NewConnectionForm(request.POST or None, request.FILES or None, initial=_prefilled(request))
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["endorser"]
        if _recorded(request, form, person) is not None:
            return redirect("compliance:endorser", workspace=workspace, pk=person.pk)
    return render(request, "compliance/connection_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs("see")
def connection(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """One connection with every version; a POST amends it by another one."""
    row = get_object_or_404(Connection.objects.select_related("endorser", "contract"), pk=pk)
    may = request.member.may("record_connections")
    form = AmendForm(request.POST or None, request.FILES or None, instance=Connection.objects.get(pk=pk))
    if request.method == "POST" and may and form.is_valid():
        changes = {name: form.cleaned_data[name] for name in AMENDABLE if name in form.cleaned_data}
        try:
            changes |= _contract(request, form)
            amend_connection(row, because=form.cleaned_data["because"], by=request.member, **changes)
            messages.success(request, _("On record as a new version."))
            return redirect("compliance:connection", workspace=workspace, pk=pk)
        except NotTaken as refusal:
            form.add_error("contract_file", str(refusal))
    context = {
        "connection": row,
        "versions": RecordVersion.objects.filter(kind=RecordVersion.Kind.CONNECTION, record=pk),
        "form": form if may else None,
        "may_read": request.member.may("read_contracts"),
    }
    return render(request, "compliance/connection.html", context, status=422 if form.errors and may else 200)


@require_GET
@needs("see")
def history(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """What was on record about one person, and when."""
    person = get_object_or_404(Endorser, pk=pk)
    versions = RecordVersion.objects.filter(kind=RecordVersion.Kind.ENDORSER, record=pk)
    return render(request, "compliance/history.html", {"endorser": person, "versions": versions})


@require_POST
@needs("record_connections")
def end(request: WorkspaceRequest, workspace: str, pk: int) -> HttpResponse:
    """Let a connection end today."""
    found = get_object_or_404(Connection, pk=pk)
    actions.end_connection(found, on=request.workspace.day(timezone.now()), by=request.member)
    messages.success(request, _("It ends today."))
    return redirect("compliance:endorser", workspace=workspace, pk=found.endorser_id)


@require_http_methods(["GET", "POST"])
@needs("see")
def evidence(request: WorkspaceRequest, workspace: str, pk: int | None = None) -> HttpResponse:
    """The claims with evidence; a POST adds one, or keeps a new version of the one at `pk`."""
    may = request.member.may("record_connections")
    there = get_object_or_404(Substantiation, pk=pk) if pk else None
    today = request.workspace.day(timezone.now())
    initial = {} if there else {"starts_on": today, "claim": request.GET.get("claim", "")[:300]}
    form = EvidenceForm(request.POST or None, request.FILES or None, instance=there, initial=initial)
    if request.method == "POST" and may and form.is_valid():
        try:
            files = [_kept(request, file) for file in form.cleaned_data["exhibits"]]
            actions.keep_evidence(form.save(commit=False), by=request.member, documents=files)
            messages.success(request, _("On record."))
            return redirect("compliance:evidence", workspace=workspace)
        except NotTaken as refusal:
            form.add_error("exhibits", str(refusal))
    rows = Substantiation.objects.prefetch_related("exhibits__document")
    context = {
        "rows": [(row, row.in_force(today), _days_left(row, today)) for row in rows],
        "form": form if may else None,
        "there": there,
        "may_read": request.member.may("read_contracts"),
    }
    return render(request, "compliance/evidence.html", context, status=422 if form.errors and may else 200)


def _days_left(row: Substantiation, today: Any) -> int | None:  # Any: a date
    return (row.ends_on - today).days if row.ends_on else None


def _recorded(request: WorkspaceRequest, form: ConnectionForm, person: Endorser) -> Connection | None:
    """The connection put on record, or None when its contract is not taken: the form says why."""
    made = form.save(commit=False)
    made.endorser = person
    try:
        made.contract = _contract(request, form).get("contract")
    except NotTaken as refusal:
        form.add_error("contract_file", str(refusal))
        return None
    kept = actions.record_connection(made, by=request.member)
    messages.success(request, _("On record."))
    return kept


def _contract(request: WorkspaceRequest, form: ConnectionForm) -> dict[str, Document]:
    """The uploaded contract as a change of the connection; {} when none was given. Raises NotTaken."""
    given = form.cleaned_data.get("contract_file")
    return {"contract": _kept(request, given)} if given else {}


def _kept(request: WorkspaceRequest, file: Any) -> Document:  # Any: an uploaded file
    return keep_document(file.file, filename=file.name or "", by=request.member)


def _connections(person: Endorser) -> list[Connection]:
    return list(Connection.objects.filter(endorser=person).select_related("recorded_by__user", "contract"))


def _brand_of(person: Endorser) -> str:
    newest = Connection.objects.filter(endorser=person).order_by("-pk").first()
    return newest.brand if newest else ""


def _prefilled(request: WorkspaceRequest) -> dict[str, Any]:  # Any: a field's value
    """What a finding already knows of the connection that is missing."""
    named = {name: request.GET[name][:120] for name in ("brand", "kind", "endorser") if name in request.GET}
    return {"starts_on": request.workspace.day(timezone.now()), **named}
