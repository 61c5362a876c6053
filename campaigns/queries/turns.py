"""Whose turn it is in a rotation: when each post last went out, and whether its networks take it again."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Max

from campaigns.models import Occurrence, Post, Series, Variant
from campaigns.rules.recurring import Used
from networks.queries import limits_of
from publishing.models import Publication


def turns_of(series: Series, posts: Sequence[Post]) -> list[Used]:
    """Each post with its last time, planned ones included. Three queries.

    A post may not come again when one of its networks takes the same words only once, or has refused a repetition.
    """
    seen = Occurrence.objects.filter(series=series, post__due_at__isnull=False)
    last = dict(seen.values_list("model_id").annotate(last=Max("post__due_at")).values_list("model_id", "last"))
    strict: set[int | None] = {
        post_id
        for post_id, network in Variant.objects.filter(post__in=list(posts)).values_list("post_id", "account__network")
        if not limits_of(network).takes_repeats
    }
    strict |= set(
        seen.filter(post__variants__publication__state=Publication.State.REFUSED).values_list("model_id", flat=True)
    )
    return [Used(post.pk, last.get(post.pk), again=post.pk not in strict) for post in posts]


def series_to_look_at(batch: int) -> list[tuple[int, int]]:
    """(series id, workspace id) of what the clock must look at, over all workspaces."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, workspace_id FROM series_to_look_at(%s)", [batch])
        return [(int(row[0]), int(row[1])) for row in cursor.fetchall()]
