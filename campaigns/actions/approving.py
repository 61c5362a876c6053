"""Approving: somebody else looks before it goes out, and their word counts only for the post exactly as it was."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actions.placing import schedule
from campaigns.models import Approval, Post
from campaigns.protocol import NotPossible, NotReady, Obstacle
from campaigns.queries import fingerprint_of, told
from campaigns.rules import due_at
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member


def submit(post: Post, *, at: datetime, by: Member, zone: str = "") -> Post:
    """Ask for approval of the post as it is, to go out at the wall time `at` (naive). Raises NotReady, NotPossible."""
    if post.stage == Post.Stage.PLACED:
        raise NotPossible(_("It is scheduled already."))
    zone = zone or post.zone or post.workspace.zone
    if not post.variants.all():
        raise NotReady([Obstacle("accounts", _("Choose at least one channel."))])
    if due_at(at, zone) <= timezone.now():
        raise NotReady([Obstacle("time", _("That time is past. Choose a later one."))])
    post.local_at, post.zone, post.due_at = at, zone, due_at(at, zone)
    post.stage = Post.Stage.AWAITING_APPROVAL
    post.save(update_fields=["local_at", "zone", "due_at", "stage", "changed_at"])
    touch(post.workspace_id, "calendar")
    record(post.workspace_id, by=by, verb="submitted", thing=f"post:{post.pk}", fingerprint=fingerprint_of(post))
    return told(post.pk)


def approve(post: Post, *, by: Member, fingerprint: str, note: str = "") -> Post:
    """Say yes to the post with this `fingerprint` and place it at its time, if it has one.

    Raises NotPossible for one's own post, without the permission, or when the words changed meanwhile; NotReady when
    the gate stops it: the approval is kept all the same.
    """
    _decide(post, Approval.Choice.APPROVE, by=by, fingerprint=fingerprint, note=note)
    if post.stage != Post.Stage.AWAITING_APPROVAL:
        return told(post.pk)
    Post.objects.filter(pk=post.pk).update(stage=Post.Stage.DRAFT)
    post.stage = Post.Stage.DRAFT
    if post.local_at is None or post.due_at is None or post.due_at <= timezone.now():
        return told(post.pk)
    return schedule(post, at=post.local_at, zone=post.zone, by=by)


def ask_for_change(post: Post, *, by: Member, fingerprint: str, note: str) -> Post:
    """Give the post back with a word on what to change. Raises NotPossible like `approve`."""
    _decide(post, Approval.Choice.ASK, by=by, fingerprint=fingerprint, note=note)
    Post.objects.filter(pk=post.pk, stage=Post.Stage.AWAITING_APPROVAL).update(stage=Post.Stage.DRAFT)
    return told(post.pk)


def _decide(post: Post, choice: Approval.Choice, *, by: Member, fingerprint: str, note: str) -> None:
    if not by.may("approve_posts"):
        raise NotPossible(_("Your role may not approve posts."))
    if post.author_id == by.pk:
        raise NotPossible(_("You wrote it, so somebody else must approve it."))
    if fingerprint_of(post) != fingerprint:
        raise NotPossible(_("The post changed while you looked at it. Read it again."))
    Approval.objects.create(
        workspace_id=post.workspace_id,
        post=post,
        fingerprint=fingerprint,
        choice=choice,
        note=note.strip(),
        author_id=post.author_id,
        by=by,
    )
    touch(post.workspace_id, "calendar")
    record(by.workspace_id, by=by, verb=f"approval: {choice}", thing=f"post:{post.pk}", fingerprint=fingerprint)
