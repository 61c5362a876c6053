"""Sealing with tracked links: the author's text keeps its addresses, what goes out carries short ones that count."""

from __future__ import annotations

from campaigns.models import Variant
from campaigns.queries import comment_of, content_of, thread_of
from campaigns.queries.linking import Linked, is_tracked, utm_for, with_links
from networks.protocol import Content
from smo.actions import shorten
from smo.protocol import NotTracked
from workspaces.models import Member


def sealed_of(variant: Variant, *, by: Member | None) -> Linked:
    """What is sealed for this channel. The same address in the same place gets the same link each time."""
    return linked(variant, content_of(variant), by=by)


def comment_sealed(variant: Variant, *, by: Member | None) -> Linked | None:
    """The first comment as it is sealed, or None."""
    comment = comment_of(variant)
    return linked(variant, comment, by=by) if comment is not None else None


def thread_sealed(variant: Variant, *, by: Member | None) -> list[Linked]:
    """The thread's parts as they are sealed."""
    return [linked(variant, part, by=by) for part in thread_of(variant)]


def linked(variant: Variant, content: Content, *, by: Member | None) -> Linked:
    """`content` with a tracked link for each address that may have one; the others stay as they were written."""
    post = variant.post
    if not is_tracked(post):
        return Linked(content)
    utm, addresses = utm_for(variant), list[str]()

    def find(url: str) -> str:
        try:
            link = shorten(
                url,
                by=by,
                campaign=post.campaign_id,
                post=post.pk,
                variant=variant.pk,
                network=variant.account.network,
                utm=utm,
                title=str(post),
            )
        except NotTracked:
            return content.link if url == post.link and content.link else url
        addresses.append(link.target)
        return link.short

    return Linked(with_links(content, post.link, find), tuple(addresses))
