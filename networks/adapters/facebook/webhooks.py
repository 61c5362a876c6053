"""What Facebook tells us by itself: signed webhooks, their handshake, and asking for them."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime

from networks.adapters.facebook.errors import Json
from networks.adapters.facebook.graph import Graph
from networks.protocol import AppKey, BadSignature, Delivery, Event, EventKind, Person, Sender

FIELDS = "feed,mention,messages"
COMMENT_VERBS = {
    "add": EventKind.COMMENT,
    "edit": EventKind.EDITED,
    "edited": EventKind.EDITED,
    "remove": EventKind.DELETED,
}


def handshake(app: AppKey, delivery: Delivery) -> str | None:
    """The challenge Facebook wants back, or None when this is no handshake. Raises BadSignature."""
    if delivery.method != "GET" or delivery.query.get("hub.mode") != "subscribe":
        return None
    given = delivery.query.get("hub.verify_token", "")
    if not app.verify_token or not hmac.compare_digest(given.encode(), app.verify_token.encode()):
        raise BadSignature("the verify token is not ours")
    return delivery.query.get("hub.challenge", "")


def hear(app: AppKey, delivery: Delivery) -> list[Event]:
    """One event per change we understand. Raises BadSignature; ValueError for a body that is no Page delivery."""
    _check(app, delivery)
    try:
        body = json.loads(delivery.body)
        if body["object"] != "page":
            raise ValueError("not about a Page")
        return [event for entry in body["entry"] for event in _events(entry)]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a Page delivery: {type(error).__name__}") from error


def _check(app: AppKey, delivery: Delivery) -> None:
    given = delivery.headers.get("x-hub-signature-256", "")
    right = hmac.new(app.client_secret.encode(), delivery.body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(given.encode(), f"sha256={right}".encode()):
        raise BadSignature("not signed with our secret")


def _events(entry: Json) -> Iterator[Event]:
    page = str(entry["id"])
    for change in entry.get("changes", []):
        found = _change(page, change["field"], change["value"])
        if found is not None:
            yield found
    for item in entry.get("messaging", []):
        if "message" in item:
            yield _message(page, item)


def _change(page: str, field: str, value: Json) -> Event | None:
    if field == "feed" and value.get("item") == "comment" and value.get("verb") in COMMENT_VERBS:
        return _comment(page, value)
    is_visit = field == "feed" and value.get("item") in ("post", "status", "photo", "video", "share")
    is_by_other = str(value.get("from", {}).get("id", "")) != page
    if (field == "mention" or is_visit) and value.get("verb", "add") == "add" and is_by_other:
        return _mention(page, value)
    return None


def _comment(page: str, value: Json) -> Event:
    verb = "edit" if value["verb"] == "edited" else value["verb"]
    key = f"{value['comment_id']}:{verb}"
    return Event(
        key=key if verb == "add" else f"{key}:{value['created_time']}",
        kind=COMMENT_VERBS[verb],
        account_uid=page,
        message_id=str(value["comment_id"]),
        post_id=str(value["post_id"]),
        author=_person(value),
        text=value.get("message", ""),
        at=_moment(value["created_time"]),
        parent_id=str(value.get("parent_id", "")),
        url=value.get("permalink_url", ""),
        raw=value,
    )


def _mention(page: str, value: Json) -> Event:
    said = str(value.get("comment_id") or value["post_id"])
    return Event(
        key=f"{said}:add",
        kind=EventKind.MENTION,
        account_uid=page,
        message_id=said,
        post_id=str(value["post_id"]),
        author=_person(value),
        text=value.get("message", ""),
        at=_moment(value["created_time"]),
        url=value.get("permalink_url", ""),
        raw=value,
    )


def _message(page: str, item: Json) -> Event:
    sender, recipient = str(item["sender"]["id"]), str(item["recipient"]["id"])
    return Event(
        key=str(item["message"]["mid"]),
        kind=EventKind.MESSAGE,
        account_uid=page,
        message_id=str(item["message"]["mid"]),
        post_id=recipient if sender == page else sender,
        author=Person(sender, ""),
        text=item["message"].get("text", ""),
        at=datetime.fromtimestamp(item["timestamp"] / 1000, UTC),
        raw=item,
    )


def _person(value: Json) -> Person:
    author = value.get("from") or {"id": value.get("sender_id", ""), "name": value.get("sender_name", "")}
    return Person(str(author.get("id", "")), str(author.get("name", "")))


def _moment(value: object) -> datetime:
    """Facebook tells seconds since 1970 in most changes, ISO time in some."""
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    return datetime.fromisoformat(str(value)).astimezone(UTC)


def subscribe(graph: Graph, app_graph: Graph, sender: Sender, callback_url: str) -> None:
    """Point the app's webhook at us, unless it points there already, and ask for this Page's changes."""
    app_id = app_graph.app.client_id
    known = app_graph.get(f"{app_id}/subscriptions").get("data", [])
    wanted = set(FIELDS.split(","))
    if not any(_is_ours(one, callback_url, wanted) for one in known):
        app_graph.post(
            f"{app_id}/subscriptions",
            {
                "object": "page",
                "callback_url": callback_url,
                "verify_token": app_graph.app.verify_token,
                "fields": FIELDS,
            },
        )
    graph.post(f"{sender.uid}/subscribed_apps", {"subscribed_fields": FIELDS})


def _is_ours(one: Json, callback_url: str, wanted: set[str]) -> bool:
    fields = {field["name"] if isinstance(field, dict) else field for field in one.get("fields", [])}
    same_place = one.get("object") == "page" and one.get("callback_url") == callback_url
    return same_place and bool(one.get("active")) and wanted <= fields
