"""Asking an officer: what only a person may decide waits with compliance, and lapses when the words change."""

from __future__ import annotations

from django.urls import reverse

from campaigns.models import Post, Variant
from campaigns.queries import around_of, brands_of, content_of
from compliance.actions import lapse_cases, open_case
from compliance.models import Case, Verdict
from compliance.protocol import Outcome
from publishing.actions import clear
from publishing.protocol import NeedsReview
from workspaces.models import Member


def ask_officer(variant: Variant, *, by: Member | None) -> None:
    """Put one channel's version before an officer, when only an officer may decide on it. Safe to call twice."""
    post, content = variant.post, content_of(variant)
    try:
        clear(
            content,
            account=variant.account,
            endorser=post.speaks_for,
            brands=brands_of(post),
            around=around_of(variant),
        )
    except NeedsReview as reason:
        verdict_id = reason.verdict_id
    else:
        return
    open_case(
        Verdict.objects.get(pk=verdict_id or 0),
        content=content,
        key=key_of(variant),
        title=str(post),
        by=by,
        account_name=variant.account.name,
        due_at=post.due_at,
        author=post.author,
        endorser=post.speaks_for,
        link=reverse("campaigns:post", args=[post.workspace.slug, post.pk]),
    )


def stop_asking(post: Post) -> None:
    """Close what officers were asked about the post."""
    for variant in Variant.objects.filter(post=post):
        lapse_cases(key_of(variant))


def is_asked(post: Post) -> bool:
    """Whether an officer has not decided yet on one of its versions."""
    keys = [key_of(variant) for variant in post.variants.all()]
    return bool(Case.objects.filter(key__in=keys, status=Case.Status.OPEN).exists())


def needs_officer(verdict: Verdict | None) -> bool:
    """Whether the verdict leaves the decision to a person."""
    return verdict is not None and verdict.outcome == Outcome.REVIEW


def key_of(variant: Variant) -> str:
    """The name under which officers know this version."""
    return f"post:{variant.post_id}:{variant.account_id}"
