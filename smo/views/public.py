"""Feeds and the block of latest posts, for whoever has the address: no account, no cookie, no script."""

from __future__ import annotations

import hashlib
import mimetypes
from uuid import UUID

from csp.decorators import csp_replace
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from smo.models import Feed
from smo.queries import out
from smo.rules.formats import KINDS, Channel, html_of, title_of
from workspaces.tenancy import entered

SECONDS = 300  # how long a reader may keep it
MOST, USUAL = 20, 5
THEMES = ("auto", "light", "dark")
OPEN = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
NOTHING = {"default-src": ["'none'"], "sandbox": [""]}
EMBEDDED = {
    "default-src": ["'none'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "media-src": ["'self'"],
    "frame-ancestors": ["*"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
}


@require_safe
@csp_replace(NOTHING)  # type: ignore[arg-type]  # typed for views without arguments
def feed(request: HttpRequest, address: str, kind: str) -> HttpResponse:
    """The feed in one format. Readers that have it already get 304."""
    if kind not in KINDS:
        raise Http404(kind)
    channel = _channel(address)
    mime, write = KINDS[kind]
    body = write(channel)
    links = [f'<{channel.addresses[kind]}>; rel="self"']
    links += [f'<{channel.hub}>; rel="hub"'] if channel.hub else []
    response = HttpResponse(body, content_type=mime, headers={"Link": ", ".join(links)})
    return _kept(request, response, body, channel)


@require_safe
@xframe_options_exempt
@csp_replace(EMBEDDED)  # type: ignore[arg-type]  # typed for views without arguments
def latest(request: HttpRequest, address: str) -> HttpResponse:
    """The newest posts as a page that any site may frame; `?fragment=1` gives the bare list, `?n=`, `?theme=`."""
    asked = request.GET.get("n", "")
    count = min(max(int(asked), 1), MOST) if asked.isdecimal() and len(asked) < 4 else USUAL
    channel = _channel(address, newest=count)
    theme = request.GET.get("theme", "")
    context = {
        "channel": channel,
        "rows": [(item, title_of(item), html_of(item)) for item in channel.items],
        "theme": theme if theme in THEMES else "auto",
    }
    template = "smo/_latest.html" if request.GET.get("fragment") else "smo/latest.html"
    response = render(request, template, context)
    return _kept(request, response, response.content, channel)


@require_safe
@csp_replace(NOTHING)  # type: ignore[arg-type]  # typed for views without arguments
def media(request: HttpRequest, address: str, uid: UUID, place: int) -> HttpResponse | FileResponse:
    """A picture or video of a post that the feed tells, as long as it tells it."""
    found = out.feed_at(address)
    if found is None:
        raise Http404(_("There is no such feed."))
    with entered(found[1]):
        piece = out.media_of(Feed.objects.get(pk=found[0]), uid, place)
    if piece is None or not default_storage.exists(str(piece.get("key", ""))):
        raise Http404(_("There is no such picture."))
    mime = str(piece.get("mime", ""))
    if (
        mime.partition("/")[0] not in ("image", "video")
        or mime == "image/svg+xml"
        or not mimetypes.guess_extension(mime)
    ):
        mime = "application/octet-stream"
    headers = {**OPEN, "Cache-Control": "public, max-age=86400", "Cross-Origin-Resource-Policy": "cross-origin"}
    return FileResponse(default_storage.open(str(piece["key"]), "rb"), content_type=mime, headers=headers)


def _channel(address: str, *, newest: int = out.NEWEST) -> Channel:
    """Raises Http404 where no open feed stands there."""
    found = out.feed_at(address)
    if found is None:
        raise Http404(_("There is no such feed."))
    with entered(found[1]):
        return out.channel_of(Feed.objects.get(pk=found[0]), newest=newest)


def _kept(request: HttpRequest, response: HttpResponse, body: bytes, channel: Channel) -> HttpResponse:
    """The answer with what caches need; without a body where the reader has it already."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    changed = int(channel.changed.timestamp())
    for name, value in OPEN.items():
        response[name] = value
    response["Cache-Control"] = f"public, max-age={SECONDS}"
    response["ETag"] = etag
    response["Last-Modified"] = channel.changed.strftime("%a, %d %b %Y %H:%M:%S GMT")
    kept = get_conditional_response(request, etag=etag, last_modified=changed, response=response)
    assert isinstance(kept, HttpResponse)  # a response went in
    return kept
