"""What LinkedIn tells a page by itself: signed notifications, their handshake, and asking for them."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime

from networks.adapters.linkedin.errors import Json
from networks.adapters.linkedin.posting import comment_url, post_url
from networks.adapters.linkedin.rest import Rest, key
from networks.protocol import AppKey, BadSignature, Delivery, Event, EventKind, Person

KIND = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"
PREFIX = "hmacsha256="
ACTIONS = {
    "COMMENT": EventKind.COMMENT,
    "ADMIN_COMMENT": EventKind.COMMENT,
    "COMMENT_EDIT": EventKind.EDITED,
    "COMMENT_DELETE": EventKind.DELETED,
    "SHARE_MENTION": EventKind.MENTION,
}
SOMEBODY = "LinkedIn member"  # notifications carry no names


def _proof(app: AppKey, data: bytes) -> str:
    return hmac.new(app.client_secret.encode(), data, hashlib.sha256).hexdigest()


def handshake(app: AppKey, delivery: Delivery) -> str | None:
    """The JSON LinkedIn wants back for its challenge, or None when this is no handshake."""
    code = delivery.query.get("challengeCode", "")
    if delivery.method != "GET" or not code:
        return None
    return json.dumps({"challengeCode": code, "challengeResponse": _proof(app, code.encode())})


def hear(app: AppKey, delivery: Delivery) -> list[Event]:
    """One event per notification we understand. Raises BadSignature; ValueError for any other body."""
    _check(app, delivery)
    try:
        body = json.loads(delivery.body)
        if body["type"] != KIND:
            raise ValueError("not a notification of a page")
        found = [event(entry) for entry in body["notifications"]]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a notification of a page: {type(error).__name__}") from error
    return [one for one in found if one]


def _check(app: AppKey, delivery: Delivery) -> None:
    """The signature is over the prefix and the body, says the documentation; older examples sign the body alone."""
    given = delivery.headers.get("x-li-signature", "").removeprefix(PREFIX).encode()
    documented = _proof(app, PREFIX.encode() + delivery.body).encode()
    older = _proof(app, delivery.body).encode()
    if not (hmac.compare_digest(given, documented) | hmac.compare_digest(given, older)):
        raise BadSignature("not signed with our secret")


def event(entry: Json) -> Event | None:
    """One notification, pushed or polled; None for likes, shares and whatever else is no conversation."""
    kind = ACTIONS.get(entry["action"])
    if kind is None:
        return None
    post = str(entry["sourcePost"])
    said = str(entry["generatedActivity"])
    about = (entry.get("decoratedGeneratedActivity") or {}).get("comment") or {}
    if kind is EventKind.MENTION:
        about = (entry.get("decoratedGeneratedActivity") or {}).get("share") or {}
    author = str(about.get("owner", ""))
    is_ours = author == entry["organizationalEntity"]
    return Event(
        key=str(entry["notificationId"]),
        kind=kind,
        account_uid=str(entry["organizationalEntity"]),
        message_id=said,
        post_id=said if kind is EventKind.MENTION else post,
        author=Person(author, "" if is_ours else SOMEBODY),
        text=str(about.get("text", "")),
        at=datetime.fromtimestamp(entry["lastModifiedAt"] / 1000, UTC),
        parent_id=_parent(kind, about, post),
        url=post_url(said) if kind is EventKind.MENTION else comment_url(post, said),
        raw=entry,
    )


def _parent(kind: EventKind, about: Json, post: str) -> str:
    return "" if kind is EventKind.MENTION else str(about.get("parentComment") or post)


def subscribe(rest: Rest, person: str, callback_url: str) -> None:
    """Ask for the page's notifications; LinkedIn challenges the address first. Safe to call twice."""
    app = rest.app.extra.get("application_id") or rest.app.client_id
    parts = {
        "developerApplication": f"urn:li:developerApplication:{app}",
        "user": person,
        "entity": rest.sender.uid,
        "eventType": KIND,
    }
    named = ",".join(f"{name}:{key(value)}" for name, value in parts.items())
    rest.put(f"/rest/eventSubscriptions/({named})", {"webhook": callback_url})
