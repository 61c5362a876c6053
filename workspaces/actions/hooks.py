"""A workspace's webhooks: made with a secret, told what happens, tried again with growing pauses, and redelivered.

Messages are signed as the Standard Webhooks specification says (webhook-id, webhook-timestamp, webhook-signature),
so a receiver can check them with any of its libraries.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import secrets
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import requests
from django.conf import settings
from django.utils import timezone
from urllib3.exceptions import HTTPError

from workspaces import vault, wire
from workspaces.actions.people import record
from workspaces.live import touch
from workspaces.models import Delivery, Hook, Member
from workspaces.protocol import Note
from workspaces.tenancy import current_workspace_id, entered

TOPIC = "hooks"
PAUSES = (5, 30, 120, 600, 3600, 4 * 3600, 10 * 3600, 24 * 3600)  # seconds
UNDER_WAY = timedelta(minutes=1)  # a sender that died is followed by the next one
TIMEOUT = (5, 10)  # seconds: to connect, to answer
KEPT_TRIES, KEPT_WORDS = 20, 300
PREFIX = "whsec_"


def make_hook(*, name: str, url: str, kinds: list[str], by: Member) -> tuple[Hook, str]:
    """A hook and the secret that signs its messages; the secret is told once. Raises wire.Private."""
    wire.check(url, allowed())
    hook = Hook.objects.create(name=name, url=url, kinds=kinds)
    secret = _keep_new_secret(hook)
    _note(hook, by=by, verb="made a webhook", url=url, kinds=kinds)
    return hook, secret


def new_secret(hook: Hook, *, by: Member) -> str:
    """Another secret from now on, also for what is still on its way; told once."""
    secret = _keep_new_secret(hook)
    _note(hook, by=by, verb="renewed a webhook's secret")
    return secret


def change_hook(hook: Hook, *, by: Member, **changes: Any) -> Hook:
    """Change name, url, kinds or active (Any: the model's field values). Raises wire.Private."""
    if "url" in changes:
        wire.check(changes["url"], allowed())
    for field, value in changes.items():
        setattr(hook, field, value)
    hook.save(update_fields=list(changes))
    _note(hook, by=by, verb="changed a webhook", **changes)
    return hook


def drop_hook(hook: Hook, *, by: Member) -> None:
    """It hears nothing any more, and its log is gone."""
    _note(hook, by=by, verb="dropped a webhook", name=hook.name, url=hook.url)
    hook.delete()


def try_hook(hook: Hook, *, by: Member) -> Delivery:
    """A message that says only that it is a test; on its way within seconds."""
    now = timezone.now()
    payload = _payload("test", {"title": "Test", "body": "", "action": ""}, url="/", facts={}, now=now)
    event = f"msg_{secrets.token_hex(16)}"
    delivery = Delivery.objects.create(hook=hook, event=event, kind="test", payload=payload, due_at=now, made_at=now)
    _note(hook, by=by, verb="tried a webhook")
    return delivery


def redeliver(delivery: Delivery, *, by: Member) -> Delivery:
    """Send it once more, under the same id, whatever became of it before."""
    delivery.state, delivery.due_at, delivery.tries = Delivery.State.DUE, timezone.now(), 0
    delivery.save(update_fields=["state", "due_at", "tries"])
    _note(delivery.hook, by=by, verb="redelivered", event=delivery.event)
    return delivery


def send_to_hooks(
    note: Note, key: str, words: Mapping[str, str], *, url: str, facts: Mapping[str, Any], now: datetime
) -> None:
    """Queue one message for every active hook that wants this kind; once per `key`. Inside `entered`."""
    hooks = [hook for hook in Hook.objects.filter(active=True) if not hook.kinds or note.slug in hook.kinds]
    if not hooks:
        return
    payload = _payload(note.slug, words, url=url, facts=facts, now=now)
    event = "msg_" + hashlib.sha256(f"{current_workspace_id()}:{note.slug}:{key}".encode()).hexdigest()[:32]
    queued = [
        Delivery(
            workspace_id=hook.workspace_id,
            hook=hook,
            event=event,
            kind=note.slug,
            payload=payload,
            due_at=now,
            made_at=now,
        )
        for hook in hooks
    ]
    Delivery.objects.bulk_create(queued, ignore_conflicts=True)


class Tried(NamedTuple):
    """How one call of a hook ended: the answer's status (0: none), how long it took, what was said."""

    status: int
    ms: int
    said: str

    @property
    def arrived(self) -> bool:
        return 200 <= self.status < 300


def deliver(workspace_id: int, delivery_id: int) -> None:
    """Send one message if it is due. Enters by itself; waits for the customer's server outside any transaction."""
    with entered(workspace_id):
        now = timezone.now()
        due = Delivery.objects.filter(pk=delivery_id, state=Delivery.State.DUE, due_at__lte=now, hook__active=True)
        delivery = due.select_for_update(of=("self",), skip_locked=True).select_related("hook").first()
        if delivery is None:
            return
        delivery.due_at, delivery.tries = now + UNDER_WAY, delivery.tries + 1
        delivery.save(update_fields=["due_at", "tries"])
        secret = vault.open_sealed(workspace_id, bytes(delivery.hook.sealed), context=_context(delivery.hook))
    tried = _call(delivery, secret)
    with entered(workspace_id):
        _settle(delivery, tried, at=now)


def signature(secret: bytes, event: str, stamp: str, body: bytes) -> str:
    """What a receiver compares: "v1," and the base64 of HMAC-SHA256 over id, time and body."""
    signed = b".".join([event.encode(), stamp.encode(), body])
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def allowed() -> frozenset[str]:
    """Hosts that may be private all the same: the operator named them."""
    return frozenset(settings.HOOK_PRIVATE_HOSTS)


def _call(delivery: Delivery, secret: bytes) -> Tried:
    body = json.dumps(delivery.payload, ensure_ascii=False, separators=(",", ":")).encode()
    stamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Gardu-Webhooks/1",
        "webhook-id": delivery.event,
        "webhook-timestamp": stamp,
        "webhook-signature": signature(secret, delivery.event, stamp, body),
    }
    began = time.monotonic()
    try:
        wire.check(delivery.hook.url, allowed())
        with (
            wire.checked_session(allowed()) as session,
            wire.cut_off_after(sum(TIMEOUT)),  # who answers a byte at a time must not hold a worker
            session.post(
                delivery.hook.url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True
            ) as reply,
        ):
            words = next(reply.iter_content(KEPT_WORDS), b"")[:KEPT_WORDS]
            status, said = reply.status_code, words.decode("utf-8", "replace")
    except wire.Private:
        status, said = 0, "this address is not on the public internet"
    except (requests.RequestException, HTTPError, UnicodeError) as error:
        status, said = 0, type(error).__name__
    return Tried(status, round((time.monotonic() - began) * 1000), said.replace("\x00", ""))


