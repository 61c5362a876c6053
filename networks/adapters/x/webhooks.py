"""What X tells us by itself: the challenge, the signature, the events, and the asking for them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from networks.adapters.x import reading
from networks.adapters.x.calls import Client, preparing
from networks.protocol import BadSignature, Delivery, Event, EventKind, Person, Sender, TryLater

SIGNATURE = "x-twitter-webhooks-signature"
WANTED = ("post.reply.create", "post.mention.create", "post.delete")
PRIVATE = ("dm.received",)
Json = Mapping[str, Any]  # Any: X's JSON


def proof(secret: bytes, data: bytes) -> str:
    return "sha256=" + base64.b64encode(hmac.new(secret, data, hashlib.sha256).digest()).decode()


def handshake(secret: bytes, delivery: Delivery) -> str | None:
    """X's challenge: it asks again every hour, and gives an app up that fails."""
    token = delivery.query.get("crc_token", "")
    if delivery.method != "GET" or not token:
        return None
    return json.dumps({"response_token": proof(secret, token.encode())})


def hear(secret: bytes, delivery: Delivery) -> list[Event]:
    """The events of a delivery; kinds that concern nobody here are left out."""
    sent = delivery.headers.get(SIGNATURE, "")
    if not hmac.compare_digest(sent.encode(), proof(secret, delivery.body).encode()):
        raise BadSignature("X's signature does not fit the body")
    body = json.loads(delivery.body)
    data = body.get("data") if isinstance(body, dict) else None
    sent_events = data if isinstance(data, list) else [data]
    envelopes = [one for one in sent_events if isinstance(one, dict)]
    if not envelopes or len(envelopes) < len(sent_events):
        raise ValueError("no event in X's delivery")
    try:
        heard = [_event(one) for one in envelopes]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"an event of X lacks {error}") from error
    return [event for event in heard if event is not None]


def _event(envelope: Json) -> Event | None:
    kind = str(envelope["event_type"])
    account = str(envelope["filter"]["user_id"])
    payload: Json = envelope["payload"]
    who = reading.people(envelope)
    if kind in ("post.reply.create", "post.mention.create"):
        event = reading.heard(account, payload, who)
        return None if event.author.uid == account else event
    if kind == "dm.received":
        return reading.heard_message(account, payload, who)
    if kind == "post.delete":
        return _deleted(account, payload, who)
    return None


def _deleted(account: str, payload: Json, who: Mapping[str, Person]) -> Event | None:
    id, author = str(payload["id"]), str(payload.get("author_id", ""))
    at = reading.moment(payload) if payload.get("created_at") else datetime.now(UTC)
    return Event(
        key=f"post:{id}:deleted",
        kind=EventKind.DELETED,
        account_uid=account,
        message_id=id,
        post_id=str(payload.get("conversation_id", "")),
        author=who.get(author) or Person(author, ""),
        text="",
        at=at,
        raw=dict(payload),
    )


def subscribe(app: Client, sender: Sender, callback_url: str) -> None:
    """Register the address once for the app, and ask for this account's events. Safe to call twice."""
    with preparing(sender):
        hook = _registered(app, callback_url)
        have = app.call("GET", "/2/activity/subscriptions").json().get("data") or []
        mine = {
            str(one["event_type"])
            for one in have
            if str(one.get("webhook_id")) == hook and str((one.get("filter") or {}).get("user_id")) == sender.uid
        }
        private = PRIVATE if "dm.read" in sender.credentials.scopes else ()
        for kind in (*WANTED, *private):
            if kind not in mine:
                asked = {"event_type": kind, "filter": {"user_id": sender.uid}, "tag": "gardu", "webhook_id": hook}
                app.call("POST", "/2/activity/subscriptions", json=asked)


def _registered(app: Client, url: str) -> str:
    hooks = app.call("GET", "/2/webhooks").json().get("data") or []
    known = next((one for one in hooks if one["url"] == url), None)
    if known is None:
        return str(app.call("POST", "/2/webhooks", json={"url": url}).json()["data"]["id"])
    if not known.get("valid"):
        answer = app.call("PUT", f"/2/webhooks/{known['id']}").json()
        if not (answer.get("data") or {}).get("valid"):
            raise TryLater("X could not reach our webhook address.", code="webhook_invalid")
    return str(known["id"])
