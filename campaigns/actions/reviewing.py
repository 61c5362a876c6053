"""Asking an officer: what only a person may decide waits with compliance, and lapses when the words change."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.actions.linking import comment_sealed, sealed_of
from campaigns.models import Post, Variant
from campaigns.protocol import NotPossible
from campaigns.queries import around_of, brands_of, told
from campaigns.queries.linking import Linked
from compliance.actions import lapse_cases, open_case
from compliance.models import Verdict
from compliance.protocol import Outcome
from compliance.queries import awaits_officer
from networks.protocol import TargetKind
from publishing.actions import clear
from publishing.protocol import Blocked, NeedsReview
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member


def ask_officer(variant: Variant, *, by: Member | None, also_stopped: bool = False) -> int:
    """Put what only an officer may decide of one channel's version before one. Safe to call twice. How many cases.

    `also_stopped`: also what a rule stops, so that officers may consider an override.
    """
    post, asked = variant.post, 0
    for key, said, kind in _said_by(variant):
        verdict = _stopping(variant, said, kind, also_stopped=also_stopped)
        if verdict is None:
            continue
        asked += 1
        open_case(
            verdict,
            content=said.content,
            key=key,
            title=str(post),
            by=by,
            account_name=variant.account.name,
            due_at=post.due_at,
            author=post.author,
            endorser=post.speaks_for,
            link=reverse("campaigns:post", args=[post.workspace.slug, post.pk]),
        )
    return asked


def ask_about(post: Post, *, by: Member) -> Post:
    """Put a post that a rule stops before the officers. Raises NotPossible without a time, or when nothing stops it.

    It stays held: only an override by two officers lets it out.
    """
    if post.due_at is None or post.stage not in {Post.Stage.DRAFT, Post.Stage.LATE}:
        raise NotPossible(_("Give it a time first."))
    asked = sum(ask_officer(variant, by=by, also_stopped=True) for variant in post.variants.all())
    if not asked:
        raise NotPossible(_("No rule stops it: schedule it."))
    Post.objects.filter(pk=post.pk).update(stage=Post.Stage.IN_REVIEW)
    touch(post.workspace_id, "calendar")
    record(post.workspace_id, by=by, verb="asked_compliance", thing=f"post:{post.pk}", cases=asked)
    return told(post.pk)


def stop_asking(post: Post) -> None:
    """Close what officers were asked about the post."""
    for key in keys_of(post):
        lapse_cases(key)


def is_asked(post: Post) -> bool:
    """Whether an officer's word on one of its versions is still to come, or may still be undone."""
    return awaits_officer(keys_of(post))


def needs_officer(verdict: Verdict | None) -> bool:
    """Whether the verdict leaves the decision to a person."""
    return verdict is not None and verdict.outcome == Outcome.REVIEW


def key_of(variant: Variant) -> str:
    """The name under which officers know this version."""
    return f"post:{variant.post_id}:{variant.account_id}"


def keys_of(post: Post) -> list[str]:
    """The names of everything the post says: each version, and its first comment."""
    return [key for variant in post.variants.all() for key in (key_of(variant), f"{key_of(variant)}:comment")]


def _said_by(variant: Variant) -> Iterator[tuple[str, Linked, TargetKind | None]]:
    yield key_of(variant), sealed_of(variant, by=None), None
    comment = comment_sealed(variant, by=None)
    if comment is not None:
        yield f"{key_of(variant)}:comment", comment, TargetKind.COMMENT


def _stopping(variant: Variant, said: Linked, kind: TargetKind | None, *, also_stopped: bool) -> Verdict | None:
    post = variant.post
    try:
        clear(
            said.content,
            account=variant.account,
            endorser=post.speaks_for,
            kind=kind,
            brands=brands_of(post),
            around=said.around(around_of(variant) if kind is None else {}),
        )
    except NeedsReview as reason:
        stopped_by = reason.verdict_id
    except Blocked as reason:
        stopped_by = reason.verdict_id if also_stopped else None
    else:
        stopped_by = None
    return Verdict.objects.get(pk=stopped_by) if stopped_by else None
