"""What the composer's page shows: each channel with its own version, its switches, its media and its likeness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import MediaAsset, Post, Variant
from campaigns.queries import approval_of, campaigns, channels, comments_on, day, options_of
from campaigns.queries.besttime import best_time
from campaigns.queries.checking import Check, checks_of
from campaigns.queries.contents import threads_on
from campaigns.queries.linking import shown_of, stand_in_link, tracked_unasked
from campaigns.queries.prices import dollars, prices_of
from campaigns.queries.room import free_slots
from campaigns.rules import fitting, shifts, wall_time
from compliance.models import Endorser
from networks import registry
from networks.models import Account
from networks.protocol import Limits, Option
from networks.text import fold
from publishing.models import Publication
from workspaces.models import Member, Workspace

DELAYS = (
    (0, _("At once")),
    (10, _("10 minutes later")),
    (60, _("An hour later")),
    (180, _("3 hours later")),
    (1440, _("A day later")),
)
LANGUAGES = (("", "—"), ("id", "Bahasa Indonesia"), ("en", "English"))


@dataclass(frozen=True, slots=True)
class Switch:
    """One of a network's options with the value it has on this post."""

    option: Option
    value: str | bool

    @property
    def current(self) -> str | bool:
        return self.value or self.option.default


@dataclass(frozen=True, slots=True)
class Channel:
    """One account in the composer. `shown` are (asset, whether this channel shows it)."""

    account: Account
    limits: Limits
    chosen: bool = False
    variant: Variant | None = None
    switches: tuple[Switch, ...] = ()
    shown: tuple[tuple[MediaAsset, bool], ...] = ()

    @property
    def nets(self) -> list[str]:
        return [self.account.network]

    @property
    def takes_comment(self) -> bool:
        return comments_on(self.account)

    @property
    def own_text(self) -> str:
        return (self.variant.own_text or "") if self.variant else ""

    @property
    def own_title(self) -> str:
        return (self.variant.own_title or "") if self.variant else ""


@dataclass(slots=True)
class Likeness:
    """What a reader of one channel sees, ready for the network's own preview."""

    account: Account
    template: str
    title: str
    link: str
    before_fold: str
    after_fold: str
    publication: Publication | None = None
    tracked: tuple[str, ...] = ()  # the addresses that short links stand for
    media: list[dict[str, str]] = field(default_factory=list)


def channel_of(account: Account, variant: Variant | None, media: Sequence[MediaAsset]) -> Channel:
    """`account` as the composer shows it."""
    limits = registry.get(account.network).limits
    given = variant.options if variant else {}
    sealed = {asset.sealed: asset.pk for asset in media}
    default = [sealed[one] for one in fitting(list(sealed), limits)]
    shown = default if variant is None or variant.own_media is None else variant.own_media
    return Channel(
        account=account,
        limits=limits,
        chosen=variant is not None,
        variant=variant,
        switches=tuple(Switch(option, given.get(option.name, "")) for option in options_of(account)),
        shown=tuple((asset, asset.pk in shown) for asset in media),
    )


