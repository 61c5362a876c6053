"""The brake as the desk knows it: for a campaign too, and posts move later with their publications."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from campaigns.actions.placing import move
from campaigns.models import Campaign, Post
from campaigns.protocol import NotPossible
from campaigns.queries import told
from campaigns.rules import wall_time
from networks.models import Account
from publishing import actions as post_office
from publishing.models import Brake
from publishing.protocol import NotPossible as TooLate
from publishing.protocol import Overtaken
from workspaces.live import touch
from workspaces.models import Member


def pull(what: Account | Campaign | None, *, by: Member, reason: str = "") -> None:
    """Stop a campaign, an account or (None) everything, at once. What is under way just now is finished."""
    match what:
        case Campaign():
            post_office.pause_lot(lot_of(what), name=what.name, by=by, reason=reason)
        case Account():
            post_office.pause_account(what, by=by, reason=reason)
        case None:
            post_office.pause_workspace(by.workspace, by=by, reason=reason)


@transaction.atomic
def let_go(brake: Brake, *, after: Brake.After, by: Member) -> list[str]:
    """Let it go; `after` says what becomes of what was due meanwhile. Answers why some could not be moved later."""
    stayed = _move_later(brake, by=by) if after == Brake.After.SHIFT else []
    match Brake.Scope(brake.scope):
        case Brake.Scope.LOT:
            post_office.resume_lot(brake.lot, by=by, after=after)
        case Brake.Scope.ACCOUNT:
            assert brake.account is not None  # the constraint says so
            post_office.resume_account(brake.account, by=by, after=after)
        case Brake.Scope.WORKSPACE:
            post_office.resume_workspace(by.workspace, by=by, after=after)
    touch(brake.workspace_id, "calendar")
    return stayed


def lot_of(campaign: Campaign) -> str:
    """The lot that the campaign's publications belong to."""
    return f"campaign:{campaign.pk}"


def _move_later(brake: Brake, *, by: Member) -> list[str]:
    """Everything that the brake stopped, as much later as it lasted."""
    lasted = timezone.now() - brake.since
    stopped = post_office.stopped_by(brake).filter(due_at__gte=brake.since, parent__isnull=True)
    stayed: list[str] = []
    posts = Post.objects.filter(variants__publication__in=stopped).distinct().values_list("pk", flat=True)
    for pk in list(posts):
        post = told(pk)
        assert post.due_at is not None  # it was placed
        at = wall_time(post.due_at + lasted, post.zone)
        try:
            with transaction.atomic():
                move(post, at=at, zone=post.zone, by=by, queued=post.queued)
        except (NotPossible, TooLate, Overtaken) as refusal:
            stayed.append(f"{post}: {refusal}")
    for publication in stopped.filter(variant__isnull=True):  # answers, which no post holds
        try:
            with transaction.atomic():
                post_office.reschedule(publication, due_at=publication.due_at + lasted, by=by)
        except (TooLate, Overtaken) as refusal:
            stayed.append(str(refusal))
    return stayed
