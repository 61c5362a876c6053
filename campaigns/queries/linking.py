"""Which addresses of a post become tracked links, with which tags, and what its text looks like with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from django.conf import settings

from campaigns.models import Post, Variant
from campaigns.queries.contents import content_of
from networks.protocol import Content
from smo.models import TrackedLink
from smo.models.links import PREFIX
from smo.protocol import NotTracked, Utm
from smo.queries.links import house_hosts, main_domain, preset_for, tracks
from smo.rules.addresses import check_target
from smo.rules.codes import LENGTH, key_of

ADDRESS = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
ENDINGS = ".,;:!?…'’*_~"
ADDRESSES = "addresses"
"""Where customs find the long addresses that short ones stand for."""

Find = Callable[[str], str]  # an address as written -> what stands in its place


@dataclass(frozen=True, slots=True)
class Linked:
    """A content with short links, and the long addresses that they stand for, tags and all."""

    content: Content
    addresses: tuple[str, ...] = ()

    def around(self, beside: dict[str, str]) -> dict[str, str]:
        """`beside`, and what customs read of the addresses: a short link hides nothing from them."""
        return {**beside, ADDRESSES: "\n".join(self.addresses)} if self.addresses else beside


def is_tracked(post: Post) -> bool:
    """Whether the post's addresses become tracked links: as the post says, else its campaign, else the workspace."""
    return tracked_unasked(post) if post.track_links is None else bool(post.track_links)


def tracked_unasked(post: Post | None) -> bool:
    """Whether addresses become tracked links where the post itself says nothing about it."""
    if post is not None and post.campaign is not None and post.campaign.track_links is not None:
        return bool(post.campaign.track_links)
    there = getattr(post, "workspace_tracks", None)  # as read with `told`
    return tracks() if there is None else bool(there)


def utm_for(variant: Variant) -> Utm:
    """The tags that an address carries on this channel: the campaign's, and the main preset's where it says nothing."""
    campaign, network = variant.post.campaign, variant.account.network
    if campaign is None:
        return preset_for(network)
    own = preset_for(network, campaign.tag)
    return replace(
        own,
        source=campaign.utm_source or own.source or network,
        medium=campaign.utm_medium or own.medium,
        campaign=campaign.tag,
    )


def addresses_in(text: str) -> Iterator[tuple[int, int]]:
    """Where `text` has addresses with http(s), without the full stop or bracket that ends the sentence."""
    for match in ADDRESS.finditer(text):
        url = match[0].rstrip(ENDINGS)
        while url and url[-1] in ")]}" and url.count(url[-1]) > url.count("([{"[")]}".index(url[-1])]):
            url = url[:-1].rstrip(ENDINGS)
        if len(url) > len("https://x"):
            yield match.start(), match.start() + len(url)


def with_links(content: Content, link: str, find: Find) -> Content:
    """`content` with what `find` gives for each address; `link` is the post's own one, before any tags."""
    pieces, at = [], 0
    for start, end in addresses_in(content.text):
        pieces += [content.text[at:start], find(content.text[start:end])]
        at = end
    text = "".join([*pieces, content.text[at:]])
    return replace(content, text=text, link=(find(link) if content.link else ""))


def shown_of(variant: Variant) -> Linked:
    """What readers would see once it is sealed; where a link is still to be made, one of the same length stands."""
    content, post = content_of(variant), variant.post
    if not is_tracked(post):
        return Linked(content)
    urls = dict.fromkeys([*_written(content), *([post.link] if content.link else [])])
    keys = {place_of(variant, url): url for url in urls}
    there = {keys[o.key]: o for o in TrackedLink.objects.filter(key__in=keys).select_related("domain")} if keys else {}
    stand_in = stand_in_link() if len(there) < len(urls) else ""
    addresses: list[str] = []

    def find(url: str) -> str:
        if url in there:
            addresses.append(there[url].target)
            return there[url].short
        if not may_be_tracked(url):
            return content.link if url == post.link and content.link else url
        addresses.append(url)
        return stand_in

    return Linked(with_links(content, post.link, find), tuple(addresses))


def stand_in_link() -> str:
    """A link of the workspace that nobody has made: as long as the next one will be."""
    domain = main_domain()
    base = f"https://{domain.host}/" if domain else f"{settings.PUBLIC_URL}{PREFIX}"
    return base + "newlink"[:LENGTH]


def place_of(variant: Variant, url: str) -> str:
    """The key of the link that `url` has on this channel of this post."""
    return key_of(url, post=variant.post_id, variant=variant.pk, network=variant.account.network)


def may_be_tracked(url: str) -> bool:
    """Whether a tracked link may lead to `url`, by its looks. No query."""
    try:
        check_target(url, ours=house_hosts(), private=settings.LINK_PRIVATE_HOSTS)
    except NotTracked:
        return False
    return True


def _written(content: Content) -> list[str]:
    return [content.text[start:end] for start, end in addresses_in(content.text)]