def _settle(delivery: Delivery, tried: Tried, *, at: datetime) -> None:
    line = {"at": at.isoformat(), "status": tried.status, "ms": tried.ms, "said": tried.said}
    delivery.log = [*delivery.log, line][-KEPT_TRIES:]
    again = PAUSES[delivery.tries - 1 : delivery.tries]
    if tried.arrived:
        delivery.state, delivery.due_at, delivery.sent_at = Delivery.State.SENT, None, timezone.now()
    elif again and tried.status != 410:  # Gone: the receiver wants nothing any more
        spread = random.uniform(1, 1.2)  # noqa: S311 - spreads load, guards nothing
        delivery.due_at = timezone.now() + timedelta(seconds=again[0] * spread)
    else:
        delivery.state, delivery.due_at = Delivery.State.FAILED, None
    delivery.save(update_fields=["log", "state", "due_at", "sent_at"])
    touch(delivery.workspace_id, TOPIC)


def _payload(
    kind: str, words: Mapping[str, str], *, url: str, facts: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    house = str(settings.PUBLIC_URL).rstrip("/")
    return {
        "type": kind,
        "timestamp": now.isoformat(),
        "data": {**words, "url": house + url, "facts": json.loads(json.dumps(facts, default=str))},
    }


def _keep_new_secret(hook: Hook) -> str:
    secret = secrets.token_bytes(32)
    told = PREFIX + base64.b64encode(secret).decode()
    hook.sealed = vault.seal(hook.workspace_id, secret, context=_context(hook))
    hook.secret_end = told[-5:]
    hook.save(update_fields=["sealed", "secret_end"])
    return told


def _context(hook: Hook) -> str:
    return f"hook:{hook.pk}"


def _note(hook: Hook, *, by: Member, verb: str, **facts: Any) -> None:  # Any: JSON values
    record(hook.workspace_id, by=by, verb=verb, thing=f"webhook:{hook.pk}", **facts)
    touch(hook.workspace_id, TOPIC)
