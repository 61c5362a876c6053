"""How feeds are watched, top to bottom: find them from a page, look when it is their turn, let their hubs tell us.

source is due -> claimed -> its feed is read (no transaction) -> what is new is taken in -> its hub is asked, if any
"""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import gettext_noop

from networks import registry
from networks.fetch import Feed, Named, NotFetched, feeds_at, read_feed
from networks.protocol import NamesFeeds
from smo.actions import incoming
from smo.models import Source
from smo.pipeline import hubs
from workspaces.tenancy import entered

logger = logging.getLogger(__name__)
PUSHED_BYTES = 4 * 1024 * 1024  # what a hub may send along
GUESSES = ("/feed/", "/rss.xml", "/sitemap.xml")
WORDS = {
    "address": gettext_noop("That is not a web address."),
    "private": gettext_noop("That address is not on the public internet."),
    "status": gettext_noop("The site did not give it to us."),
    "kind": gettext_noop("There is no feed that we can read."),
    "hops": gettext_noop("The site sends us from one address to another without end."),
    "large": gettext_noop("It is larger than anything we read."),
    "many": gettext_noop("It holds more than any feed does."),
    "slow": gettext_noop("The site takes too long to answer."),
    "unsafe": gettext_noop("The feed brings declarations of its own, so we do not read it."),
    "broken": gettext_noop("We could not make sense of it."),
    "unreachable": gettext_noop("The site could not be reached."),
}


def why(word: str) -> str:
    """Why an address gave nothing, as a sentence to be translated."""
    return WORDS.get(word, WORDS["unreachable"])


def find(address: str) -> list[Named]:
    """The feeds that an address is or names, the likeliest first. Talks to the site. Raises NotFetched."""
    for network in registry.every():
        if isinstance(network, NamesFeeds) and (named := network.feed_of(address)):
            address = named
            break
    found = feeds_at(address, reach=registry.reach())
    return found or _guessed(address)


def _guessed(address: str) -> list[Named]:
    """Where a page names none: what such sites usually have."""
    parts = urlsplit(address)
    for path in GUESSES:
        guess = f"{parts.scheme}://{parts.netloc}{path}"
        try:
            feed = read_feed(guess, reach=registry.reach())
        except NotFetched:
            continue
        return [Named(guess, feed.title, feed.kind)]
    raise NotFetched("kind")


def look_at(workspace_id: int, source_id: int) -> int:
    """One look at one feed; how much was new. One that fails stops no other. Enters by itself."""
    now = timezone.now()
    with entered(workspace_id):
        source = incoming.claim(source_id, now)
    if source is None:
        return 0
    try:
        feed = _read(source)
    except NotFetched as error:
        with entered(workspace_id):
            incoming.failed(source, trouble=why(error.word), asked=error.after, gone=error.status == 410, now=now)
        return 0
    with entered(workspace_id):
        fresh = incoming.looked(source, feed, now=now)
    hubs.subscribe(workspace_id, source_id)
    return len(fresh)


def _read(source: Source) -> Feed:
    try:
        return read_feed(source.address, reach=registry.reach(), etag=source.etag, modified=source.modified)
    except NotFetched:
        raise
    except Exception as error:  # whatever a parser makes of what strangers write
        logger.exception("feed %s could not be understood", source.pk)
        raise NotFetched("broken") from error
