"""What a blog's answers mean for us: WordPress's own words, its host's, and those of a firewall before it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

from networks.protocol import NetworkError, Pauses, Reconnect, Refused, TryLater, Unsure
from networks.site_wire import SiteReply
from networks.wire import retry_after

Json = dict[str, Any]  # Any: the blog's own JSON

AN_HOUR = timedelta(hours=1)
# The password is wrong, was taken back, or never arrived (hosts that drop the Authorization header).
LOCKED_OUT = frozenset(
    {
        "rest_not_logged_in",
        "rest_cannot_create",
        "rest_cannot_edit",
        "rest_cannot_delete",
        "rest_cannot_read",
        "rest_forbidden",
        "rest_forbidden_context",
        "rest_forbidden_status",
        "incorrect_password",
        "invalid_username",
        "invalid_email",
        "application_passwords_disabled",
        "application_passwords_disabled_for_user",
    }
)
# What plug-ins that switch the interface off for the public say.
CLOSED = frozenset({"rest_no_route", "rest_disabled", "rest_login_required", "rest_cannot_access", "rest_api_disabled"})
SIDELOAD = frozenset({"rest_upload_sideload_error", "rest_upload_unknown_error", "rest_upload_invalid_disposition"})

SHUT_OUT = "This blog no longer lets us in. Connect it again with a new application password."
NO_INTERFACE = "This blog does not offer its REST interface. Ask whoever runs it to switch it on."
BLOCKED = "The firewall of this blog turned us away. Ask whoever runs it to let Gardu in."
MAINTENANCE = "This blog is being maintained."


def trouble(reply: SiteReply, *, final: bool, what: str = "post") -> NetworkError:
    """The error to raise for an answer that is no success.

    `final`: the call could have made something live, so what is not clearly a refusal is Unsure; else TryLater.
    `what` was sent: a post, a comment, a file or a term.
    """
    body = said(reply)
    code, message = str(body.get("code", ""))[:60], str(body.get("message", ""))
    about: dict[str, Any] = {  # Any: keyword arguments of an error
        "detail": f"HTTP {reply.status}: {message[:300]}",
        "code": code or str(reply.status),
    }
    if reply.status == 429:
        return TryLater(
            "This blog asks us to slow down.", after=retry_after(reply.headers), pauses=Pauses.ACCOUNT, **about
        )
    if code in SIDELOAD:  # a 500, and yet the file will never be taken
        return Refused("This blog does not take this type of file.", **about)
    if code == "comment_duplicate":
        return Unsure("The blog says that this was said already.", **about)
    if code == "comment_flood":
        return TryLater("This blog asks us to comment more slowly.", after=timedelta(minutes=1), **about)
    if reply.status < 400 or reply.status >= 500:
        return _unclear(reply, about, final=final)
    return _refused(reply, body, about, final=final, what=what)


def _refused(reply: SiteReply, body: Json, about: Json, *, final: bool, what: str) -> NetworkError:
    """A 4xx: what was asked certainly did not happen."""
    code = str(body.get("code", ""))
    if code in CLOSED or (reply.status in (404, 405) and not code):
        return TryLater(NO_INTERFACE, after=AN_HOUR, **about)
    if reply.is_html and reply.status in (400, 403, 405, 406, 409, 412, 418, 451):
        return Refused(BLOCKED, **about) if final or what == "file" else TryLater(BLOCKED, after=AN_HOUR, **about)
    if what == "term" and code in ("rest_cannot_create", "rest_forbidden"):
        return Refused("Your user may not make new categories or tags on this blog.", **about)
    if reply.status == 401 or code in LOCKED_OUT or LOCKED_OUT & _details(body):
        return Reconnect(SHUT_OUT, **about)
    return Refused(REFUSALS.get(code, "This blog does not take this as it is."), **about)


def _details(body: Json) -> set[str]:
    """The codes of each wrong parameter: to a stranger, WordPress calls a draft's status an invalid parameter."""
    data = body.get("data")
    details = data.get("details") if isinstance(data, dict) else None
    found = details.values() if isinstance(details, dict) else ()
    return {str(one.get("code", "")) for one in found if isinstance(one, dict)}


REFUSALS = {
    "rest_comment_closed": "Comments are closed below this post.",
    "rest_comment_login_required": "Comments are closed below this post.",
    "rest_comment_trash_post": "The post is in the blog's trash.",
    "rest_comment_draft_post": "The post is not published yet.",
    "rest_comment_content_invalid": "The comment has no words.",
    "rest_comment_invalid_post_id": "The post is not there any more.",
    "rest_post_invalid_id": "The post is not there any more.",
    "rest_comment_invalid_id": "The comment is not there any more.",
    "rest_upload_file_too_big": "The file is too large for this blog.",
    "rest_upload_limited_space": "The blog has no room left for files.",
    "rest_cannot_publish": "Your user on this blog may write, but not publish.",
    "empty_content": "A blog post needs a title and words.",
}


def _unclear(reply: SiteReply, about: Json, *, final: bool) -> NetworkError:
    if final:
        return Unsure("The blog had trouble and may or may not have taken it.", **about)
    is_maintained = reply.status == 503
    return TryLater(
        MAINTENANCE if is_maintained else "The blog had trouble.", after=retry_after(reply.headers), **about
    )


def said(reply: SiteReply) -> Json:
    """The JSON object of an answer; empty when there is none."""
    try:
        found = whole(reply)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def whole(reply: SiteReply) -> Any:  # Any: the blog's own JSON
    """An answer's JSON, also behind the warnings that a badly kept PHP prints before it. Raises ValueError."""
    try:
        return reply.json()
    except ValueError:
        text = reply.content.decode("utf-8", "replace").lstrip("\ufeff")
        start = re.search(r"(?:^|>|\n)\s*([{\[])", text)
        if start is None:
            raise
        found, end = json.JSONDecoder().raw_decode(text, start.start(1))
        if text[end:].strip():
            raise
        return found
