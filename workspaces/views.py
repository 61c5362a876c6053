"""The ground floor's pages."""

from __future__ import annotations

import redis
from django.core import signing
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from workspaces.live import changes


@require_GET
def live(request: HttpRequest) -> JsonResponse:
    """What changed in a workspace since number `v`. Signed, and answered without the database."""
    since = request.GET.get("v", "0")
    try:
        newest, topics = changes(request.GET.get("t", ""), int(since) if since.isdigit() else 0)
    except signing.BadSignature:
        return JsonResponse({"error": "Reload the page to go on hearing news."}, status=403)
    except redis.RedisError:
        return JsonResponse({"error": "News is away for a moment."}, status=503)
    return JsonResponse({"v": newest, "topics": topics}, headers={"Cache-Control": "no-store"})
