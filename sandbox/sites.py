"""The rest of the pretend web: pages and feeds of other sites, put there by the control API, with ETags."""

from __future__ import annotations

import hashlib
from email.utils import formatdate

from aiohttp import web

from sandbox.house import House
from sandbox.nouns import Json

PREFIX = "site/"


def put_page(house: House, asked: Json) -> Json:
    """Put a page at https://`host``path`: `body`, `kind`, `status`, and `headers` of its own (a Location, say)."""
    name = f"{PREFIX}{asked['host']}{asked.get('path', '/')}"
    page = {
        "body": asked.get("body", ""),
        "kind": asked.get("kind", "text/html; charset=utf-8"),
        "status": int(asked.get("status", 200)),
        "headers": dict(asked.get("headers", {})),
        "at": house.world.now(),
    }
    house.world.set(name, page)
    return {"url": f"https://{asked['host']}{asked.get('path', '/')}"}


def answer(request: web.Request, house: House, host: str) -> web.Response:
    """What somebody gets who opens an address of no network; 304 for a page they know already."""
    page = house.world.settings.get(f"{PREFIX}{host}/{request.match_info['path']}")
    if page is None or request.method not in ("GET", "HEAD"):
        return web.Response(status=404, text=f"No pretend network or site answers for {host}.\n")
    body = str(page["body"]).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {"ETag": etag, "Last-Modified": formatdate(page["at"], usegmt=True), **page["headers"]}
    if page["status"] == 200 and request.headers.get("If-None-Match") == etag:
        return web.Response(status=304, headers=headers)
    return web.Response(status=page["status"], body=body, headers={"Content-Type": page["kind"], **headers})
