"""Which of a post's channels have said nearly the same lately, or will soon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from campaigns.models import Post, Variant
from campaigns.rules.likeness import closest
from publishing.models import Publication

P = Publication.State
LATELY = timedelta(days=60)
MOST = 1500  # texts compared with, the newest and those to come


@dataclass(frozen=True, slots=True)
class Repeat:
    """A version that says nearly what another publication of the same account says."""

    variant: Variant
    publication_id: int
    post_id: int | None
    due_at: datetime
    live: bool
    closeness: float  # 1: the same words

    @property
    def percent(self) -> int:
        return round(self.closeness * 100)


def repeats_of(post: Post) -> Iterator[Repeat]:
    """The closest text on each channel where one is too close. One query for all channels."""
    variants = [variant for variant in post.variants.all() if variant.text.strip()]
    others = _others(post, variants)
    for variant in variants:
        texts = others.get(variant.account_id, [])
        found = closest(variant.text, ((one[0], one[1]) for one in texts))
        if found is not None:
            key, close = found
            _pk, _text, due_at, state, post_id = next(one for one in texts if one[0] == key)
            yield Repeat(variant, key, post_id, due_at, state == P.PUBLISHED, close)


Other = tuple[int, str, datetime, str, int | None]


def _others(post: Post, variants: Iterable[Variant]) -> dict[int, list[Other]]:
    accounts = [variant.account_id for variant in variants]
    if not accounts:
        return {}
    found = Publication.objects.filter(
        account__in=accounts, due_at__gte=timezone.now() - LATELY, target_kind=""
    ).exclude(state__in=[P.CANCELLED, P.REFUSED, P.MISSED, P.DELETED_REMOTE])
    rows = (
        found.exclude(variant__post=post)
        .order_by("-due_at")
        .values_list("account_id", "pk", "content__text", "due_at", "state", "variant__post_id")
    )
    by_account: dict[int, list[Other]] = defaultdict(list)
    for account_id, pk, text, due_at, state, post_id in rows[:MOST]:
        by_account[account_id].append((pk, text or "", due_at, state, post_id))
    return by_account
