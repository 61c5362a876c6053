"""Hubs that tell us when a watched feed changes (WebSub): asked, verified, believed only when they sign.

asked -> the hub calls back to ask whether we meant it -> active until its lease ends -> asked again before
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from networks import registry
from networks.fetch import NotFetched, post_form
from smo.models import Source
from workspaces import vault
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)
LEASE = timedelta(days=10)
LONGEST_LEASE = timedelta(days=90)
BEFORE = timedelta(days=1)  # so long before its end a lease is asked for anew
PATIENCE = timedelta(hours=6)  # between two requests for one feed
DIGESTS = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512, "sha1": hashlib.sha1}
Hub = Source.Hub


def subscribe(workspace_id: int, source_id: int) -> bool:
    """Ask the feed's hub to tell us, when that is due. Enters by itself, and waits for the hub outside."""
    if not settings.WEBSUB_SUBSCRIBE:
        return False
    now = timezone.now()
    with entered(workspace_id):
        source = Source.objects.select_for_update().filter(pk=source_id, due_at__isnull=False).exclude(hub="").first()
        if source is None or (source.hub_asked_at and now - source.hub_asked_at < PATIENCE):
            return False
        if source.hub_state == Hub.ACTIVE and source.lease_until and source.lease_until - now > BEFORE:
            return False
        secret = _secret(source) or secrets.token_hex(32)
        source.hub_sealed = vault.seal(workspace_id, secret.encode(), context=_context(source))
        source.hub_asked_at = now
        source.hub_state = source.hub_state if source.hub_state == Hub.ACTIVE else Hub.ASKED
        source.save(update_fields=["hub_sealed", "hub_asked_at", "hub_state"])
    asked = {
        "hub.mode": "subscribe",
        "hub.topic": source.topic or source.address,
        "hub.callback": callback_of(source),
        "hub.lease_seconds": str(int(LEASE.total_seconds())),
        "hub.secret": secret,
    }
    try:
        post_form(source.hub, asked, reach=registry.reach())
    except NotFetched as error:
        logger.info("feed %s: its hub did not take our request: %s", source_id, error)
        return False
    return True


def callback_of(source: Source) -> str:
    """Where the hub finds us."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('smo:websub', args=[source.hub_token])}"


def source_at(token: str) -> tuple[int, int] | None:
    """(source id, workspace id) that a callback's address names, over all workspaces."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, workspace_id FROM source_of_hub(%s)", [token])
        row = cursor.fetchone()
    return (int(row[0]), int(row[1])) if row else None


def verified(token: str, *, mode: str, topic: str, lease: str) -> bool:
    """Whether we meant what the hub asks about: a subscription that we asked for, or the end of one we gave up."""
    found = source_at(token)
    if found is None:
        return False
    with entered(found[1]):
        source = Source.objects.select_for_update().get(pk=found[0])
        if topic != (source.topic or source.address):
            return False
        if mode == "unsubscribe":
            return source.due_at is None
        if mode == "denied":
            Source.objects.filter(pk=source.pk).update(hub_state=Hub.REFUSED, lease_until=None)
            return True
        if mode != "subscribe" or source.due_at is None or not source.hub_asked_at:
            return False
        seconds = int(lease) if lease.isdecimal() and len(lease) < 10 else int(LEASE.total_seconds())
        until = timezone.now() + min(timedelta(seconds=seconds), LONGEST_LEASE)
        Source.objects.filter(pk=source.pk).update(hub_state=Hub.ACTIVE, lease_until=until)
    return True


def told(token: str, *, body: bytes, signature: str) -> bool:
    """A hub says that the feed changed: look at it now. False: it is not signed with our secret, so it is nothing.

    What it sends along is not read: the feed itself says what is new.
    """
    found = source_at(token)
    if found is None:
        return False
    with entered(found[1]):
        source = Source.objects.get(pk=found[0])
        secret = _secret(source)
        name, _equals, given = signature.partition("=")
        if not secret or name.lower() not in DIGESTS:
            return False
        wanted = hmac.new(secret.encode(), body, DIGESTS[name.lower()]).hexdigest()
        if not hmac.compare_digest(wanted, given.strip().lower()):
            return False
        Source.objects.filter(pk=source.pk, due_at__isnull=False).update(due_at=timezone.now())
    return True


def host_of(source: Source) -> str:
    """The hub's name for a person."""
    return urlsplit(source.hub).hostname or ""


def _secret(source: Source) -> str:
    if not source.hub_sealed:
        return ""
    return vault.open_sealed(source.workspace_id, bytes(source.hub_sealed), context=_context(source)).decode()


def _context(source: Source) -> str:
    return f"websub:{source.pk}"
