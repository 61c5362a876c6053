"""Which publications carry a post: its channels', and what continues them."""

from __future__ import annotations

from django.db.models import QuerySet

from campaigns.models import Post, Variant
from publishing.models import Publication


def subjects_of(posts: QuerySet[Post]) -> list[str]:
    """The publications of `posts`, with their first comments and threads, as the chain of evidence names them."""
    found = set(Variant.objects.filter(post__in=posts, publication__isnull=False).values_list("publication", flat=True))
    newest = found
    while newest:
        newest = set(Publication.objects.filter(parent__in=newest).values_list("pk", flat=True)) - found
        found |= newest
    return [f"publication:{pk}" for pk in sorted(found)]
