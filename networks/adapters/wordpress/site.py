"""One blog opened by one application password, for one piece of work."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from networks.adapters.wordpress.errors import Json, said, trouble, whole
from networks.protocol import Refused, Sender, TryLater, Unsure
from networks.site_wire import SiteReply, SiteWire
from networks.wire import before_final_call, final_call

POSTS, MEDIA, COMMENTS, ME = "/wp/v2/posts", "/wp/v2/media", "/wp/v2/comments", "/wp/v2/users/me"
Query = Mapping[str, str | int]
CLOSE = timedelta(seconds=10)


def address(root: str, path: str, query: Query | None = None) -> str:
    """A call's address: below `/wp-json/`, or in the query where a blog has no pretty addresses."""
    asked = urlencode(query or {})
    if "rest_route=" in root:
        return f"{root.rstrip('/')}{path}" + (f"&{asked}" if asked else "")
    return f"{root.rstrip('/')}{path}" + (f"?{asked}" if asked else "")


def basic(secret: str) -> str:
    return "Basic " + base64.b64encode(secret.encode()).decode()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing, how much the blog says that there is, and how far its clock is ahead of ours."""

    rows: list[Json]
    total: int
    pages: int
    ahead: timedelta = timedelta()


class Site:
    """`sender.credentials.access_token` is user and application password, as HTTP Basic joins them."""

    def __init__(self, wire: SiteWire, sender: Sender) -> None:
        self._wire = wire
        self.sender = sender
        self.root = sender.credentials.extra.get("root") or f"https://{sender.uid}/wp-json/"

    def get(self, path: str, query: Query | None = None) -> Json:
        """Read one thing. Raises TryLater, Reconnect, Refused."""
        with before_final_call():
            reply = self.ask("GET", path, query)
        return _object(reply, final=False)

    def page(self, path: str, query: Query) -> Page:
        """Read one page of a listing. Raises like `get`; ValueError for an answer that is no listing."""
        with before_final_call():
            reply = self.ask("GET", path, query)
        if reply.status != 200:
            raise trouble(reply, final=False)
        rows = whole(reply)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ValueError("no listing")
        return Page(rows, int(reply.headers["X-WP-Total"]), int(reply.headers["X-WP-TotalPages"]), _ahead(reply))

    def post(self, path: str, body: Json, *, what: str = "post") -> Json:
        """A write that makes nothing live. Raises like `get`."""
        with before_final_call():
            reply = self.ask("POST", path, json=body)
        return _object(reply, final=False, what=what)

    def upload(self, data: bytes, *, mime: str, filename: str) -> Json:
        """A file into the media library. Raises like `get`."""
        headers = {"Content-Type": mime, "Content-Disposition": f'attachment; filename="{filename}"'}
        with before_final_call():
            reply = self.ask("POST", MEDIA, headers=headers, data=data)
        return _object(reply, final=False, what="file")

    def delete(self, path: str) -> None:
        """Into the trash; gone already is fine. Raises like `get`."""
        with before_final_call():
            reply = self.ask("DELETE", path)
            if reply.status == 501:  # a blog that keeps no trash
                reply = self.ask("DELETE", path, {"force": "true"})
        if reply.status in (404, 410) and str(said(reply).get("code", "")) in GONE:
            return
        if reply.status != 200:
            raise trouble(reply, final=False)

    def put_live(self, path: str, body: Json, *, what: str = "post") -> Json:
        """The one write that can make something live. Raises TryLater, Reconnect, Refused or Unsure."""
        with final_call():
            reply = self.ask("POST", path, json=body)
        return _object(reply, final=True, what=what)

    def me(self) -> int:
        """The number of the user we are on this blog."""
        known = self.sender.credentials.extra.get("user_id", "")
        return int(known) if known.isdigit() else int(self.get(ME)["id"])

    def ask(
        self, method: str, path: str, query: Query | None = None, headers: Mapping[str, str] | None = None, **body: Any
    ) -> SiteReply:
        """One call, whatever it answers. Raises what `wire.BROKEN` names."""
        mine = {"Authorization": basic(self.sender.credentials.access_token), "Accept": "application/json"}
        return self._wire.ask(method, address(self.root, path, query), headers={**mine, **(headers or {})}, **body)


GONE = frozenset({"rest_post_invalid_id", "rest_comment_invalid_id", "rest_already_trashed", "rest_trashed"})


def _object(reply: SiteReply, *, final: bool, what: str = "post") -> Json:
    """A success's JSON object. One that cannot be read is Unsure after a `final` call, TryLater before."""
    if reply.status not in (200, 201):
        raise trouble(reply, final=final, what=what)
    found = said(reply)
    if isinstance(found.get("id"), int):
        return found
    if final:
        raise Unsure("The blog did not answer clearly.", detail=f"HTTP {reply.status}", code="not_understood")
    raise TryLater("The blog did not answer clearly.", detail=f"HTTP {reply.status}", code="not_understood")


def _ahead(reply: SiteReply) -> timedelta:
    """How far the blog's clock is ahead of ours, by its own Date header; a few seconds are the way here."""
    try:
        found = parsedate_to_datetime(reply.headers.get("Date", "")) - datetime.now(UTC)
    except (TypeError, ValueError):
        return timedelta()
    return found if abs(found) > CLOSE else timedelta()


def refused_param(error: Refused) -> bool:
    """Whether the blog only refused what a user without the moderator's role may not ask for."""
    return error.code == "rest_forbidden_param"
