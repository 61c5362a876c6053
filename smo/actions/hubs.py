"""The hub is told when a feed of ours changed, again and again until it hears it; no post ever waits for that."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from networks import registry
from networks.fetch import NotFetched, post_form
from smo.models import Feed
from smo.queries.out import addresses_of, channel_of, print_of
from workspaces.live import touch
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600))
UNDER_WAY = timedelta(minutes=2)  # a teller that died is followed by the next one


def tell_hub(feed_id: int, workspace_id: int) -> bool:
    """Tell the hub of one feed if something in it changed. Enters by itself, and waits for the hub outside."""
    now = timezone.now()
    with entered(workspace_id):
        feed = Feed.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=feed_id, is_open=True).first()
        if feed is None or (feed.tell_at and feed.tell_at > now):
            return False
        fresh = print_of(channel_of(feed))
        if fresh == feed.told_print:
            Feed.objects.filter(pk=feed.pk).update(told_at=now, tell_at=None)
            return False
        Feed.objects.filter(pk=feed.pk).update(tell_at=now + UNDER_WAY)
    try:
        for address in addresses_of(feed).values():
            post_form(settings.WEBSUB_HUB, {"hub.mode": "publish", "hub.url": address}, reach=registry.reach())
    except NotFetched as error:
        logger.info("feed %s: the hub could not be told: %s", feed_id, error)
        _failed(feed, fresh, error)
        return False
    with entered(workspace_id):
        Feed.objects.filter(pk=feed_id).update(told_print=fresh, told_at=now, tell_at=None, failures=0, trouble="")
    return True


def _failed(feed: Feed, fresh: str, error: NotFetched) -> None:
    """Later again; after the last pause only what changes next is told."""
    pause = PAUSES[feed.failures : feed.failures + 1]
    with entered(feed.workspace_id):
        if pause:
            wait = max(pause[0], min(error.after or timedelta(), timedelta(hours=6)))
            told = {"failures": feed.failures + 1, "tell_at": timezone.now() + wait}
        else:
            told = {"failures": 0, "tell_at": None, "told_print": fresh, "told_at": timezone.now()}
        Feed.objects.filter(pk=feed.pk).update(trouble=str(error)[:300], **told)
        touch(feed.workspace_id, "feeds")
