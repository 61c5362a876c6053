"""What each channel of a post would show, what it is judged by, and whose word clears it."""

from __future__ import annotations

from campaigns.models import Approval, Campaign, Post, Variant
from campaigns.protocol import Draft, Version
from campaigns.rules import fitting, option_values, print_of, tagged
from compliance.protocol import IN_VIDEO_OPTION
from networks import registry
from networks.models import Account
from networks.protocol import Content, Media, Offers, Option, Replies, TargetKind
from workspaces.models import Workspace


def media_of(variant: Variant) -> tuple[Media, ...]:
    """The media `variant` shows, in order: what the author chose for it, else what its network takes."""
    shared = [(place.asset_id, place.asset.sealed) for place in variant.post.post_media.all()]
    if variant.own_media is not None:
        chosen = dict(shared)
        return tuple(chosen[asset_id] for asset_id in variant.own_media if asset_id in chosen)
    return fitting([media for _, media in shared], registry.get(variant.account.network).limits)


def link_of(variant: Variant) -> str:
    """The post's link, tagged for this account's network when the post belongs to a campaign."""
    post = variant.post
    campaign: Campaign | None = post.campaign
    if not post.link or campaign is None:
        return str(post.link)
    return tagged(
        post.link,
        source=campaign.utm_source or variant.account.network,
        medium=campaign.utm_medium,
        campaign=campaign.tag,
    )


def content_of(variant: Variant) -> Content:
    """What this account's readers would see, ready to be sealed. No query when the post was read with `told()`."""
    limits = registry.get(variant.account.network).limits
    return Content(
        text=variant.text,
        title=variant.title if limits.title else "",
        link=link_of(variant),
        language=variant.post.language,
        media=media_of(variant),
        options=option_values(variant.options),
    )


def comment_of(variant: Variant) -> Content | None:
    """The first comment below this account's post; None without words, or where the network takes none."""
    text = variant.first_comment.strip()
    return Content(text=text, language=variant.post.language) if text and comments_on(variant.account) else None


def thread_of(variant: Variant) -> list[Content]:
    """What continues the post on this account, part by part; empty where its network has no threads."""
    if not threads_on(variant.account):
        return []
    return [Content(text=part, language=variant.post.language) for part in variant.post.thread]


def threads_on(account: Account) -> bool:
    """Whether a post can be continued there, part below part."""
    network = registry.get(account.network)
    return isinstance(network, Replies) and TargetKind.THREAD in network.answers


def comments_on(account: Account) -> bool:
    """Whether we may comment below our own posts there."""
    network = registry.get(account.network)
    return isinstance(network, Replies) and TargetKind.COMMENT in network.answers


def fingerprint_of(post: Post) -> str:
    """The fingerprint an approval is bound to: everything every account would show."""
    after = "\0".join(post.thread)
    return print_of(
        (v.account_id, content_of(v), "\0".join(filter(None, [v.first_comment.strip(), after])))
        for v in post.variants.all()
    )


def told(post_id: int) -> Post:
    """One post with all a page shows of it. Raises Post.DoesNotExist."""
    post: Post = Post.objects.all().told().get(pk=post_id)
    for variant in post.variants.all():
        variant.post = post
    return post


def approval_of(post: Post) -> Approval | None:
    """The word that clears the post exactly as it is now, or None."""
    newest: Approval | None = (
        post.approvals.filter(fingerprint=fingerprint_of(post)).order_by("-decided_at", "-id").first()
    )
    return newest if newest is not None and newest.choice == Approval.Choice.APPROVE else None


def wants_approval(workspace: Workspace, post: Post) -> bool:
    """Whether the post must still be approved before it may go out."""
    return workspace.requires_approval and approval_of(post) is None


def brands_of(post: Post) -> list[str]:
    """Whose product the post praises, as its campaign says; empty: every brand the endorser is tied to."""
    return [post.campaign.brand] if post.campaign and post.campaign.brand else []


def lot_of(post: Post) -> str:
    """The lot that the post's publications belong to: its campaign's, so that the campaign can be paused whole."""
    return f"campaign:{post.campaign_id}" if post.campaign_id else ""


def around_of(variant: Variant) -> dict[str, str]:
    """What readers find beside the content: customs read it, too."""
    comment, beside = comment_of(variant), _typed(variant)
    found = {"first_comment": comment.text if comment else "", "link_preview": beside}
    return {name: words for name, words in found.items() if words}


def _typed(variant: Variant) -> str:
    """What the author typed into the network's own fields, such as an excerpt: lists and previews show it."""
    fields = (option.name for option in options_of(variant.account) if option.longest)
    return "\n".join(str(variant.options[name]) for name in fields if variant.options.get(name))


def options_of(account: Account) -> tuple[Option, ...]:
    """The switches the account's network has of its own, and what customs ask about a video."""
    network = registry.get(account.network)
    own = network.options if isinstance(network, Offers) else ()
    return (*own, IN_VIDEO_OPTION) if network.limits.videos else own


def draft_of(post: Post) -> Draft:
    """The post as a draft that `save` takes."""
    return Draft(
        text=post.text,
        title=post.title,
        link=post.link,
        language=post.language,
        campaign_id=post.campaign_id,
        endorser_id=post.endorser_id,
        local_at=post.local_at,
        zone=post.zone or post.workspace.zone,
        media=tuple(place.asset_id for place in post.post_media.all()),
        versions=tuple(_version_of(variant) for variant in post.variants.all()),
        thread=tuple(post.thread),
        comment_minutes=post.comment_minutes,
        track_links=post.track_links,
        idea=post.stage == Post.Stage.IDEA,
    )


def _version_of(variant: Variant) -> Version:
    return Version(
        account_id=variant.account_id,
        own_text=variant.own_text,
        own_title=variant.own_title,
        own_media=None if variant.own_media is None else tuple(variant.own_media),
        options=variant.options,
        first_comment=variant.first_comment,
    )
