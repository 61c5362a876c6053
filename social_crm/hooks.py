"""Where networks call us: verify, keep, commit, and only then say yes."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from networks import registry
from networks.models import Account
from networks.protocol import BadSignature, Delivery, Event, Listens
from networks.queries import accounts_by_uid
from social_crm.actions import keep
from social_crm.tasks import ingest
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def hook(request: HttpRequest, network: str) -> HttpResponse:
    """A network's handshake or delivery: 403 unsigned, 413 too large, 400 not understood, 503 cannot be kept."""
    if not registry.known(network):
        return HttpResponse(status=404)
    carrier = registry.get(network)
    if not isinstance(carrier, Listens):
        return HttpResponse(status=404)
    if int(request.headers.get("Content-Length") or 0) > settings.WEBHOOK_MAX_BYTES:
        return HttpResponse(status=413)
    try:
        delivery = _delivery(request)
    except (UnreadablePostError, RawPostDataException):
        return HttpResponse(status=400)
    try:
        answer = carrier.handshake(delivery)
        if answer is not None:
            kind = "application/json" if answer.startswith("{") else "text/plain"
            return HttpResponse(answer, content_type=kind)
        events = carrier.hear(delivery)
    except BadSignature:
        logger.warning("a delivery for %s was not signed with our secret", network)
        return HttpResponse(status=403)
    except ValueError as error:
        logger.warning("a signed delivery of %s was not understood: %s", network, error)
        return HttpResponse(status=400)
    try:
        _keep_all(network, events)
    except (DatabaseError, InterfaceError):
        logger.exception("a delivery of %s could not be kept; the network will send it again", network)
        return HttpResponse(status=503)
    return HttpResponse(status=200)


def _delivery(request: HttpRequest) -> Delivery:
    return Delivery(
        method=request.method or "POST",
        headers={name.lower(): value for name, value in request.headers.items()},
        query={name: request.GET[name] for name in request.GET},
        body=request.body,
    )


def _keep_all(network: str, events: list[Event]) -> None:
    """One row an event, in every workspace that has connected the account; a task for each new one."""
    by_account: dict[str, list[Event]] = {}
    for event in events:
        by_account.setdefault(event.account_uid, []).append(event)
    for uid, own in by_account.items():
        for account_id, workspace_id in accounts_by_uid(network, uid):
            with entered(workspace_id):
                for event_id in keep(Account.objects.get(pk=account_id), own):
                    ingest.delay_on_commit(  # type: ignore[attr-defined]  # celery.contrib.django.task, unknown to its stubs
                        workspace_id, event_id
                    )
