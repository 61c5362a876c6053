"""Making a short link that counts, and changing where it leads."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from smo.models import Domain, TargetChange, TrackedLink
from smo.protocol import NotTracked, Utm
from smo.queries.links import house_hosts, is_link_host, main_domain
from smo.rules.addresses import check_target, host_of, looks_suspicious
from smo.rules.codes import ALIAS, key_of, new_code
from smo.rules.tags import tagged
from workspaces.actions import record
from workspaces.live import touch
from workspaces.models import Member
from workspaces.tenancy import current_workspace_id

TOPIC = "window"
TRIES = 5


def shorten(
    url: str,
    *,
    by: Member | None,
    campaign: int | None = None,
    post: int | None = None,
    variant: int | None = None,
    network: str = "",
    utm: Utm | None = None,
    title: str = "",
    domain: Domain | None = None,
    alias: str = "",
    expires_at: datetime | None = None,
    expired_url: str = "",
) -> TrackedLink:
    """A short link to `url` with its tags, inside the entered workspace; `.short` is what people see.

    With a `post` or `variant` it is the same link each time for the same address on the same network, with the newest
    tags unless a person chose its target. `domain` None: the workspace's main one, else the app's own address. An
    `alias` needs a domain. Raises NotTracked: address, private, loop, long, taken.
    """
    url = checked(url)
    expired_url = checked(expired_url) if expired_url else ""
    target = tagged(url, utm or Utm())
    key = key_of(url, post=post, variant=variant, network=network) if post or variant else ""
    there = TrackedLink.objects.select_related("domain").filter(key=key).first() if key else None
    if there is not None:
        return _kept_up(there, target, utm, campaign, by=by)
    link = TrackedLink(
        workspace_id=current_workspace_id(),
        domain=domain or main_domain(),
        url=url,
        target=target,
        utm=utm.as_json() if utm else {},
        title=title[:200],
        key=key,
        campaign=campaign,
        post=post,
        variant=variant,
        network=network,
        expires_at=expires_at,
        expired_url=expired_url,
        flag=TrackedLink.Flag.LOOKS if looks_suspicious(url) else TrackedLink.Flag.NONE,
        made_by=by,
    )
    return _made(link, alias, by=by)


def checked(url: str) -> str:
    """`url` as a target may be. Raises NotTracked."""
    kept = check_target(url, ours=house_hosts(), private=settings.LINK_PRIVATE_HOSTS)
    if is_link_host(host_of(kept)):
        raise NotTracked("loop")
    return kept


def _made(link: TrackedLink, alias: str, *, by: Member | None) -> TrackedLink:
    if alias and (link.domain is None or not ALIAS.fullmatch(alias)):
        raise NotTracked("taken")
    for _try in range(1 if alias else TRIES):
        link.code = alias or new_code()
        try:
            with transaction.atomic():
                link.save(force_insert=True)
        except IntegrityError:
            if link.key and (there := TrackedLink.objects.select_related("domain").filter(key=link.key).first()):
                return there  # somebody sealed the same post at the same moment
            continue
        record(link.workspace_id, by=by, verb="shortened", thing=f"link:{link.pk}", target=link.target)
        touch(link.workspace_id, TOPIC)
        return link
    raise NotTracked("taken")


def _kept_up(
    link: TrackedLink, target: str, utm: Utm | None, campaign: int | None, *, by: Member | None
) -> TrackedLink:
    """The same link, with the tags and the campaign that its post has now."""
    if not link.edited and link.target != target:
        lead(link, target, by=by)
        link.utm = utm.as_json() if utm else {}
        link.save(update_fields=["utm", "changed_at"])
    if link.campaign != campaign:
        link.campaign = campaign
        link.save(update_fields=["campaign", "changed_at"])
    return link


def lead(link: TrackedLink, target: str, *, by: Member | None) -> TrackedLink:
    """Let the link lead to `target` from now on, and write down where it led."""
    if link.target == target:
        return link
    TargetChange.objects.create(
        workspace_id=link.workspace_id,
        link=link,
        before=link.target,
        after=target,
        by=by,
        by_name=str(by.user) if by else "Gardu",
    )
    link.target = target
    link.broken_since, link.broken_why, link.checked_at = None, "", None
    link.lands_on, link.doubts = "", 0
    if link.flag != TrackedLink.Flag.PERSON:
        link.flag = TrackedLink.Flag.LOOKS if looks_suspicious(target) else TrackedLink.Flag.NONE
    fields = ["target", "broken_since", "broken_why", "checked_at", "lands_on", "doubts", "flag", "changed_at"]
    link.save(update_fields=fields)
    record(link.workspace_id, by=by, verb="redirected", thing=f"link:{link.pk}", target=target)
    touch(link.workspace_id, TOPIC)
    return link
