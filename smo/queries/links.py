"""Reads about links: where they are made, which hosts are ours, which there are."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from smo.models import Domain, LinkSetting, TrackedLink, UtmPreset
from smo.protocol import Utm
from smo.rules.tags import filled


def main_domain() -> Domain | None:
    """The host that new links of the entered workspace are on; None: below the app's own."""
    found: Domain | None = Domain.objects.filter(main=True).first()
    return found


def tracks() -> bool:
    """Whether the entered workspace wants the addresses in its posts tracked."""
    return LinkSetting.objects.filter(track=True).exists()


def house_hosts() -> frozenset[str]:
    """The hosts of the app itself."""
    return frozenset(filter(None, [urlsplit(settings.PUBLIC_URL).hostname]))


def is_link_host(host: str) -> bool:
    """Whether some workspace's short links are on `host`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM link_host(%s)", [host])
        return cursor.fetchone() is not None


def preset_for(network: str, campaign: str = "") -> Utm:
    """The tags of the workspace's main preset on `network`; empty without a main preset."""
    preset = UtmPreset.objects.filter(main=True).first()
    return utm_of(preset, network=network, campaign=campaign) if preset else Utm()


def utm_of(preset: UtmPreset, *, network: str = "", campaign: str = "") -> Utm:
    """A preset's tags on one network."""
    tags = Utm(preset.source, preset.medium, preset.campaign, preset.term, preset.content)
    return filled(tags, preset.channels, network=network, campaign=campaign)


def links_of(*, post: int | None = None, campaign: int | None = None) -> list[TrackedLink]:
    """The links of a post, or of a campaign, newest first."""
    found = TrackedLink.objects.select_related("domain")
    found = found.filter(post=post) if post else found.filter(campaign=campaign)
    return list(found[:200])
