"""Gives every request an id that its log lines and its answer carry."""

import re
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from smm.logs import request_id

WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{6,64}")


class RequestId:
    """Takes a proxy's X-Request-ID where it is well-formed, else makes one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        token = request_id.set(given if WELL_FORMED.fullmatch(given) else secrets.token_hex(6))
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id.get()
        finally:
            request_id.reset(token)
        return response
