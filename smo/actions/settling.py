"""What people decide about links: the usual tags, whether posts are tracked, an end, a flag, the sites that tell."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from smo.actions.links import TOPIC, checked, lead
from smo.models import LinkSetting, Site, TrackedLink, UtmPreset
from smo.protocol import NotTracked
from smo.rules.addresses import host_of
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member


def track_posts(track: bool, *, by: Member) -> None:
    """Whether the addresses in posts become tracked links where nobody says otherwise."""
    LinkSetting.objects.update_or_create(defaults={"track": track}, workspace_id=by.workspace_id)
    record(by.workspace_id, by=by, verb="set_tracking", thing="links", track=track)


def keep_preset(preset: UtmPreset, *, by: Member) -> UtmPreset:
    """Save a preset; at most one is the main one. Raises IntegrityError for a name that is there."""
    with transaction.atomic():
        if preset.main:
            UtmPreset.objects.exclude(pk=preset.pk).filter(main=True).update(main=False)
        preset.save()
    record(by.workspace_id, by=by, verb="kept_preset", thing=f"preset:{preset.pk}", name=preset.name)
    return preset


def drop_preset(preset: UtmPreset, *, by: Member) -> None:
    """Links that took it keep their tags."""
    number = preset.pk
    preset.delete()
    record(by.workspace_id, by=by, verb="dropped_preset", thing=f"preset:{number}")


def change_link(
    link: TrackedLink, *, target: str, title: str, expires_at: datetime | None, expired_url: str, by: Member
) -> TrackedLink:
    """Change where a link leads, until when, and what it is called. Raises NotTracked."""
    target, expired_url = checked(target), checked(expired_url) if expired_url else ""
    if target != link.target:
        link.edited = True
        lead(link, target, by=by)
    link.title, link.expires_at, link.expired_url = title, expires_at, expired_url
    link.save(update_fields=["title", "expires_at", "expired_url", "edited", "changed_at"])
    record(link.workspace_id, by=by, verb="changed_link", thing=f"link:{link.pk}", expires_at=expires_at)
    touch(link.workspace_id, TOPIC)
    return link


def flag(link: TrackedLink, *, on: bool, by: Member) -> TrackedLink:
    """Ask visitors first, or let them through from now on."""
    link.flag = TrackedLink.Flag.PERSON if on else TrackedLink.Flag.CLEARED
    link.save(update_fields=["flag", "changed_at"])
    record(link.workspace_id, by=by, verb="flagged_link" if on else "cleared_link", thing=f"link:{link.pk}")
    touch(link.workspace_id, TOPIC)
    return link


def archive(link: TrackedLink, *, away: bool, by: Member) -> TrackedLink:
    """Take a link off the list, or put it back; it leads where it led either way."""
    link.archived = away
    link.save(update_fields=["archived", "changed_at"])
    record(link.workspace_id, by=by, verb="archived_link" if away else "restored_link", thing=f"link:{link.pk}")
    touch(link.workspace_id, TOPIC)
    return link


def add_site(address: str, *, by: Member) -> Site:
    """A site that may tell of visits. Safe to call twice. Raises NotTracked (address)."""
    host = host_of(address if "://" in address else f"https://{address}").removeprefix("www.")
    if not host or ("." not in host and host != "localhost"):
        raise NotTracked("address")
    site, made = Site.objects.get_or_create(host=host, defaults={"key": secrets.token_urlsafe(12), "added_by": by})
    if made:
        record(by.workspace_id, by=by, verb="added_site", thing=f"site:{site.pk}", host=host)
    return site


def pause_site(site: Site, *, paused: bool, by: Member) -> Site:
    """Hear no more of a site, or again."""
    site.paused = paused
    site.save(update_fields=["paused"])
    record(by.workspace_id, by=by, verb="paused_site" if paused else "resumed_site", thing=f"site:{site.pk}")
    return site
