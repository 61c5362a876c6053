"""What an officer's word does to a post: it is placed, given back, or held because its time passed meanwhile."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from campaigns.actions.placing import schedule
from campaigns.actions.reviewing import is_asked, keys_of
from campaigns.models import Post
from campaigns.protocol import NotReady
from campaigns.queries import told
from campaigns.rules import wall_time
from compliance.queries import decided_at, sent_back
from workspaces.actions import record
from workspaces.live import touch

Stage = Post.Stage
A_MOMENT = timedelta(minutes=2)  # for a decision just before the slot to take effect


def place_reviewed(post: Post, *, now: datetime) -> Post:
    """What an officer has approved goes out at its time; what one gave back is a draft. Safe to call at any time.

    A slot that passed before the officer decided is gone: the post is held, and never sent late unasked. One decided
    just before its slot goes out as soon as the decision is in effect.
    """
    if post.stage != Stage.IN_REVIEW or post.due_at is None or post.local_at is None:
        return post
    keys = keys_of(post)
    if is_asked(post):
        decided = decided_at(keys)
        in_time = decided is not None and decided <= post.due_at
        return post if now < post.due_at or in_time else _to(post, Stage.LATE)
    if sent_back(keys):
        return _to(post, Stage.DRAFT)
    decided = decided_at(keys)
    just_in_time = decided is not None and decided <= post.due_at and now - post.due_at < A_MOMENT
    if now > post.due_at and not just_in_time:
        return _to(post, Stage.LATE)
    at = wall_time(now, post.zone) if now > post.due_at else post.local_at
    with suppress(NotReady):
        return schedule(post, at=at, zone=post.zone, by=None)
    return _to(post, Stage.DRAFT)


def _to(post: Post, stage: Post.Stage) -> Post:
    if Post.objects.filter(pk=post.pk, stage=Stage.IN_REVIEW).update(stage=stage):
        touch(post.workspace_id, "calendar")
        record(
            post.workspace_id,
            by=None,
            verb="held_late" if stage == Stage.LATE else "given_back",
            thing=f"post:{post.pk}",
            due_at=post.due_at,
        )
    return told(post.pk)
