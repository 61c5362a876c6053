"""What stands on the public web, read for us: pages and feeds, never from inside our own house."""

<<<<<<< HEAD
from networks.fetch.client import HTML, JSON, XML, Fetched, NotFetched, fetch
from networks.fetch.feeds import Entry, Feed, read_feed
=======
from networks.fetch.client import Fetched, NotFetched, fetch
from networks.fetch.discovery import Named
from networks.fetch.feeds import Entry, Feed, feeds_at, read_feed
>>>>>>> 79f17f5 (Feeds of others are watched: found from a page, read in every kind, each article once, hubs believed when they sign)
from networks.fetch.hubs import post_form
from networks.fetch.pages import Page, canonical, decoded, read_page

__all__ = [
    "HTML",
    "JSON",
    "XML",
    "Entry",
    "Feed",
    "Fetched",
    "Named",
    "NotFetched",
    "Page",
    "canonical",
<<<<<<< HEAD
    "decoded",
=======
    "feeds_at",
>>>>>>> 79f17f5 (Feeds of others are watched: found from a page, read in every kind, each article once, hubs believed when they sign)
    "fetch",
    "post_form",
    "read_feed",
    "read_page",
]
