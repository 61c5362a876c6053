"""What a post costs where a network charges for it, and what a campaign's posts cost together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from campaigns.models import Campaign, Post, Variant
from campaigns.queries.contents import comment_of, link_of, thread_of
from networks import registry
from networks.protocol import Fact
from networks.queries import limits_of
from publishing.models import Publication

ADDRESS = re.compile(r"https?://|\b[\w-]+\.(?:com|id|net|org|io|co|shop|app)\b", re.IGNORECASE)
P = Publication.State


@dataclass(frozen=True, slots=True)
class Price:
    """What one channel's version costs in US dollars: how many posts, how many of them with a link, and whence."""

    network: str
    name: str
    posts: int
    links: int
    dollars: float
    fact: Fact | None


def price_of(variant: Variant) -> Price | None:
    """The price of one version, its thread and its first comment; None where the network charges nothing."""
    limits = limits_of(variant.account.network)
    if not (limits.price_post or limits.price_link):
        return None
    texts = [f"{variant.text} {link_of(variant)}", *(part.text for part in thread_of(variant))]
    comment = comment_of(variant) if limits.answers_count else None
    texts += [comment.text] if comment else []
    links = sum(bool(ADDRESS.search(text)) for text in texts)
    dollars = links * (limits.price_link or limits.price_post) + (len(texts) - links) * limits.price_post
    network = registry.get(variant.account.network)
    return Price(network.slug, network.name, len(texts), links, round(dollars, 3), limits.facts.get("price_post"))


def prices_of(post: Post) -> list[Price]:
    """The post's price on each channel that has one."""
    return [price for variant in post.variants.all() if (price := price_of(variant))]


def dollars(prices: Iterable[Price]) -> float:
    """Their sum."""
    return round(sum(price.dollars for price in prices), 3)


def price_of_campaign(campaign: Campaign) -> tuple[float, float]:
    """(what its posts have cost, what those that are planned will cost) in US dollars. Three queries."""
    charged = [n.slug for n in registry.every() if limits_of(n.slug).price_post or limits_of(n.slug).price_link]
    found = Variant.objects.filter(post__campaign=campaign, account__network__in=charged)
    spent = planned = 0.0
    for variant in found.select_related("post__campaign", "account", "publication"):
        price = price_of(variant)
        state = variant.publication.state if variant.publication else ""
        if price and state in {P.PUBLISHED, P.DELETED_REMOTE}:
            spent += price.dollars
        elif price and state not in {P.CANCELLED, P.REFUSED, P.MISSED}:
            planned += price.dollars
    return round(spent, 3), round(planned, 3)
