"""What pages elsewhere need from us for their share buttons: the small script, and asking a reader for their server."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_GET

from smo.context.buttons import integrity, script
from smo.rules.places import places

SERVER = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
DECORATION = re.compile(r"^(?:https?://)?(?:[^/]*@)?|/.*$")


@require_GET
def share_script(request: HttpRequest) -> HttpResponse:
    """The web component; any page may load it, nothing about the reader is kept."""
    if request.headers.get("If-None-Match") == f'"{integrity()}"':
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(script(), content_type="text/javascript; charset=utf-8")
    answer["ETag"] = f'"{integrity()}"'
    answer["Cache-Control"] = "public, max-age=86400"
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@require_GET
def which_server(request: HttpRequest) -> HttpResponse:
    """Ask on which server somebody is, and show the way there: a link, never a redirect."""
    place = next(each for each in places().values() if each.asks_server)
    text = request.GET.get("text", "")[:2000]
    typed = request.GET.get("server", "")[:200]
    server = DECORATION.sub("", typed.strip().lower())
    wrong = bool(typed) and not SERVER.fullmatch(server)
    to = place.intent("", text, server=server) if typed and not wrong else ""
    language = request.GET.get("lang", "")
    with translation.override(language if language in ("en", "id") else translation.get_language()):
        context = {
            "place": place,
            "text": text,
            "typed": typed,
            "server": server,
            "to": to,
            "wrong": wrong,
        }
        return render(request, "smo/which_server.html", context, status=422 if wrong else 200)
