"""How a confirmed plan becomes posts: its media first, one by one, then all rows in one transaction.

rows with media ──> gather (fetch, clean, keep) ──> place (draft + the gate, row by row) ──> report
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.core.cache import cache
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actions import planning
from campaigns.models import MediaAsset, Plan
from campaigns.protocol import NotTaken, PlanRow
from workspaces.models import Member
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)
HOUR = 3600


def import_plan(plan_id: int, workspace_id: int, *, opener: planning.Opener | None = None) -> Plan | None:
    """Import the plan if it is running; None when it is not. Any failure leaves nothing behind but the media."""
    with entered(workspace_id):
        plan = Plan.objects.select_related("uploaded_by").filter(pk=plan_id, state=Plan.State.RUNNING).first()
    if plan is None or plan.uploaded_by is None:
        return None
    by = plan.uploaded_by
    try:
        return _import(plan, by, opener)
    finally:
        forget(plan)


def _import(plan: Plan, by: Member, opener: planning.Opener | None) -> Plan | None:
    plan_id, workspace_id = plan.pk, plan.workspace_id
    media = _media(plan, by, opener or beside(plan))
    try:
        with entered(workspace_id, user_id=by.user_id):
            plan = Plan.objects.select_for_update().get(pk=plan_id)
            if plan.state != Plan.State.RUNNING:
                return None
            return planning.place(plan, media, by=by, now=timezone.now(), heard=lambda done: tell(plan_id, done))
    except Exception:  # whatever goes wrong, the person must not wait for ever; the log has the rest
        logger.exception("plan %s was not imported", plan_id)
        with entered(workspace_id):
            return planning.failed(plan, _("Something went wrong on our side, and nothing was imported. Try again."))


def _media(plan: Plan, by: Member, opener: planning.Opener) -> dict[str, MediaAsset | str]:
    rows = [row for row in map(PlanRow.from_json, plan.rows) if not row.errors]
    found: dict[str, MediaAsset | str] = {}
    for ref, alt in planning.media_named(rows).items():
        try:
            with entered(plan.workspace_id, user_id=by.user_id):
                found[ref] = planning.gather(ref, alt=alt, by=by, workspace_id=plan.workspace_id, opener=opener)
        except NotTaken as refusal:
            found[ref] = str(refusal)
    return found


def folder(plan: Plan) -> str:
    """Where the media that were uploaded along with a plan wait for the person's word."""
    return f"w/{plan.workspace_id}/plans/{plan.pk}"


def beside(plan: Plan) -> planning.Opener:
    """Opens what was uploaded along with the plan, by its file name."""

    @contextmanager
    def opened(ref: str) -> Iterator[tuple[IO[bytes], str]]:
        name = ref.replace("\\", "/").rsplit("/", 1)[-1]
        with default_storage.open(f"{folder(plan)}/{name}") as file:
            yield file, name

    return opened


def forget(plan: Plan) -> None:
    """Delete what was uploaded along with a plan: by now it is in the library, or not wanted."""
    place = folder(plan)
    if not default_storage.exists(place):
        return
    for name in default_storage.listdir(place)[1]:
        default_storage.delete(f"{place}/{name}")
    default_storage.delete(place)


def tell(plan_id: int, done: int) -> None:
    """Let the page know how many rows are done: the transaction itself is not to be seen before its end."""
    cache.set(f"plan:{plan_id}", done, HOUR)


def heard(plan_id: int) -> int:
    """How many rows of a running plan are done."""
    return int(cache.get(f"plan:{plan_id}") or 0)
