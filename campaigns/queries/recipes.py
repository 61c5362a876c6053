"""What a recipe makes of an item for each channel, and which recipes have something to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.formats import date_format
from django.utils.timezone import localtime

from campaigns.models import FeedPost, Post, Recipe
from campaigns.queries.desk import channels
from campaigns.rules.filling import cut, filled, hashtags
from networks import registry
from networks.models import Account
from smo.models import Item

SHORT_LINK = 40  # characters that a tracked link may take in the place of a shorter address
SUMMARY = 600


@dataclass(frozen=True, slots=True)
class Likeness:
    """What one channel would show: its text, its length by the network's own counting, and how much fits."""

    account: Account
    text: str
    title: str
    length: int
    limit: int


def recipes_with_news(batch: int) -> list[tuple[int, int]]:
    """(recipe id, workspace id) of recipes that are on and have items waiting, over all workspaces."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, workspace_id FROM recipes_with_news(%s)", [batch])
        return [(int(row[0]), int(row[1])) for row in cursor.fetchall()]


def feedable() -> list[Account]:
    """The channels that words alone can be posted to."""
    return [
        account
        for account in channels()
        if registry.known(account.network) and registry.get(account.network).limits.media_required is None
    ]


def values_of(item: Item, site: str) -> dict[str, str]:
    """What each variable says for `item`."""
    return {
        "title": item.title,
        "link": item.url,
        "summary": item.summary[:SUMMARY] if item.summary != item.title else "",
        "author": item.author,
        "tags": hashtags(item.tags),
        "site": site,
        "date": date_format(localtime(item.published_at), "j M Y"),
    }


def likeness(item: Item, account: Account, template: str, site: str) -> Likeness:
    """What `account` would show of `item`. Raises UnknownNetwork."""
    network = registry.get(account.network)
    limit, spare = network.limits.text, max(0, SHORT_LINK - len(item.url))
    text = filled(template, values_of(item, site), lambda words: network.count(words) + spare <= limit)
    title = cut(item.title, lambda words: len(words) <= network.limits.title) if network.limits.title else ""
    return Likeness(account, text, title, network.count(text), limit)


def likenesses(recipe: Recipe, item: Item) -> list[Likeness]:
    """What each of the recipe's channels would show."""
    wanted = set(recipe.accounts)
    return [
        likeness(item, account, recipe.own.get(str(account.pk)) or recipe.template, recipe.source.name)
        for account in feedable()
        if account.pk in wanted
    ]


def made_today(recipe: Recipe, zone: str, now: datetime) -> int:
    """How many were made of it on the wall's day in `zone`."""
    today = now.astimezone(ZoneInfo(zone)).date()
    begins = datetime.combine(today, time(), tzinfo=ZoneInfo(zone))
    return FeedPost.objects.filter(recipe=recipe, made_at__gte=begins).count()


def ideas() -> Sequence[Post]:
    """What might be written one day, the newest first."""
    found = Post.objects.filter(stage=Post.Stage.IDEA).select_related("campaign", "author__user", "from_feed__item")
    return list(found.order_by("-changed_at", "-pk")[:200])
