"""Where sites tell of visits: the script they carry, and the door it talks to. No cookie goes in or out."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from redis import RedisError

from smo.actions.salting import visitor_of
from smo.actions.visiting import convert, land
from smo.models import Site
from smo.queries.sweeping import visited_site
from smo.rules.addresses import host_of, same_site
from smo.rules.callers import caller_of
from smo.rules.script import etag, script
from smo.rules.telling import MOST_BYTES, NotUnderstood, read
from workspaces.models import Workspace
from workspaces.tenancy import entered

WEEK = 7 * 24 * 3600
A_SITE, A_VISITOR = 6000, 60  # messages a minute that are taken


@require_safe
def visit_script(request: HttpRequest) -> HttpResponse:
    """The script, for a week: whatever changes in it stays compatible."""
    caching = {"ETag": etag(), "Cache-Control": f"public, max-age={WEEK}", "Access-Control-Allow-Origin": "*"}
    if request.headers.get("If-None-Match") == etag():
        return HttpResponseNotModified(headers=caching)
    kind = {"Cross-Origin-Resource-Policy": "cross-origin"}
    return HttpResponse(script(), content_type="text/javascript; charset=utf-8", headers={**caching, **kind})


@csrf_exempt
@require_http_methods(["POST", "OPTIONS"])
def tell(request: HttpRequest, key: str) -> HttpResponse:
    """A landing or a conversion, told by a page of the site whose key it is. 204 when it was understood."""
    found = visited_site(key[:24])
    if found is None:
        return HttpResponse(status=404)
    workspace_id, site_id = found
    workspace = Workspace.objects.get(pk=workspace_id)
    with entered(workspace_id):
        site = Site.objects.get(pk=site_id)
        origin = request.headers.get("Origin", "")
        if not same_site(host_of(origin), site.host):
            return HttpResponse("This key belongs to another site.\n", content_type="text/plain", status=403)
        return _allowed(_heard(request, site, workspace), origin)


def _heard(request: HttpRequest, site: Site, workspace: Workspace) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return HttpResponse(status=413)
    try:
        told = read(request.body)
    except NotUnderstood as error:
        return HttpResponse(f"Not understood: {error}\n", content_type="text/plain", status=400)
    caller = caller_of(request.META)
    if caller.program:
        return HttpResponse(status=204)
    day = timezone.localdate(timezone=ZoneInfo(workspace.zone))
    hidden = caller.untracked or told.untracked
    digest = "" if hidden else visitor_of(request.META, workspace.zone, day, f"site:{site.pk}")
    if _too_many(site, digest):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    told = replace(told, untracked=hidden)
    (convert if told.key else land)(site, told, digest=digest, day=day)
    return HttpResponse(status=204)


def _allowed(answer: HttpResponse, origin: str) -> HttpResponse:
    answer["Access-Control-Allow-Origin"] = origin
    answer["Access-Control-Allow-Methods"] = "POST"
    answer["Access-Control-Allow-Headers"] = "Content-Type"
    answer["Access-Control-Max-Age"] = "86400"
    answer["Vary"] = "Origin"
    answer["Cache-Control"] = "no-store"
    return answer


def _too_many(site: Site, digest: str) -> bool:
    """Whether the site or the visitor has told enough for this minute; with Redis away nobody has."""
    minute = int(timezone.now().timestamp() // 60)
    limits = [(f"told:{site.pk}:{minute}", A_SITE)]
    limits += [(f"told:{site.pk}:{digest}:{minute}", A_VISITOR)] if digest else []
    try:
        for name, most in limits:
            cache.add(name, 0, 120)
            if cache.incr(name) > most:
                return True
    except (RedisError, ValueError):
        return False
    return False
