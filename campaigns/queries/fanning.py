"""What tells of which article: the page's reads, and what the clock must look at."""

from __future__ import annotations

from django.db import connection

from campaigns.models import FanOut, Post, Variant
from networks import registry
from networks.models import Account
from networks.queries import usable_accounts


def fan_out_of(post: Post) -> FanOut | None:
    """The one that runs, else the newest undone one."""
    found = FanOut.objects.filter(post=post).select_related("variant__account", "by__user", "post")
    running: FanOut | None = found.exclude(state=FanOut.State.UNDONE).first()
    return running or found.order_by("-pk").first()


def article_of(post: Post) -> Variant | None:
    """The version that the others should lead to: the one on the channel with the most room for words."""
    variants = list(post.variants.all())
    return max(variants, key=lambda one: registry.get(one.account.network).limits.text, default=None)


def listeners(post: Post) -> list[Account]:
    """The accounts that can tell of it: connected, without a version of the article, and needing no video of it."""
    taken = {variant.account_id for variant in post.variants.all()}
    found = [account for account in usable_accounts() if account.pk not in taken]
    return [one for one in found if _takes_words_alone(one)]


def _takes_words_alone(account: Account) -> bool:
    limits = registry.get(account.network).limits
    return limits.media_required is None and not limits.title_required


def fan_outs_to_look_at(batch: int) -> list[tuple[int, int]]:
    """(fan-out id, workspace id) of what is due, over all workspaces."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, workspace_id FROM fan_outs_to_look_at(%s)", [batch])
        return [(int(row[0]), int(row[1])) for row in cursor.fetchall()]
