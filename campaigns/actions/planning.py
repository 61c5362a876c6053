"""Plans: looked at before anything happens, taken whole in one transaction, and undone in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import IO

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import wire
from campaigns.actions import placing, writing
from campaigns.actions.campaigning import campaign_named
from campaigns.actions.media import keep
from campaigns.models import MediaAsset, Plan, Post
from campaigns.protocol import Draft, NotPossible, NotReady, NotTaken, PlanRow, Version
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member

S = Plan.State
Opener = Callable[[str], AbstractContextManager[tuple[IO[bytes], str]]]
"""Opens a medium by its path as written in the plan: (file, name). Raises OSError when there is none."""

FETCH = {
    "address": gettext_lazy("is no web address"),
    "private": gettext_lazy("is not on the public internet"),
    "status": gettext_lazy("is not there"),
    "large": gettext_lazy("is too large"),
    "slow": gettext_lazy("took too long"),
    "unreachable": gettext_lazy("could not be reached"),
}


def preview(rows: Sequence[PlanRow], *, filename: str, by: Member | None, workspace_id: int) -> Plan:
    """Keep the rows for a look; nothing is imported yet."""
    plan: Plan = Plan.objects.create(
        workspace_id=workspace_id,
        filename=filename[:200],
        rows=[row.as_json() for row in rows],
        total=len(rows),
        uploaded_by=by,
    )
    return plan


def reject(plan: Plan, *, by: Member) -> Plan:
    """Say no: nothing of it is imported."""
    _step(plan, {S.PREVIEW}, S.CANCELLED)
    record(plan.workspace_id, by=by, verb="rejected plan", thing=f"plan:{plan.pk}", filename=plan.filename)
    return plan


def start(plan: Plan, *, by: Member) -> Plan:
    """Say yes: from now on it is being imported (`run` does it)."""
    _step(plan, {S.PREVIEW}, S.RUNNING)
    record(plan.workspace_id, by=by, verb="confirmed plan", thing=f"plan:{plan.pk}", rows=plan.total)
    return plan


def media_named(rows: Iterable[PlanRow]) -> dict[str, str]:
    """Every medium the rows name, with its alt text; the first one said counts."""
    named: dict[str, str] = {}
    for row in rows:
        for place, ref in enumerate(row.media):
            alt = row.alts[place] if place < len(row.alts) else ""
            named[ref] = named.get(ref) or alt
    return named


def gather(ref: str, *, alt: str, by: Member | None, workspace_id: int, opener: Opener) -> MediaAsset:
    """The asset for a path or an address of a plan. Raises NotTaken with the reason. The workspace must be entered."""
    if ref.startswith(("http://", "https://")):
        try:
            allowed = frozenset(settings.MEDIA_PRIVATE_HOSTS)
            with wire.fetched(ref, limit=settings.MEDIA_VIDEO_BYTES, allowed=allowed) as (file, name):
                return keep(file, filename=name, by=by, workspace_id=workspace_id, alt=alt)
        except wire.NotFetched as error:
            raise NotTaken(f"{ref} {FETCH[str(error)]}.") from error
    try:
        with opener(ref) as (file, name):
            return keep(file, filename=name, by=by, workspace_id=workspace_id, alt=alt)
    except OSError as error:
        there: MediaAsset | None = MediaAsset.objects.filter(filename=ref.replace("\\", "/").rsplit("/", 1)[-1]).first()
        if there is None:
            raise NotTaken(_("%(name)s is neither beside the plan nor in the library.") % {"name": ref}) from error
        return there


def place(
    plan: Plan,
    media: dict[str, MediaAsset | str],
    *,
    by: Member,
    now: datetime,
    heard: Callable[[int], None] = lambda done: None,
) -> Plan:
    """Import every row without an error: scheduled where the gate lets it, kept as a draft with the reason where not.

    One transaction (the caller's). `media` maps what the plan names to its asset, or to why there is none; `heard` is
    told after each row how many are done.
    """
    report = []
    for number, data in enumerate(plan.rows, start=1):
        row = PlanRow.from_json(data)
        reasons = list(row.errors) or _import(plan, row, media, by=by)
        if reasons:
            report.append({"line": row.line, "text": row.text[:80], "reasons": reasons, "skipped": bool(row.errors)})
        heard(number)
    plan.report, plan.done, plan.ended_at, plan.state = report, plan.total, now, S.IMPORTED
    plan.save(update_fields=["report", "done", "ended_at", "state"])
    touch(plan.workspace_id, "calendar")
    record(plan.workspace_id, by=by, verb="imported plan", thing=f"plan:{plan.pk}", rows=plan.total, told=len(report))
    return plan


def _import(plan: Plan, row: PlanRow, media: dict[str, MediaAsset | str], *, by: Member) -> list[str]:
    """One row as a post; the reasons why it stayed a draft, or none."""
    missing = [why for ref in row.media if isinstance(why := media[ref], str)]
    shown = tuple(asset.pk for ref in row.media if isinstance(asset := media[ref], MediaAsset))
    campaign = campaign_named(row.campaign, by=by, workspace_id=plan.workspace_id) if row.campaign else None
    given = Draft(
        text=row.text,
        title=row.title,
        link=row.link,
        language=row.language,
        campaign_id=campaign.pk if campaign else None,
        endorser_id=row.endorser_id,
        local_at=datetime.fromisoformat(row.local_at),
        zone=row.zone,
        media=shown,
        versions=tuple(
            Version(account, own_text=row.own.get(str(account)), first_comment=row.first_comment)
            for account in row.accounts
        ),
    )
    post = writing.draft(given, by=by)
    Post.objects.filter(pk=post.pk).update(plan=plan)
    if missing:
        return missing
    try:
        placed = placing.schedule(post, at=datetime.fromisoformat(row.local_at), zone=row.zone, by=by)
    except NotReady as refusal:
        return [f"{o.account}: {o.reason}" if o.account else o.reason for o in refusal.obstacles]
    return [_("An officer must look at it first.")] if placed.stage == Post.Stage.IN_REVIEW else []


def undo(plan: Plan, *, by: Member) -> int:
    """Take an imported plan back: what has not been sent is gone. Answers how many posts stay because they are live."""
    _step(plan, {S.IMPORTED}, S.UNDONE)
    stay = 0
    for post in Post.objects.filter(plan=plan).told():
        if not post.is_open:
            stay += 1
            continue
        placing.cancel(post, by=by)
        post.delete()
    touch(plan.workspace_id, "calendar")
    record(plan.workspace_id, by=by, verb="undid plan", thing=f"plan:{plan.pk}", stay=stay)
    return stay


def failed(plan: Plan, reason: str) -> Plan:
    """Nothing was imported; the page says why."""
    plan.state, plan.report, plan.ended_at = S.FAILED, [{"line": 0, "reasons": [reason]}], timezone.now()
    plan.save(update_fields=["state", "report", "ended_at"])
    return plan


def _step(plan: Plan, before: set[Plan.State], after: Plan.State) -> None:
    moved = Plan.objects.filter(pk=plan.pk, state__in=before).update(state=after)
    if not moved:
        raise NotPossible(_("The plan has been decided on already."))
    plan.state = after