def composer(post: Post | None, *, member: Member, workspace: Workspace, at: datetime | None = None) -> dict[str, Any]:
    """Everything on the composer's page. Any: a template's context. About fifteen queries."""
    variants = {variant.account_id: variant for variant in post.variants.all()} if post else {}
    media = [place.asset for place in post.post_media.all()] if post else []
    found = [channel_of(account, variants.get(account.pk), media) for account in channels()]
    if post is None:
        found = _as_last_time(found, member)
    zone = (post.zone if post else "") or workspace.zone
    local = (post.local_at if post else at) or _next_hour(zone)
    chosen = [channel for channel in found if channel.chosen]
    return {
        "post": post,
        "channels": found,
        "chosen": chosen,
        "nets": list(dict.fromkeys(channel.account.network for channel in found)),
        "fold_net": chosen[0].account.network if chosen else "",
        "first_comment": next((v.first_comment for v in variants.values() if v.first_comment), ""),
        "approved": post is not None and approval_of(post) is not None,
        "media": media,
        "campaigns": campaigns(),
        "endorsers": list(Endorser.objects.order_by("name")),
        "languages": LANGUAGES,
        "link_length": len(stand_in_link()),
        "tracked_unasked": tracked_unasked(post),
        "zone": zone,
        "local_at": local,
        "shifted": shifts(local, zone),
        "day_posts": day(local, zone),
        "needs_approval": workspace.requires_approval,
        "can_schedule": member.may("schedule"),
        "parts": [*(post.thread if post else []), ""],
        "threads": any(threads_on(channel.account) for channel in found),
        "delays": DELAYS,
        "best": best_time([channel.account for channel in chosen]),
        "free": free_slots([channel.account for channel in chosen], many=3),
        **side(post),
    }


def side(post: Post | None, shown: str = "") -> dict[str, Any]:
    """The right-hand pane: a likeness for each channel and the list of checks. Any: a template's context."""
    if post is None:
        return {"likenesses": [], "checks": [], "must_fix": 0, "segments": [], "prices": [], "overall": "pass"}
    checks = checks_of(post)
    likenesses = [likeness(variant) for variant in post.variants.all()]
    return {
        "post": post,
        "likenesses": likenesses,
        "shown": shown or (str(likenesses[0].account.pk) if likenesses else ""),
        "checks": checks,
        "must_fix": sum(check.status == "must_fix" for check in checks),
        "segments": segments(checks, len(likenesses)),
        "prices": (prices := prices_of(post)),
        "dollars": dollars(prices),
        "overall": next((check.status for check in checks if check.status != "info"), "pass"),
    }


def segments(checks: Sequence[Check], channels: int) -> list[str]:
    """The bar above the list: one piece for each finding, and one for each channel with none."""
    clean = channels - len({pk for check in checks for pk in check.account_ids if check.status != "info"})
    return [check.status for check in checks if check.status != "info"] + ["pass"] * clean


def likeness(variant: Variant) -> Likeness:
    """What a reader of this channel sees, cut where the network cuts."""
    shown = shown_of(variant)
    content = shown.content
    limits = registry.get(variant.account.network).limits
    before = fold(content.text, limits)
    assets = {place.asset.file.name: place.asset for place in variant.post.post_media.all()}
    return Likeness(
        account=variant.account,
        template=_preview_of(variant.account.network),
        title=content.title,
        link=content.link,
        before_fold=before,
        after_fold=content.text[len(before) :],
        publication=variant.publication,
        tracked=shown.addresses,
        media=[
            {"url": address_of(assets[one.key]), "alt": one.alt, "kind": str(one.kind)}
            for one in content.media
            if one.key in assets
        ],
    )


def address_of(asset: MediaAsset, which: str = "file") -> str:
    """Where a member of the workspace sees the asset; `which`: file or small."""
    return reverse("campaigns:media_file", args=[asset.workspace.slug, asset.pk, which])


def _preview_of(slug: str) -> str:
    path = registry.folder(slug) / "preview.html"
    return f"{path.parent.name}/preview.html" if path.exists() else "campaigns/_preview.html"


def _as_last_time(found: list[Channel], member: Member) -> list[Channel]:
    """A new post starts with the channels of the author's last one; the first post with those that take a text."""
    last = Post.objects.filter(author=member).order_by("-id").first()
    used = set(last.variants.values_list("account_id", flat=True)) if last else set()
    return [replace(one, chosen=one.account.pk in used if used else one.limits.media_required is None) for one in found]


def _next_hour(zone: str) -> datetime:
    """The next full hour that is at least half an hour away; naive."""
    later = wall_time(timezone.now() + timedelta(minutes=90), zone)
    return later.replace(minute=0, second=0, microsecond=0)
