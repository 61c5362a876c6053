"""The sealed evidence: what went out, how its readers saw it, and whether the chain still holds."""

from __future__ import annotations

import json

from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from compliance.actions.documents import note_look
from compliance.actions.reporting import connection_line, disclosed
from compliance.context import found_in
from compliance.forms import PackForm
from compliance.models import Document, Endorser, Evidence, EvidenceBody, EvidenceFile, EvidenceHead, Look, Pack
from compliance.queries import prove
from compliance.queries.packing import publications_in
from compliance.queries.seen import seen
from workspaces.access import WorkspaceRequest, needs

PAGE = 40
LOOKS = 30


@require_GET
@needs("read_evidence")
def chain(request: WorkspaceRequest, workspace: str) -> HttpResponse:
    """What is sealed, newest first; `?subject=`, `?endorser=`, `?since=`, `?until=` choose; `?verify=1` walks it."""
    form = PackForm(request.GET or None)
    asked = Pack(subjects=[s for s in request.GET.getlist("subject") if s])
    if form.is_valid():
        person = form.cleaned_data["endorser"]
        asked.endorser_number = person.pk if person else None
        asked.since, asked.until = form.cleaned_data["since"], form.cleaned_data["until"]
    page = Paginator(publications_in(asked).order_by("-number"), PAGE).get_page(request.GET.get("page"))
    bodies = _bodies([link.pk for link in page])
    context = {
        "page": page,
        "rows": [(link, bodies.get(link.pk)) for link in page],
        "names": dict(Endorser.objects.values_list("pk", "name")),
        "form": form,
        "subjects": asked.subjects,
        "head": EvidenceHead.objects.first(),
        "proof": prove(request.workspace.pk) if "verify" in request.GET else None,
        "proved_at": timezone.now(),
        "may_pack": request.member.may("make_packs"),
    }
    return render(request, "compliance/sealed.html", context)


@require_GET
@needs("read_evidence")
def link(request: WorkspaceRequest, workspace: str, number: int) -> HttpResponse:
    """One sealed post: its picture, its bytes, and all it rested on. Who reads it is written down."""
    found = get_object_or_404(Evidence, number=number, kind=Evidence.Kind.PUBLICATION)
    note_look(f"evidence:{number}", way=Look.Way.PAGE, by=request.member)
    body = EvidenceBody.objects.filter(evidence=found).first()
    told = json.loads(body.text) if body else None
    rendering = Evidence.objects.filter(subject=f"evidence:{number}", kind=Evidence.Kind.RENDERING).first()
    drawn = EvidenceBody.objects.filter(evidence=rendering).first() if rendering else None
    on_record = (told or {}).get("on_record") or {}
    context = {
        "link": found,
        "body": told,
        "content": seen(told).content if told else None,
        "rendering": rendering,
        "drawn": json.loads(drawn.text) if drawn else None,
        "disclosed": disclosed(json.loads(drawn.text) if drawn else None),
        "verdict": on_record.get("verdict"),
        "findings": list(found_in((on_record.get("verdict") or {}).get("findings") or [], seen(told).content))
        if told
        else [],
        "decisions": on_record.get("decisions") or [],
        "connections": [(row, connection_line(row)) for row in on_record.get("connections") or []],
        "signatures": on_record.get("signatures") or [],
        "looks": Look.objects.filter(thing=f"evidence:{number}")[:LOOKS],
        "may_pack": request.member.may("make_packs"),
    }
    return render(request, "compliance/sealed_link.html", context)


@require_GET
@needs("read_evidence")
def picture(request: WorkspaceRequest, workspace: str, number: int) -> FileResponse:
    """The drawn post; it never changes under one address."""
    rendering = get_object_or_404(Evidence, subject=f"evidence:{number}", kind=Evidence.Kind.RENDERING)
    file = get_object_or_404(EvidenceFile, evidence=rendering)
    if not default_storage.exists(file.key):
        raise Http404(file.name)
    return FileResponse(
        default_storage.open(file.key, "rb"),
        content_type=file.mime,
        headers={"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"},
    )


@require_GET
@needs("read_contracts")
def document(request: WorkspaceRequest, workspace: str, pk: int) -> FileResponse:
    """A contract or study: only ever as a download, whatever it says it is. Who takes it is written down."""
    found = get_object_or_404(Document, pk=pk)
    if not found.file or not found.file.storage.exists(str(found.file.name)):
        raise Http404(found.filename)
    note_look(f"document:{pk}", way=Look.Way.DOWNLOAD, by=request.member)
    return as_download(found.file.open("rb"), found.filename)


def as_download(file: object, name: str) -> FileResponse:
    """Bytes that no browser shows: without a type, in a sandbox, under their own name."""
    return FileResponse(
        file,
        as_attachment=True,
        filename=name,
        content_type="application/octet-stream",
        headers={
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _bodies(links: list[int]) -> dict[int, dict[str, object]]:
    found = EvidenceBody.objects.filter(evidence__in=links).values_list("evidence_id", "text")
    return {pk: json.loads(text) for pk, text in found}
