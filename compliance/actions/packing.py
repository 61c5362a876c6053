"""Asking for an evidence pack, and writing down how the making of it ended."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import IO
from uuid import uuid4

from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from compliance.actions.sealing import Sealing, seal
from compliance.models import Evidence, Pack
from compliance.queries.packing import publications_in
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member
from workspaces.tenancy import current_workspace_id

PACKS = "packs"
State = Pack.State


class NothingSealed(Exception):
    """There is no sealed publication in what the pack asks for; the text is for the person."""


def ask_pack(
    *,
    title: str,
    by: Member | None,
    subjects: Collection[str] = (),
    endorser: int | None = None,
    since: date | None = None,
    until: date | None = None,
    language: str = "",
) -> Pack:
    """A pack that waits to be made (`compliance.tasks.make_pack`). `subjects`: like ["publication:7"].

    Raises NothingSealed when no publication in that scope is in the chain.
    """
    pack = Pack(
        workspace_id=current_workspace_id(),
        title=title[:200],
        subjects=sorted(set(subjects)),
        endorser_number=endorser,
        since=since,
        until=until,
        language=language or get_language() or "en",
        asked_by=by,
        asked_by_name=str(by.user) if by else "Gardu",
    )
    pack.total = publications_in(pack).count()
    if not pack.total:
        raise NothingSealed(_("Nothing that was published is sealed in there yet."))
    with transaction.atomic():
        pack.save()
        record(pack.workspace_id, by=by, verb="asked_pack", thing=f"pack:{pack.pk}", title=pack.title)
    return pack


def take_pack(pack_id: int) -> Pack | None:
    """The pack, ours to make; None when somebody else makes it or it is ready. One whose maker died is taken again."""
    stale = Q(state=State.RUNNING, ended_at__lt=timezone.now() - timedelta(minutes=10))
    waiting = Q(state__in=[State.WAITING, State.FAILED]) | stale
    mine = Pack.objects.filter(waiting, pk=pack_id).update(
        state=State.RUNNING, done=0, problem="", ended_at=timezone.now()
    )
    return Pack.objects.get(pk=pack_id) if mine else None


def tell_pack(pack: Pack, done: int) -> None:
    """Let the page know how far it is; `ended_at` is the sign of life meanwhile."""
    Pack.objects.filter(pk=pack.pk, state=State.RUNNING).update(done=done, ended_at=timezone.now())
    touch(pack.workspace_id, PACKS)


def keep_pack(pack: Pack, file: IO[bytes], *, sha256: str, size: int) -> Pack:
    """Put the finished file away and seal its digest into the chain, so that a pack proves itself as well."""
    with transaction.atomic():
        key = f"w/{pack.workspace_id}/packs/{uuid4().hex}.zip"
        pack.file = pack.file.storage.save(key, File(file))
        pack.state, pack.sha256, pack.size, pack.ended_at = State.READY, sha256, size, timezone.now()
        pack.done = pack.total
        pack.save(update_fields=["file", "state", "sha256", "size", "ended_at", "done"])
        facts = {"pack": pack.pk, "title": pack.title, "sha256": sha256, "size": size, "through": pack.through}
        seal(Sealing(Evidence.Kind.PACK, f"pack:{pack.pk}", facts, endorser=pack.endorser_number))
        record(pack.workspace_id, by=None, verb="made_pack", thing=f"pack:{pack.pk}", sha256=sha256, size=size)
    touch(pack.workspace_id, PACKS)
    return pack


def fail_pack(pack: Pack, problem: str) -> Pack:
    """It could not be made; `problem` is for the person."""
    pack.state, pack.problem, pack.ended_at = State.FAILED, problem, timezone.now()
    pack.save(update_fields=["state", "problem", "ended_at"])
    touch(pack.workspace_id, PACKS)
    return pack
