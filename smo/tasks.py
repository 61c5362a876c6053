"""What the clock does for the shop window."""

from __future__ import annotations

from pathlib import Path

from celery import shared_task
from django.conf import settings

from smo.actions import checking, forgetting, taking
from smo.actions.hubs import tell_hub
from smo.actions.looking import ask_weekly
from smo.pipeline import incoming, pages
from smo.queries.incoming import feeds_to_look_at
from smo.queries.out import feeds_with_news
from smo.queries.pages import looks_left, pages_due, walks_left
from workspaces.tenancy import entered

BATCH = 100


@shared_task(name="watch.tell_hub", expires=15)
def tell_hubs() -> None:
    """One task for each open feed in which something changed."""
    if settings.WEBSUB_HUB:
        for feed_id, workspace_id in feeds_with_news(BATCH):
            tell_one_hub.apply_async((feed_id, workspace_id), expires=60)


@shared_task(name="watch.tell_one_hub", max_retries=0)
def tell_one_hub(feed_id: int, workspace_id: int) -> None:
    """Tell the hub of one feed; when this is lost, the next round finds it."""
    tell_hub(feed_id, workspace_id)


@shared_task(name="smo.take_clicks", expires=2)
def take_clicks() -> None:
    """Count what the web processes wrote down."""
    taking.take(Path(settings.CLICK_SPOOL))


@shared_task(name="smo.forget", expires=600)
def forget() -> None:
    """Throw away the salts and hashes of days that are over."""
    forgetting.forget(Path(settings.CLICK_SPOOL))


@shared_task(name="watch.check_targets", expires=300)
def check_targets() -> None:
    """Look at the targets that nobody looked at for a day."""
    checking.check_due()


@shared_task(name="watch.look_at_page", max_retries=0)
def look_at_page(workspace_id: int, look_id: int) -> None:
    """Check how a page looks when it is shared; when this is lost, the next round finds it."""
    pages.make_look(workspace_id, look_id)


@shared_task(name="watch.walk_site_map", max_retries=0)
def walk_site_map(workspace_id: int, walk_id: int) -> None:
    """Check the pages of a site map."""
    pages.make_walk(workspace_id, walk_id)


@shared_task(name="watch.check_pages", expires=120)
def check_pages() -> None:
    """The weekly looks that are due, and what workers that died left lying."""
    for page_id, workspace_id in pages_due(BATCH):
        with entered(workspace_id):
            ask_weekly(page_id)
    for look_id, workspace_id in looks_left(BATCH):
        look_at_page.apply_async((workspace_id, look_id), expires=300)
    for walk_id, workspace_id in walks_left(BATCH):
        walk_site_map.apply_async((workspace_id, walk_id), expires=300)


@shared_task(name="watch.sweep_feeds", expires=60)
def sweep_feeds() -> None:
    """One task for each feed whose turn it is; the rest comes next minute, every workspace in turn."""
    for source_id, workspace_id in feeds_to_look_at(BATCH):
        look_at_feed.apply_async((workspace_id, source_id), expires=120)


@shared_task(name="watch.look_at_feed", max_retries=0)
def look_at_feed(workspace_id: int, source_id: int) -> None:
    """See what is new in one feed."""
    incoming.look_at(workspace_id, source_id)
