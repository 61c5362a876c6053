"""How the house is: a page for everybody, without anybody's names, and figures for a monitoring system."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from publishing.models import Discrepancy
from publishing.queries import figures
from smm.health import readiness

FRESH = 5.0  # seconds for which a process tells the same again, however often it is asked
LATE = 30.0
PARTS = {"database": _("Database"), "migrations": _("Version of the database"), "broker": _("Wake-ups")}
Figures = dict[tuple[str, str], float]
HELP = {
    "waiting": "Publications that are under way or wait for a person, by state.",
    "overdue": "Publications more than a minute past their time that nobody has begun to send.",
    "published_last_hour": "Publications that went live within the last hour.",
    "lateness_last_hour": "Seconds between the time planned and the time on record as live, last hour, by quantile.",
    "audit_open": "Posts that are not on their network as they are on record, by kind.",
    "audit_accounts": "Connected accounts, and those held against the books within 36 hours.",
    "audit_posts": "Posts that the networks showed at the last audits.",
    "audit_publications": "Publications that the last audits held against them.",
}
LABELS = {"waiting": "state", "lateness_last_hour": "quantile", "audit_open": "kind", "audit_accounts": "which"}


@dataclass(frozen=True, slots=True)
class Part:
    """One thing the house needs, in words."""

    name: str | Promise
    works: bool


_kept: tuple[float, Figures] = (float("-inf"), {})


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """What works and how punctual it is. 503 while something does not work."""
    checks = readiness()
    parts = [Part(name, checks[key] == "ok") for key, name in PARTS.items()]
    found = _figures()
    kinds = [(kind.label, int(found.get(("audit_open", kind.value), 0))) for kind in Discrepancy.Kind]
    context = {
        "parts": parts,
        "works": all(part.works for part in parts),
        "told": bool(found),
        "kinds": kinds,
        "figures": {f"{name}_{label}".rstrip("_"): figure for (name, label), figure in found.items()},
        "punctual": found.get(("lateness_last_hour", "p99"), 0.0) <= LATE and not found.get(("overdue", "")),
    }
    return render(request, "status.html", context, status=200 if context["works"] else 503)


@never_cache
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """The same in Prometheus' text form, for whoever shows METRICS_TOKEN as a bearer token; else there is nothing."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    lines = ["# HELP gardu_up Whether a part that the house needs works.", "# TYPE gardu_up gauge"]
    lines += [f'gardu_up{{part="{name}"}} {int(said == "ok")}' for name, said in readiness().items()]
    found = _figures()
    kinds = {("audit_open", kind): found.get(("audit_open", kind), 0.0) for kind in Discrepancy.Kind.values}
    told = {**found, **kinds}
    for name, help_text in HELP.items():
        lines += [f"# HELP gardu_{name} {help_text}", f"# TYPE gardu_{name} gauge"]
        for (which, label), figure in told.items():
            if which == name:
                named = f'{{{LABELS[name]}="{label}"}}' if label else ""
                lines.append(f"gardu_{name}{named} {figure:g}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _figures() -> Figures:
    """All figures over all workspaces; empty while the database is away."""
    global _kept
    if time.monotonic() - _kept[0] > FRESH:
        try:
            _kept = (time.monotonic(), {(name, label): figure for name, label, figure in figures()})
        except DatabaseError:
            return {}
    return _kept[1]
