"""What people read when something the house needs is away: the database, a free connection, room on the disk."""

from __future__ import annotations

import errno
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

AWAY = ("08", "53", "57P")  # connection trouble, no resources, shutting down or starting
FULL = (errno.ENOSPC, errno.EDQUOT)
SAID = {
    503: "The database does not answer just now. Nothing is lost; try again in half a minute.",
    507: "The disk that files are kept on is full. What you sent was not kept.",
    500: "Gardu ran into an error.",
}
RETRY_AFTER = 30  # seconds


def failed(request: HttpRequest) -> HttpResponse:
    """The answer to a request that raised; asks no database, no cache and no session."""
    status = _status(sys.exc_info()[1])
    if request.path.startswith("/api/"):
        answer: HttpResponse = JsonResponse({"detail": SAID[status]}, status=status)
    else:
        answer = HttpResponse(render_to_string(f"{status}.html"), status=status)
    if status == 503:
        answer["Retry-After"] = str(RETRY_AFTER)
    return answer


def _status(error: BaseException | None) -> int:
    if isinstance(error, InterfaceError):
        return 503
    if isinstance(error, OperationalError):
        code = getattr(error.__cause__, "pgcode", None)
        return 503 if code is None or code.startswith(AWAY) else 500
    if isinstance(error, OSError) and error.errno in FULL:
        return 507
    return 500
