"""What stands on the public web, read for us: pages and feeds, never from inside our own house."""

from networks.fetch.client import HTML, JSON, XML, Fetched, NotFetched, fetch
from networks.fetch.discovery import Named
from networks.fetch.feeds import Entry, Feed, feeds_at, read_feed
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
    "decoded",
    "feeds_at",
    "fetch",
    "post_form",
    "read_feed",
    "read_page",
]
